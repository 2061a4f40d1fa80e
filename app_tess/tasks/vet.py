"""Vet: fetch a star's light curves, fold, measure and classify them, and store the result with its provenance."""

from app_tess.archives.products import require_choice
from app_tess.astro.ephemeris_change import SIGNAL_COLUMNS
from app_tess.astro.identifiers import toi_name
from app_tess.astro.vetting import star
from app_tess.astro.vetting.measure import provenance_of_curve
from app_tess.astro.vetting.star import Target
from app_tess.errors import AppTessError, MissingData
from app_tess.storage import stars, vetting_results
from app_tess.storage.switching import current_load_id
from app_tess.tasks import pipeline_report
from app_tess.tasks.judgement import judge
from app_tess.tasks.provenance import make_provenance, with_curve
from app_tess.tasks.star_files import read_newest
from app_tess.tasks.star_signals import ephemeris_of

PACKAGES = ("numpy", "astropy", "onnxruntime")


def vet_star(config, tic_id, report, mask="default", flux=None, kind=None):
    """Vet every TOI of a star and return the run's closing message.

    For a TOI that cannot be measured the reason is stored. `mask` and `flux` are names in archives.products; the flux
    is by default that of each file's kind, and `kind` by default the most preferred one of each sector.

    Raises
    ------
    MissingData
        There is no such star, or it has no light curve.
    InvalidInput
        There is no such mask, flux or kind of light curve.
    ArchiveError, FileFormatError
        Its files cannot be fetched or read; earlier results stay.
    OutdatedInput
        The catalogue was replaced meanwhile; earlier results stay.
    """
    require_choice(mask, flux, kind)
    load_id = current_load_id()
    detail = stars.get_star(tic_id)
    if not detail.tois:
        raise MissingData(f"TIC {tic_id} has no TOI, so there is no signal to vet.")
    total = 1 + len(detail.tois)
    report(0, total, "fetching light curves")
    found, left_out = read_newest(config, detail, detail.tois, kind)
    provenance = make_provenance(
        [(file.filename, file.sha256) for file in found],
        PACKAGES,
        left_out=left_out,
        mask=mask,
        flux=flux or common_flux([file.curve for file in found]),
        kind=kind,
    )
    targets, results = {}, []
    for toi in detail.tois:
        try:
            targets[toi.toi] = Target(toi_name(toi.toi), ephemeris_of(toi), toi.depth_ppm)
        except AppTessError as error:
            results.append(_result(toi, provenance, message=str(error)))
    numbers = {target.label: number for number, target in enumerate(targets.values(), 1)}
    vetted = star.vet_star(
        [file.curve for file in found],
        list(targets.values()),
        provenance["mask"],
        provenance["flux"],
        stellar_radius_rsun=detail.star.stellar_radius_rsun,
        density_solar=detail.star.density_solar,
        progress=lambda target: report(numbers[target.label], total, f"measuring {target.label}"),
    )
    by_name = {toi.toi: toi for toi in detail.tois}
    results += [
        _vet_toi(by_name[name], one, provenance, detail.star.tmag) for name, one in zip(targets, vetted, strict=True)
    ]
    _add_pipeline_tests(config, detail, results)
    report(total, total, "storing the results")
    measured = sum(result["report"] is not None for result in results)
    message = f"Vetted TIC {tic_id}: {measured} of {len(results)} TOIs measured in {len(found)} light curve(s)."
    vetting_results.record_results(results, load_id, message)
    return message


def _add_pipeline_tests(config, detail, results):
    """Put SPOC's own tests, where its report has the TOI, into each report of ours, or why there are none."""
    tests, problem = pipeline_report.pipeline_tests(config, detail)
    for result in results:
        if result["report"] is not None:
            result["report"] |= {
                "pipeline_tests": tests.get(result["toi"]),
                "pipeline_tests_problem": problem,
            }


def common_flux(curves):
    """Return the default flux of all light curves; None where kinds with different ones are used together."""
    names = {curve.default_flux for curve in curves}
    return names.pop() if len(names) == 1 else None


def _result(toi, provenance, report=None, message=None):
    provenance = provenance | {vetting_results.MEASURED_WITH: {name: getattr(toi, name) for name in SIGNAL_COLUMNS}}
    return {"toi": toi.toi, "tic_id": toi.tic_id, "report": report, "message": message, "provenance": provenance}


def _vet_toi(toi, vetted, provenance, tmag):
    if vetted.report is None:
        if vetted.stitched is not None:
            provenance = with_curve(provenance, provenance_of_curve(vetted.stitched))
        return _result(toi, provenance, message=str(vetted.refusal))
    report = vetted.report.as_dict()
    report["judgement"], report["judgement_message"] = judge(vetted.report, tmag)
    return _result(toi, with_curve(provenance, report.pop("provenance")), report)
