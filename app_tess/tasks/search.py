"""Search: fetch all of a star's light curves, search them for transits, vet what is found, and store it.

A signal detected here is not a TOI: it is stored apart from them, and enters no count, score or export.
"""

import dataclasses

from app_tess.archives.products import require_choice
from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.ephemeris_match import in_step
from app_tess.astro.identifiers import toi_name
from app_tess.astro.search import star as astro_search
from app_tess.astro.search.thinned import thin
from app_tess.astro.vetting import star as vetting
from app_tess.astro.vetting.measure import provenance_of_curve
from app_tess.astro.vetting.report import ephemeris_values
from app_tess.astro.vetting.star import Target
from app_tess.errors import AppTessError, MissingData
from app_tess.storage import searches, stars
from app_tess.storage.switching import current_load_id
from app_tess.tasks import product_choice, star_files, star_signals
from app_tess.tasks.judgement import judge
from app_tess.tasks.provenance import make_provenance, with_curve
from app_tess.tasks.vet import common_flux

PACKAGES = ("numpy", "scipy", "onnxruntime")
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
    detail = stars.get_star(tic_id)
    products = product_choice.light_curve_products(detail)
    total = len(products) + STORING
    found, left_out = _read_all(
        config, detail, products, lambda n: report(n, total, f"fetching {products[n].filename}")
    )
    curves, known = [file.curve for file in found], known_targets(detail)
    report(len(products), total, "searching for periodic signals")
    result = astro_search.search_star(
        curves,
        [target.ephemeris for target in known] if mask_known else (),
        mask,
        flux,
        progress=lambda doing: report(len(products), total, doing),
    )
    provenance = make_provenance(
        [(file.filename, file.sha256) for file in found],
        PACKAGES,
        left_out=left_out,
        mask=mask,
        settings=dataclasses.asdict(result.settings),
    )
    provenance = with_curve(provenance, provenance_of_curve(result.stitched) | {"flux": flux or common_flux(curves)})
    vetted = _vet(detail, curves, result.signals, known if mask_known else (), provenance, report, total)
    search = _row(detail, result, known, mask_known, provenance)
    message = f"Searched TIC {tic_id}: {_count(vetted)} in {len(found)} light curve(s)."
    report(total - 1, total, "storing the results")
    searches.record_search(search, vetted, load_id, message)
    return message


def _row(detail, result, known, mask_known, provenance):
    """Return the search as it is stored."""
    return {
        "tic_id": detail.tic_id,
        "notes": result.notes,
        "rejected": result.rejected,
        "periodogram": thin(result.periodogram, result.stitched.time_btjd),
        "known": [{"name": target.label} | ephemeris_values(target.ephemeris) for target in known],
        "masked_known": mask_known,
        "listed": listed_files(detail),
        "simulated": result.stitched.simulated,
        "provenance": provenance,
    }


def known_targets(detail):
    """Return a Target for each of the star's TOIs whose transits can be placed in time."""
    return [Target(toi_name(toi.toi), ephemeris, toi.depth_ppm) for toi, ephemeris in star_signals.placed_tois(detail)]


def listed_files(detail):
    """Return the names of the star's light-curve files that the catalogue lists and a search would use."""
    return [product.filename for product in product_choice.light_curve_products(detail)]


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


def _read_all(config, detail, products, progress):
    """Read every light curve; a file that is broken or missing is left out with a sentence."""
    found: dict[str, star_files.StarFile] = {}
    refusals: dict[str, AppTessError] = {}
    for number, product in enumerate(products):
        progress(number)
        star_files.read_some(config, [product], found, refusals, {})
    if not found:
        raise star_files.why_nothing_read(detail, refusals)
    left_out = [*map(str, refusals.values()), *product_choice.second_files(detail, products)]
    return list(found.values()), left_out


def _vet(detail, curves, signals, known, provenance, report, total):
    """Vet and classify each signal like a TOI; return the rows to store."""
    targets = [Target(signal_name(signal.number), signal.ephemeris, signal.depth_ppm) for signal in signals]
    results = vetting.vet_star(
        curves,
        targets,
        provenance["mask"],
        provenance["flux"],
        known=known,
        stellar_radius_rsun=detail.star.stellar_radius_rsun,
        density_solar=detail.star.density_solar,
        progress=lambda target: report(total - 1, total, f"vetting {target.label}"),
    )
    rows = []
    for signal, one in zip(signals, results, strict=True):
        row = {"number": signal.number, "measured": signal.as_dict(), "same_as": _same_as(signal, detail)}
        if one.report is None:
            rows.append(row | {"report": None, "message": str(one.refusal)})
            continue
        stored = one.report.as_dict()
        stored["judgement"], stored["judgement_message"] = judge(one.report, detail.star.tmag)
        stored["ephemeris_used"]["note"] = _of_the_search(stored["ephemeris_used"]["note"])
        del stored["provenance"]
        rows.append(row | {"report": stored, "message": None})
    return rows


def _of_the_search(note):
    """Return a note on an ephemeris in which the catalogue's values are those of the search."""
    return note.replace("The catalogue", "The search").replace("the catalogue", "the search")


def _same_as(signal, detail):
    """Return the name of the TOI with the signal's period, or half or twice it, and its transit times; or None."""
    for target in known_targets(detail):
        known = target.ephemeris
        if signal.is_single or known.period_d is None:
            if abs(float(known.from_transit(signal.epoch_btjd))) < signal.duration_h / HOURS_PER_DAY:
                return target.label
            continue
        error = known.error_at(signal.epoch_btjd) or 0.0
        for factor in (1.0, 0.5, 2.0):
            values = (factor * known.period_d, known.epoch_btjd, signal.duration_h / HOURS_PER_DAY, signal.period_d)
            if in_step(*values, signal.epoch_btjd, error):
                return target.label
    return None


def signal_name(number):
    """Return the name of a signal detected here."""
    return f"signal {number}"


def _count(rows):
    periodic = sum(row["measured"]["period_d"] is not None for row in rows)
    single = len(rows) - periodic
    if not rows:
        return "no signal above the thresholds"
    return " and ".join(
        f"{number} {what}{'' if number == 1 else 's'}"
        for number, what in ((periodic, "periodic signal"), (single, "single transit"))
    )
