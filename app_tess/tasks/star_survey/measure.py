"""What a survey's worker does with a star: read its files, vet its TOIs, search it. No database."""

import logging
import shutil
import time
from dataclasses import dataclass
from typing import Any

from app_tess.config import Config
from app_tess.errors import AppTessError, ArchiveUnavailable, DiskFull
from app_tess.storage.surveys import StarResult
from app_tess.tasks import measure_search, measure_vetting
from app_tess.tasks.product_files import is_at_hand
from app_tess.tasks.star_input import StarInput

LEAST_FREE_BYTES = 200_000_000
"""A worker whose disk has less room stops the survey: a sector of a star has 2 MB, and others write there too."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """A star to measure, and how."""

    star: StarInput
    options: dict[str, Any]
    """`search`, `mask_known`, `mask`, `flux`."""
    config: Config
    """Without secrets and without a database."""


def measure_star(job):
    """Vet, and search where that is wanted, a star; return its StarResult.

    Whatever goes wrong with the star becomes the message of its row. Where an archive is out, the star goes on waiting.

    Raises
    ------
    DiskFull
        The worker's disk is full: the survey stops, and the star waits.
    """
    _require_room(job.config)
    star = job.star
    problems: list[str] = []
    result = StarResult(star.tic_id, {"toi_count": len(star.tois), "file_bytes": 0, "read_s": 0.0})
    absent = [product for product in star.products if not is_at_hand(job.config, product)]
    try:
        if star.tois:
            _carry(lambda: _vet(job, result), "Not vetted", problems)
        if job.options["search"]:
            _carry(lambda: _search(job, result), "Not searched", problems)
    except ArchiveUnavailable as error:
        return postponed(star.tic_id, error, time.time())
    result.fetched = any(is_at_hand(job.config, product) for product in absent)
    if not star.tois and not job.options["search"]:
        problems.append("It has no TOI to vet, and no search was asked for.")
    has_measured = result.row.get("measured_count") or result.search is not None
    problems += [f"TOI-{row['toi']}: {row['message']}" for row in result.vetting if row["report"] is None]
    result.row |= {"state": "done" if has_measured else "failed", "message": " ".join(dict.fromkeys(problems)) or None}
    return result


def postponed(tic_id, error, failed_at):
    """Return the result of a star whose archive is out."""
    return StarResult(tic_id, {"state": "waiting", "message": str(error)}, unavailable_at=failed_at)


def _require_room(config):
    try:
        free = shutil.disk_usage(config.instance_dir).free
    except OSError:
        return  # the folder is made when the first file is kept
    if free < LEAST_FREE_BYTES:
        raise DiskFull(
            f"The disk of {config.instance_dir} is full: {free / 1e6:,.0f} MB are free,"
            f" and a survey keeps {LEAST_FREE_BYTES / 1e6:,.0f} MB free."
        )


def _carry(part, what, problems):
    try:
        part()
    except ArchiveUnavailable:
        raise
    except AppTessError as error:
        problems.append(f"{what}: {error}")
    except Exception as error:
        log.exception("%s", what)
        problems.append(f"{what}: internal error ({type(error).__name__}: {error}).")


def _vet(job, result):
    options, star = job.options, job.star
    started = time.monotonic()
    files = measure_vetting.read_files(job.config, star, wait_for_all=True)
    _count(result, files.found, started)
    clock = time.thread_time()
    result.vetting = measure_vetting.measure(star, files, options["mask"], options["flux"])
    result.row |= {
        "vet_s": time.thread_time() - clock,
        "measured_count": sum(row["report"] is not None for row in result.vetting),
    }


def _search(job, result):
    options, star = job.options, job.star
    started = time.monotonic()
    found, left_out = measure_search.read_files(job.config, star, wait_for_all=True)
    _count(result, found, started)
    clock = time.thread_time()
    result.search, result.signals = measure_search.measure(
        star, found, left_out, options["mask"], options["flux"], options["mask_known"]
    )
    result.row |= {"search_s": time.thread_time() - clock, "signal_count": len(result.signals)}


def _count(result, found, started):
    """Add the time and the bytes of some files."""
    result.row["read_s"] += time.monotonic() - started
    result.row["file_bytes"] = max(result.row["file_bytes"], sum(file.size_bytes for file in found))
