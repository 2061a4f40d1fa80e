"""Search a star's light curves for transits, vet and classify each signal: files in, rows to store out, no database."""

import dataclasses

from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.ephemeris_match import in_step
from app_tess.astro.identifiers import toi_name
from app_tess.astro.search import star as astro_search
from app_tess.astro.search.thinned import thin
from app_tess.astro.vetting import star as vetting
from app_tess.astro.vetting.measure import provenance_of_curve
from app_tess.astro.vetting.report import ephemeris_values
from app_tess.astro.vetting.star import Target
from app_tess.errors import AppTessError
from app_tess.tasks import product_choice, star_files, star_signals
from app_tess.tasks.judgement import judge
from app_tess.tasks.measure_vetting import common_flux
from app_tess.tasks.provenance import make_provenance, with_curve
from app_tess.tasks.star_context import ClassifiedSignal, classify_together

PACKAGES = ("numpy", "scipy", "onnxruntime")


def read_files(config, star, progress=lambda number, filename: None, wait_for_all=False):
    """Read every light curve of a star; a file that is broken or missing is left out with a sentence.

    `wait_for_all`: as for `star_files.read_newest`.

    Returns
    -------
    list of star_files.StarFile
    list of str
    """
    products = product_choice.light_curve_products(star)
    found: dict[str, star_files.StarFile] = {}
    refusals: dict[str, AppTessError] = {}
    for number, product in enumerate(products):
        progress(number, product.filename)
        star_files.read_some(config, [product], found, refusals, {}, wait_for_all=wait_for_all)
    if not found:
        raise star_files.why_nothing_read(star, refusals)
    left_out = [*map(str, refusals.values()), *product_choice.second_files(star, products)]
    return list(found.values()), left_out


def measure(star, found, left_out, mask="default", flux=None, mask_known=True, progress=lambda doing, is_last: None):
    """Search a star, vet and classify what is found.

    Parameters
    ----------
    star : StarInput
    found, left_out
        From `read_files`.
    mask, flux, mask_known
        As for `search.search_star`.
    progress : callable
        Called with what is being done, and whether that is the vetting.

    Returns
    -------
    dict
        The columns of storage.search_models.Search but `searched_at`.
    list of dict
        The signals, as `searches.record_search` takes them.
    """
    curves, known = [file.curve for file in found], known_targets(star)
    result = astro_search.search_star(
        curves,
        [target.ephemeris for target in known] if mask_known else (),
        mask,
        flux,
        progress=lambda doing: progress(doing, False),
    )
    provenance = make_provenance(
        [(file.filename, file.sha256) for file in found],
        PACKAGES,
        left_out=left_out,
        mask=mask,
        settings=dataclasses.asdict(result.settings),
    )
    provenance = with_curve(provenance, provenance_of_curve(result.stitched) | {"flux": flux or common_flux(curves)})
    vetted = _vet(star, curves, result.signals, known if mask_known else (), provenance, progress)
    return _row(star, result, known, mask_known, provenance), vetted


def _row(star, result, known, mask_known, provenance):
    """Return the search as it is stored."""
    return {
        "tic_id": star.tic_id,
        "notes": result.notes,
        "rejected": result.rejected,
        "periodogram": thin(result.periodogram, result.stitched.time_btjd),
        "known": [{"name": target.label} | ephemeris_values(target.ephemeris) for target in known],
        "masked_known": mask_known,
        "listed": listed_files(star),
        "simulated": result.stitched.simulated,
        "provenance": provenance,
    }


def known_targets(star):
    """Return a Target for each of the star's TOIs whose transits can be placed in time."""
    return [Target(toi_name(toi.toi), ephemeris, toi.depth_ppm) for toi, ephemeris in star_signals.placed_tois(star)]


def listed_files(star):
    """Return the names of the star's light-curve files that the catalogue lists and a search would use."""
    return [product.filename for product in product_choice.light_curve_products(star)]


def _vet(star, curves, signals, known, provenance, progress):
    """Vet and classify each signal like a TOI; return the rows to store."""
    targets = [Target(signal_name(signal.number), signal.ephemeris, signal.depth_ppm) for signal in signals]
    results = vetting.vet_star(
        curves,
        targets,
        provenance["mask"],
        provenance["flux"],
        known=known,
        stellar_radius_rsun=star.stellar_radius_rsun,
        density_solar=star.density_solar,
        progress=lambda target: progress(f"vetting {target.label}", True),
    )
    rows = []
    for signal, one in zip(signals, results, strict=True):
        row = {"number": signal.number, "measured": signal.as_dict(), "same_as": _same_as(signal, star)}
        if one.report is None:
            rows.append(row | {"report": None, "message": str(one.refusal)})
            continue
        stored = one.report.as_dict()
        stored["judgement"], stored["judgement_message"] = judge(one.report, star.tmag)
        stored["ephemeris_used"]["note"] = _of_the_search(stored["ephemeris_used"]["note"])
        del stored["provenance"]
        rows.append(row | {"report": stored, "message": None})
    classify_together(
        star,
        [
            ClassifiedSignal(signal_name(signal.number), signal.ephemeris, row["report"])
            for signal, row in zip(signals, rows, strict=True)
            if row["report"] is not None
        ],
    )
    return rows


def _of_the_search(note):
    """Return a note on an ephemeris in which the catalogue's values are those of the search."""
    return note.replace("The catalogue", "The search").replace("the catalogue", "the search")


def _same_as(signal, star):
    """Return the name of the TOI with the signal's period, or half or twice it, and its transit times; or None."""
    for target in known_targets(star):
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
