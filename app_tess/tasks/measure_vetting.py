"""Measure and classify every TOI of a star in its light curves: files in, rows to store out, and no database."""

from dataclasses import dataclass

from app_tess.astro.identifiers import toi_name
from app_tess.astro.vetting import star as vetting
from app_tess.astro.vetting.measure import provenance_of_curve
from app_tess.astro.vetting.star import Target
from app_tess.errors import AppTessError
from app_tess.storage.vetting_results import MEASURED_WITH
from app_tess.tasks import pipeline_report
from app_tess.tasks.judgement import judge
from app_tess.tasks.provenance import make_provenance, with_curve
from app_tess.tasks.star_context import ClassifiedSignal, classify_together
from app_tess.tasks.star_files import StarFile, read_newest
from app_tess.tasks.star_signals import ephemeris_of

PACKAGES = ("numpy", "astropy", "onnxruntime")


@dataclass(frozen=True, eq=False)
class VettingFiles:
    """What a vetting reads of a star."""

    found: list[StarFile]
    left_out: list[str]
    pipeline_tests: dict[str, object]
    """TOI -> SPOC's own tests."""
    pipeline_problem: str | None


def read_files(config, star, kind=None, wait_for_all=False):
    """Fetch and read what a vetting of a StarInput needs; see `star_files.read_newest` for the errors."""
    found, left_out = read_newest(config, star, star.tois, kind, wait_for_all)
    return VettingFiles(found, left_out, *pipeline_report.pipeline_tests(config, star))


def measure(star, files, mask="default", flux=None, kind=None, progress=lambda done, label: None):
    """Return the rows that `vetting_results.record_results` stores, one for each TOI.

    Parameters
    ----------
    star : StarInput
    files : VettingFiles
    mask, flux, kind : str
        As for `vet.vet_star`.
    progress : callable
        Called with the number and the name of each TOI before it is measured.
    """
    provenance = make_provenance(
        [(file.filename, file.sha256) for file in files.found],
        PACKAGES,
        left_out=files.left_out,
        mask=mask,
        flux=flux or common_flux([file.curve for file in files.found]),
        kind=kind,
    )
    targets, results = {}, []
    for toi in star.tois:
        try:
            targets[toi.toi] = Target(toi_name(toi.toi), ephemeris_of(toi), toi.depth_ppm)
        except AppTessError as error:
            results.append(_result(toi, provenance, message=str(error)))
    numbers = {target.label: number for number, target in enumerate(targets.values(), 1)}
    vetted = vetting.vet_star(
        [file.curve for file in files.found],
        list(targets.values()),
        provenance["mask"],
        provenance["flux"],
        stellar_radius_rsun=star.stellar_radius_rsun,
        density_solar=star.density_solar,
        progress=lambda target: progress(numbers[target.label], target.label),
    )
    by_name = {toi.toi: toi for toi in star.tois}
    results += [_vet_toi(by_name[name], one, provenance, star.tmag) for name, one in zip(targets, vetted, strict=True)]
    measured = [row for row in results if row["report"] is not None]
    classify_together(
        star, [ClassifiedSignal(toi_name(row["toi"]), targets[row["toi"]].ephemeris, row["report"]) for row in measured]
    )
    for result in measured:
        result["report"] |= {
            "pipeline_tests": files.pipeline_tests.get(result["toi"]),
            "pipeline_tests_problem": files.pipeline_problem,
        }
    return results


def count_measured(results):
    """Return how many TOIs were measured, in words."""
    return f"{sum(row['report'] is not None for row in results)} of {len(results)} TOIs measured"


def common_flux(curves):
    """Return the default flux of all light curves; None where kinds with different ones are used together."""
    names = {curve.default_flux for curve in curves}
    return names.pop() if len(names) == 1 else None


def _result(toi, provenance, report=None, message=None):
    provenance = provenance | {MEASURED_WITH: toi.catalogue_values}
    return {"toi": toi.toi, "tic_id": toi.tic_id, "report": report, "message": message, "provenance": provenance}


def _vet_toi(toi, vetted, provenance, tmag):
    if vetted.report is None:
        if vetted.stitched is not None:
            provenance = with_curve(provenance, provenance_of_curve(vetted.stitched))
        return _result(toi, provenance, message=str(vetted.refusal))
    report = vetted.report.as_dict()
    report["judgement"], report["judgement_message"] = judge(vetted.report, tmag)
    return _result(toi, with_curve(provenance, report.pop("provenance")), report)
