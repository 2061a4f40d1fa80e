"""Vet: fetch a star's light curves, fold, measure and classify them, and store the result with its provenance."""

from app_tess.archives.products import require_choice
from app_tess.astro.identifiers import toi_name
from app_tess.astro.stitching import stitch
from app_tess.astro.vetting import measure
from app_tess.astro.vetting.report import VettingReport
from app_tess.errors import AppTessError, MissingData
from app_tess.storage import stars, vetting_results
from app_tess.storage.switching import current_load_id
from app_tess.tasks.picture_cache import cached_picture
from app_tess.tasks.provenance import make_provenance, with_curve
from app_tess.tasks.star_files import ephemeris_of, find_product, find_toi, other_ephemerides, read_each, read_newest

PACKAGES = ("numpy", "astropy", "onnxruntime")


def vet_star(config, tic_id, report, mask="default", flux=None):
    """Vet every TOI of a star and return the run's closing message.

    For a TOI that cannot be measured the reason is stored. `mask` and `flux` are names in archives.products; the flux
    is by default that of each file's kind.

    Raises
    ------
    MissingData
        There is no such star, or it has no light curve.
    InvalidInput
        There is no such mask or flux.
    ArchiveError, FileFormatError
        Its files cannot be fetched or read; earlier results stay.
    OutdatedInput
        The catalogue was replaced meanwhile; earlier results stay.
    """
    require_choice(mask, flux)
    load_id = current_load_id()
    detail = stars.get_star(tic_id)
    total = 1 + len(detail.tois)
    report(0, total, "fetching light curves")
    found, left_out = read_newest(config, detail, detail.tois)
    provenance = make_provenance(
        [(file.filename, file.sha256) for file in found],
        PACKAGES,
        left_out=left_out,
        mask=mask,
        flux=flux or _common_flux([file.curve for file in found]),
    )
    results = []
    for number, toi in enumerate(detail.tois, 1):
        report(number, total, f"measuring {toi_name(toi.toi)}")
        results.append(_vet_toi(detail, toi, [file.curve for file in found], provenance))
    report(total, total, "storing the results")
    measured = sum(result["report"] is not None for result in results)
    message = f"Vetted TIC {tic_id}: {measured} of {len(results)} TOIs measured in {len(found)} light curve(s)."
    vetting_results.record_results(results, load_id, message)
    return message


def _common_flux(curves):
    """Return the default flux of all light curves; None where kinds with different ones are used together."""
    names = {curve.default_flux for curve in curves}
    return names.pop() if len(names) == 1 else None


def _vet_toi(detail, toi, curves, provenance):
    result = {"toi": toi.toi, "tic_id": toi.tic_id, "report": None, "message": None, "provenance": provenance}
    stitched = None
    try:
        ephemeris, others = ephemeris_of(toi), other_ephemerides(detail, toi)
        stitched = stitch(curves, [ephemeris, *others], provenance["mask"], provenance["flux"])
        measured = measure.measure(
            stitched,
            ephemeris,
            toi_name(toi.toi),
            others=others,
            stellar_radius_rsun=detail.star.stellar_radius_rsun,
            density_solar=detail.star.density_solar,
        )
    except AppTessError as error:
        return result | {
            "message": str(error),
            "provenance": provenance
            if stitched is None
            else with_curve(provenance, measure.provenance_of_curve(stitched)),
        }
    report = measured.as_dict()
    report["judgement"], report["judgement_message"] = _judge(measured)
    return result | {"provenance": with_curve(provenance, report.pop("provenance")), "report": report}


def _judge(measured):
    """(judgement, None), or (None, the reason why the network cannot judge)."""
    from app_tess.scoring.light_curve_model.classify import classify

    try:
        judgement = classify(measured.views, measured.scalars, tic_id=measured.tic_id)
    except AppTessError as error:
        return None, str(error)
    cautions = [caution for caution in (judgement["caution"], *measured.cautions) if caution]
    return judgement | {"caution": " ".join(cautions) or None}, None


def vetting_picture(config, tic_id, toi_id, theme="light", layout="wide"):
    """Draw the panel of a vetted TOI: light curve, network inputs, odd and even transits, secondary, each transit.

    It is drawn from the stored result and the files in its provenance, so that it agrees with the table beside it.

    Raises
    ------
    MissingData
        It was not vetted or not measured, or a file in its provenance is gone or has changed; the message says which.
    """
    from app_tess.plots.vetting import render_vetting

    star = stars.get_star(tic_id)
    toi = find_toi(star, toi_id)
    stored = vetting_results.results_of_star(tic_id).get(toi.toi)
    if stored is None:
        raise MissingData(f"{toi_name(toi.toi)} has not been vetted yet.")
    report = stored.report
    if report is None:
        raise MissingData(stored.message or f"{toi_name(toi.toi)} could not be measured.")

    def draw():
        measured = VettingReport.from_dict(report)
        noted = stored.provenance["files"]
        files = read_each(config, [find_product(star, file["file"]) for file in noted])
        curves = [_unchanged(file, before["sha256"]) for file, before in zip(files, noted, strict=True)]
        stitched = stitch(
            curves,
            [measured.ephemeris, *other_ephemerides(star, toi)],
            stored.provenance.get("mask", "default"),
            stored.provenance["flux"],
        )
        return render_vetting(stitched, measured.ephemeris, measured, report["judgement"], theme=theme, layout=layout)

    return cached_picture(config, ("vetting", toi.toi, theme, layout, stored.measured_at.isoformat()), draw)


def _unchanged(file, sha256):
    if file.sha256 != sha256:
        raise MissingData(f"{file.filename} has changed since it was vetted: vet the star again.")
    return file.curve
