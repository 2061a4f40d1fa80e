"""Search: fetch all of a star's light curves, search them for transits, vet what is found, and store it.

A signal detected here is not a TOI: it is stored apart from them, and enters no count, score or export.
"""

from app_tess.archives.products import require_choice
from app_tess.astro.vetting.report import ephemeris_values
from app_tess.errors import MissingData
from app_tess.storage import searches, stars
from app_tess.storage.switching import current_load_id
from app_tess.tasks import measure_search, product_choice
from app_tess.tasks.measure_search import known_targets, listed_files
from app_tess.tasks.star_input import read_star

SEARCHING, STORING = 1, 2
"""Steps of a search beside its files: searching and vetting, and storing."""


def search_star(config, tic_id, report, mask="default", flux=None, mask_known=True):
    """Search a star for transits, vet and classify each signal, store them, and return the run's closing message.

    Parameters
    ----------
    tic_id : int
        A star in the database, with or without a TOI.
    mask, flux : str
        Names in archives.products; the flux is by default that of each file's kind.
    mask_known : bool
        Whether the transits of the star's TOIs are removed before the search.

    Raises
    ------
    MissingData
        There is no such star, or it has no light curve.
    NoUsableData
        Its light curves are too short to search, or have no usable cadence.
    InvalidInput
        There is no such mask or flux.
    ArchiveError, FileFormatError
        Its files cannot be fetched or read; the earlier search stays.
    OutdatedInput
        The catalogue was replaced meanwhile; the earlier search stays.
    """
    require_choice(mask, flux)
    load_id = current_load_id()
    star = read_star(stars.get_star(tic_id))
    n_files = len(product_choice.light_curve_products(star))
    total = n_files + STORING
    found, left_out = measure_search.read_files(
        config, star, lambda number, filename: report(number, total, f"fetching {filename}")
    )
    report(n_files, total, "searching for periodic signals")
    search, vetted = measure_search.measure(
        star, found, left_out, mask, flux, mask_known, lambda doing, is_last: report(n_files + is_last, total, doing)
    )
    message = f"Searched TIC {tic_id}: {describe(vetted)} in {len(found)} light curve(s)."
    report(total - 1, total, "storing the results")
    searches.record_search(search, vetted, load_id, message)
    return message


def why_outdated(search, detail):
    """Return in a sentence why a stored search no longer matches the catalogue; None where it does."""
    added = sorted(set(listed_files(detail)) - set(search.listed))
    if added:
        which = f"{len(added)} more light curve" + ("" if len(added) == 1 else "s")
        return f"The catalogue lists {which} since this search ({', '.join(added[:3])}{' ...' if added[3:] else ''})."
    before = {known["name"]: known for known in search.known}
    after = {target.label: ephemeris_values(target.ephemeris) for target in known_targets(detail)}
    changed = sorted(name for name in before.keys() | after.keys() if not _alike(before.get(name), after.get(name)))
    return f"The ephemeris of {', '.join(changed)} has changed since this search." if changed else None


def get_search(tic_id):
    """Return a star's stored search; MissingData where it has not been searched."""
    search = searches.search_of_star(tic_id)
    if search is None:
        raise MissingData(f"TIC {tic_id} has not been searched for transits yet.")
    return search


def as_json(search, detail):
    """Return a stored search as plain values for JSON."""
    return {
        "searched_at": search.searched_at.isoformat(),
        "what": "signals detected here; none of them is a TOI",
        "simulated": search.simulated,
        "outdated": why_outdated(search, detail),
        "masked_known": search.masked_known,
        "signals": [
            signal.measured
            | {
                "same_as": signal.same_as,
                "light_curve_class": signal.light_curve_class,
                "light_curve_pc": signal.light_curve_pc,
                "message": signal.message,
                "report": signal.report,
            }
            for signal in search.signals
        ],
        "rejected": search.rejected,
        "notes": search.notes,
        "provenance": search.provenance,
    }


def _alike(one, other):
    names = ("period_d", "epoch_btjd", "duration_h")
    return one is not None and other is not None and all(one[name] == other[name] for name in names)


def describe(rows):
    """Return how many signals were detected, in words."""
    periodic = sum(row["measured"]["period_d"] is not None for row in rows)
    single = len(rows) - periodic
    if not rows:
        return "no signal above the thresholds"
    return " and ".join(
        f"{number} {what}{'' if number == 1 else 's'}"
        for number, what in ((periodic, "periodic signal"), (single, "single transit"))
    )
