"""Measure with slipcover which lines and branches of the package the tests run; `make test` puts it in PYTEST_PLUGINS.

pytest loads it before the conftest files, which import the package. Each process of pytest-xdist measures what it runs;
the first one adds up, prints the files that are not fully covered, and fails below the minimum. Other processes that a
test starts are not measured.
"""

import json

import pytest
import slipcover
from slipcover.config import read_config

SETTINGS = read_config()
NEVER = -1
"""Probes are not removed: slipcover would exchange the code of functions which other threads may be running."""

measured = slipcover.Slipcover(branch=SETTINGS["branch"], source=SETTINGS["source"], d_miss_threshold=NEVER)
slipcover.ImportManager(measured, slipcover.FileMatcher(sources=SETTINGS["source"])).__enter__()

of_workers = []
total = pytest.StashKey()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Take what a worker has measured; one that died leaves nothing."""
    if "coverage" in getattr(node, "workeroutput", {}):
        of_workers.append(json.loads(node.workeroutput["coverage"]))


def pytest_sessionfinish(session):
    coverage = measured.get_coverage()
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["coverage"] = json.dumps(coverage)
        return
    for other in of_workers:
        slipcover.merge_coverage(coverage, other)
    session.config.stash[total] = coverage
    if session.exitstatus == pytest.ExitCode.OK and is_too_low(coverage):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def is_too_low(coverage):
    return coverage["summary"]["percent_covered"] < SETTINGS["fail-under"]


def pytest_terminal_summary(terminalreporter, config):
    coverage = config.stash[total]
    terminalreporter.section("coverage: files that are not fully covered")
    slipcover.print_coverage(coverage, outfile=terminalreporter, skip_covered=True, missing_width=60)
    terminalreporter.write_line(
        f"Coverage is {coverage['summary']['percent_covered']:.1f} %, at least {SETTINGS['fail-under']} % is required.",
        red=is_too_low(coverage),
    )
