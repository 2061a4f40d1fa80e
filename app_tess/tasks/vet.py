"""Vet: fetch a star's light curves, fold them on each TOI, measure, judge, and keep the result with its receipt."""

from importlib.metadata import version

from app_tess.astro.identifiers import toi_name
from app_tess.astro.light_curve import require_choice
from app_tess.astro.stitching import stitch
from app_tess.astro.vetting import measure
from app_tess.astro.vetting.report import VettingReport
from app_tess.errors import AppTessError, MissingData
from app_tess.plots.vetting import render_vetting
from app_tess.scoring.light_curve_model.judge import judge
from app_tess.storage import stars, vetting_results
from app_tess.tasks.picture_cache import cached_picture
from app_tess.tasks.star_files import ephemeris_of, find_product, find_toi, other_ephemerides, read_file, read_newest

PACKAGES = ("numpy", "astropy", "onnxruntime")


def vet_star(config, tic_id, report, mask="default", flux="pdcsap"):
    """Vet every TOI of a star; returns the sentence that ends the run.

    A TOI that cannot be measured gets its reason stored, not a blank. `mask` and `flux` are names of astro.light_curve.

    Raises
    ------
    MissingData
        There is no such star, or it has no light curve.
    InvalidInput
        There is no such mask or flux.
    ArchiveError, FileFormatError
        Its files cannot be had or read; results from before stay.
    """
    require_choice(mask, flux)
    detail = stars.get_star(tic_id)
    total = 1 + len(detail.tois)
    report(0, total, "fetching light curves")
    found, left_out = read_newest(config, detail, detail.tois)
    receipt = {
        "files": [{"file": file.filename, "sha256": file.sha256} for file in found],
        "left_out": left_out,
        "mask": mask,
        "flux": flux,
        "versions": {name: version(name) for name in PACKAGES},
    }
    results = []
    for number, toi in enumerate(detail.tois, 1):
        report(number, total, f"measuring {toi_name(toi.toi)}")
        results.append(_vet_toi(detail, toi, [file.curve for file in found], receipt))
    report(total, total, "keeping the results")
    vetting_results.record_results(results)
    measured = sum(result["report"] is not None for result in results)
    return f"Vetted TIC {tic_id}: {measured} of {len(results)} TOIs measured in {len(found)} light curve(s)."


def _vet_toi(detail, toi, curves, receipt):
    result = {"toi": toi.toi, "tic_id": toi.tic_id, "report": None, "message": None, "receipt": receipt}
    stitched = None
    try:
        ephemeris, others = ephemeris_of(toi), other_ephemerides(detail, toi)
        stitched = stitch(curves, [ephemeris, *others], receipt["mask"], receipt["flux"])
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
            "receipt": receipt if stitched is None else _joined(receipt, measure.receipt_of_curve(stitched)),
        }
    report = measured.as_dict()
    report["judgement"], report["judgement_message"] = _judge(measured)
    return result | {"receipt": _joined(receipt, report.pop("receipt")), "report": report}


def _joined(of_files, of_curve):
    return of_files | of_curve | {"left_out": [*of_files["left_out"], *of_curve["left_out"]]}


def _judge(measured):
    """(judgement, None), or (None, the reason why the network cannot judge)."""
    try:
        return judge(measured.views, measured.scalars, tic_id=measured.tic_id), None
    except AppTessError as error:
        return None, str(error)


def vetting_picture(config, tic_id, toi_id, theme="light", layout="wide"):
    """The panel of a vetted TOI: the curve, the views the network saw, odd against even, the secondary, each transit.

    It is drawn from what was stored, with the files of the receipt: a picture must not show other data than the table beside it.

    Raises
    ------
    MissingData
        It was not vetted or not measured, or a file of the receipt is gone or has changed; says which.
    """
    star = stars.get_star(tic_id)
    toi = find_toi(star, toi_id)
    stored = vetting_results.results_of_star(tic_id).get(toi.toi)
    if stored is None:
        raise MissingData(f"{toi_name(toi.toi)} has not been vetted yet.")
    if stored.report is None:
        raise MissingData(stored.message)

    def draw():
        measured = VettingReport.from_dict(stored.report)
        curves = [_same_file(config, star, file) for file in stored.receipt["files"]]
        stitched = stitch(
            curves,
            [measured.ephemeris, *other_ephemerides(star, toi)],
            stored.receipt.get("mask", "default"),
            stored.receipt["flux"],
        )
        return render_vetting(
            stitched, measured.ephemeris, measured, stored.report["judgement"], theme=theme, layout=layout
        )

    return cached_picture(config, ("vetting", toi.toi, theme, layout, stored.measured_at.isoformat()), draw)


def _same_file(config, star, noted):
    file = read_file(config, find_product(star, noted["file"]))
    if file.sha256 != noted["sha256"]:
        raise MissingData(f"{file.filename} has changed since it was vetted: vet the star again.")
    return file.curve
