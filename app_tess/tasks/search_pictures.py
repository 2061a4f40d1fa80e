"""Pictures of a stored search: its periodogram, and the fold of each signal, drawn from the files in its provenance."""

from dataclasses import replace

from app_tess.astro.search.signal import Signal
from app_tess.astro.stitching import stitch
from app_tess.astro.vetting.report import make_ephemeris
from app_tess.errors import MissingData
from app_tess.storage import stars
from app_tess.tasks.measure_search import signal_name
from app_tess.tasks.picture_cache import cached_picture, make_picture_provenance
from app_tess.tasks.product_choice import find_product
from app_tess.tasks.search import get_search
from app_tess.tasks.star_files import read_each


def periodogram_picture(config, tic_id, theme="light"):
    """Draw the periodogram of a star's stored search.

    Raises
    ------
    MissingData
        The star has not been searched.
    """
    from app_tess.plots.search import render_periodogram

    search = get_search(tic_id)

    def draw():
        return render_periodogram(
            search.periodogram,
            [(signal_name(one.number), one.period_d) for one in search.signals if one.period_d],
            [(known["name"], known["period_d"]) for known in search.known if known["period_d"]],
            f"TIC {tic_id}",
            search.provenance["settings"]["least_sde"],
            simulated=search.simulated,
            theme=theme,
        )

    return cached_picture(config, ("periodogram", tic_id, theme, search.searched_at.isoformat()), draw)


def signal_picture(config, tic_id, number, theme="light"):
    """Draw the light curve folded on a detected signal, or a single transit at its time.

    Raises
    ------
    MissingData
        There is no such signal, or a file in its provenance is gone or has changed.
    """
    from app_tess.plots.folded import render_folded

    search = get_search(tic_id)
    stored = next((one for one in search.signals if one.number == number), None)
    if stored is None:
        raise MissingData(f"The search of TIC {tic_id} found no signal {number}.")
    detail = stars.get_star(tic_id)

    def draw():
        files = read_each(config, [find_product(detail, file["file"]) for file in search.provenance["files"]])
        for file, noted in zip(files, search.provenance["files"], strict=True):
            if file.sha256 != noted["sha256"]:
                raise MissingData(f"{file.filename} has changed since it was searched: search the star again.")
        signal = Signal.from_dict(stored.measured)
        others = [Signal.from_dict(one.measured).ephemeris for one in search.signals if one.number != number]
        if search.masked_known:
            others += [make_ephemeris(known) for known in search.known]
        mask, flux = search.provenance["mask"], search.provenance["flux"]
        stitched = stitch([file.curve for file in files], [signal.ephemeris, *others], mask, flux)
        picture = render_folded(
            stitched.without_transits(others, spared=signal.ephemeris),
            signal.ephemeris,
            f"{signal_name(number)} (not a TOI)"
            if stored.same_as is None
            else f"{signal_name(number)} ({stored.same_as})",
            theme=theme,
        )
        noted = [(file["file"], file["sha256"]) for file in search.provenance["files"]]
        made_from = make_picture_provenance(
            noted, stitched.counts, stitched.left_out, mask=mask, flux=flux, window_d=stitched.window_d
        )
        return replace(picture, provenance=made_from)

    return cached_picture(config, ("signal", tic_id, number, theme, search.searched_at.isoformat()), draw)
