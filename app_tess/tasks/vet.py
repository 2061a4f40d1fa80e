"""Vet: fetch a star's light curves, fold them on each TOI, measure, judge, and keep the result with its receipt."""
from importlib.metadata import version

from app_tess.astro import vetting
from app_tess.astro.identifiers import toi_name
from app_tess.astro.light_curve import stitch
from app_tess.errors import AppTessError, ArchiveError, NotFound
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
    products = pictures.chosen_products(star)
    if not products:
        raise NotFound(pictures.why_no_light_curve(star))
    total = len(products) + len(star.tois)
    curves, files = [], []
    for number, product in enumerate(products):
        report(number, total, f"fetching {product.filename}")
        curves.append(pictures.read_curve(config, product))
        files.append({"file": product.filename, "sha256": sha256(get_file(config, product))})
    results = []
    for number, toi in enumerate(star.tois, len(products)):
        report(number, total, f"measuring {toi_name(toi.toi)}")
        results.append(_vet_toi(star, toi, curves, files))
    report(total, total, "keeping the results")
    vetting_results.record_results(results)
    measured = sum(result["report"] is not None for result in results)
    return f"Vetted TIC {tic_id}: {measured} of {len(results)} TOIs measured in {len(products)} light curve(s)."


def _vet_toi(star, toi, curves, files):
    receipt = {"files": files, "versions": {name: version(name) for name in PACKAGES}}
    result = {"toi": toi.toi, "tic_id": toi.tic_id, "report": None, "message": None, "receipt": receipt}
    try:
        measured = measure_toi(star, toi, curves)[1]
    except ArchiveError:
        raise
    except AppTessError as error:
        return result | {"message": str(error)}
    report = measured.as_dict()
    report["judgement"], report["judgement_message"] = judge_report(measured)
    receipt |= report.pop("receipt")
    return result | {"report": report}


def measure_toi(star, toi, curves):
    """(StitchedLightCurve, VettingReport) of one TOI; AppTessError says why not."""
    ephemeris = pictures.ephemeris_of(toi)
    others = [pictures.ephemeris_of(other) for other in star.tois if other.toi != toi.toi and other.epoch_btjd is not None]
    stitched = stitch(curves, [ephemeris, *others])
    return stitched, vetting.measure(stitched, ephemeris, toi_name(toi.toi),
                                     stellar_radius_rsun=star.star.stellar_radius_rsun,
                                     density_solar=star.star.density_solar)


def judge_report(measured):
    """(judgement, None), or (None, the reason why the network cannot judge)."""
    try:
        return judge(measured.views, measured.scalars, tic_id=measured.tic_id), None
    except AppTessError as error:
        return None, str(error)
