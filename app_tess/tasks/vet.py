"""Vet: fetch a star's light curves, fold them on each TOI, measure, judge, and keep the result with its receipt."""
from importlib.metadata import version

from app_tess.astro import vetting
from app_tess.astro.identifiers import toi_name
from app_tess.astro.stitching import stitch
from app_tess.errors import AppTessError, NotFound
from app_tess.plots.vetting import render_vetting
from app_tess.scoring.light_curve_network.judge import judge
from app_tess.storage import stars, vetting_results
from app_tess.tasks import pictures
from app_tess.tasks.product_files import get_file, sha256

PACKAGES = ("numpy", "astropy", "onnxruntime")


def vet_star(config, tic_id, report):
    """Vet every TOI of a star; returns the sentence that ends the run.

    A TOI that cannot be measured gets its reason stored, not a blank.

    Raises
    ------
    NotFound
        There is no such star, or it has no light curve.
    ArchiveError, FileFormatError
        Its files cannot be had or read; results from before stay.
    """
    star = stars.get_star(tic_id)
    report(0, 1 + len(star.tois), "fetching light curves")
    found, absent = pictures.read_newest(config, star)
    curves = [curve for _, curve in found]
    files = [{"file": product.filename, "sha256": sha256(get_file(config, product))} for product, _ in found]
    receipt = {"files": files, "absent": absent, "versions": {name: version(name) for name in PACKAGES}}
    total = 1 + len(star.tois)
    results = []
    for number, toi in enumerate(star.tois, 1):
        report(number, total, f"measuring {toi_name(toi.toi)}")
        results.append(_vet_toi(star, toi, curves, receipt))
    report(total, total, "keeping the results")
    vetting_results.record_results(results)
    measured = sum(result["report"] is not None for result in results)
    return f"Vetted TIC {tic_id}: {measured} of {len(results)} TOIs measured in {len(found)} light curve(s)."


def _vet_toi(star, toi, curves, receipt):
    result = {"toi": toi.toi, "tic_id": toi.tic_id, "report": None, "message": None, "receipt": receipt}
    try:
        measured = measure_toi(star, toi, curves)[1]
    except AppTessError as error:
        return result | {"message": str(error)}
    report = measured.as_dict()
    report["judgement"], report["judgement_message"] = judge_report(measured)
    return result | {"receipt": receipt | report.pop("receipt"), "report": report}


def measure_toi(star, toi, curves):
    """(StitchedLightCurve, VettingReport) of one TOI; AppTessError says why not."""
    ephemeris = pictures.ephemeris_of(toi)
    others = [pictures.ephemeris_of(other) for other in star.tois if other.toi != toi.toi and other.epoch_btjd is not None]
    stitched = stitch(curves, [ephemeris, *others])
    return stitched, vetting.measure(stitched, ephemeris, toi_name(toi.toi), others=others,
                                     stellar_radius_rsun=star.star.stellar_radius_rsun,
                                     density_solar=star.star.density_solar)


def vetting_picture(config, tic_id, toi_id, theme="light"):
    """The panel of a vetted TOI: the curve, the views the network saw, odd against even, the secondary, each transit."""
    star = stars.get_star(tic_id)
    toi = pictures.find_toi(star, toi_id)
    stored = vetting_results.results_of_star(tic_id).get(toi.toi)
    if stored is None:
        raise NotFound(f"{toi_name(toi.toi)} has not been vetted yet.")
    if stored.report is None:
        raise NotFound(stored.message)

    def draw():
        stitched, measured = measure_toi(star, toi, [curve for _, curve in pictures.read_newest(config, star)[0]])
        return render_vetting(stitched, pictures.ephemeris_of(toi), measured, stored.report["judgement"], theme=theme)

    return pictures.cached_picture(config, ("vetting", toi.toi, theme, stored.measured_at.isoformat()), draw)


def judge_report(measured):
    """(judgement, None), or (None, the reason why the network cannot judge)."""
    try:
        return judge(measured.views, measured.scalars, tic_id=measured.tic_id), None
    except AppTessError as error:
        return None, str(error)
