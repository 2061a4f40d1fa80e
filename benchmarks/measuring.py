"""Measuring two ways of doing the same in turn: pairs, medians with their spread, memory, and the table of them."""

import re
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

REPEATS = 5


@dataclass(frozen=True)
class Measured:
    """One measurement.

    Parameters
    ----------
    value : float
        In the row's unit.
    peak_mb : float or None
        Memory at its highest [MB], where it was measured.
    """

    value: float
    peak_mb: float | None = None


@dataclass(frozen=True)
class Row:
    """One line of the table: our way and the alternative.

    Parameters
    ----------
    work, alternative : str
        What is done, and what does the same in the same run.
    ours, theirs : callable
        Do it once and return a Measured.
    target : str
        What is wanted, as in the table.
    unit : str
        "ms", "s" or "/s"; of the last, more is better.
    is_met : callable
        (ours, theirs), two lists of Measured -> whether the target is met.
    """

    work: str
    alternative: str
    ours: Callable[[], Measured]
    theirs: Callable[[], Measured]
    target: str
    unit: str
    is_met: Callable[[list[Measured], list[Measured]], bool]


def middle(found):
    """Return the median of some measurements."""
    return statistics.median(one.value for one in found)


def peak(found):
    """Return the highest memory of some measurements [MB], or 0 where none was measured."""
    return max((one.peak_mb or 0 for one in found), default=0)


def ratio(ours, theirs):
    """Return our median in units of the alternative's."""
    return middle(ours) / middle(theirs)


def measure_pairs(row, repeats=REPEATS):
    """Return our measurements and the alternative's, taken in turn."""
    ours, theirs = [], []
    for _ in range(repeats):
        ours.append(row.ours())
        theirs.append(row.theirs())
    return ours, theirs


def write(row, ours, theirs):
    """Return the line of the table."""
    times = ratio(ours, theirs)
    written = f"{times:.2g} x" if times >= 0.995 else f"1/{1 / times:.2g}"
    verdict = "met" if row.is_met(ours, theirs) else "**missed**"
    sides = " | ".join(_side(found, row.unit) for found in (ours, theirs))
    return f"| {row.work} | {row.alternative} | {sides} | {written} | {row.target} | {verdict} |"


HEAD = "| work | alternative | ours | alternative's | ratio | target | |\n|---|---|---|---|---|---|---|"


def _side(found, unit):
    values = [one.value for one in found]
    text = f"{_number(middle(found))} ({_number(min(values))}-{_number(max(values))}) {unit}"
    return text + (f", {peak(found):.0f} MB" if peak(found) else "")


def _number(value):
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


LAUNCHER = """
import os, sys, time
began = time.perf_counter()
_, status, usage = os.wait4(os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ), 0)
print(time.perf_counter() - began, usage.ru_maxrss / 1024)
sys.exit(os.waitstatus_to_exitcode(status) != 0)
"""
"""A process inherits the highest memory of the one that starts it, so a small one (10 MB) starts what is measured."""


def process(command, env=None, cwd=None):
    """Run a process to its end; wall time [s] and peak memory, that of its children included.

    SystemExit where it fails.
    """
    return _launched(command, env, cwd)[0]


def told(command, env=None, cwd=None):
    """Run a process that prints the value as its last line; the value and peak memory."""
    ran, lines = _launched(command, env, cwd)
    return Measured(float(lines[-1]), ran.peak_mb)


def _launched(command, env, cwd):
    """Return what a process needed, and the lines that it printed."""
    launcher = [sys.executable, "-I", "-S", "-c", LAUNCHER, *map(str, command)]
    done = subprocess.run(launcher, env=env, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}: {done.stderr[-800:]}")
    *lines, figures = done.stdout.splitlines()
    return Measured(*map(float, figures.split())), lines


def requests_per_second(url, seconds=4, clients=8, script=None):
    """Return what wrk gets with some clients; `script`: a file of its own Lua."""
    command = ["wrk", "-t2", f"-c{clients}", f"-d{seconds}s", *(["-s", str(script)] if script else []), url]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: .*", printed)
    if failed:
        raise SystemExit(f"{url}: {failed.group(0)}")
    return Measured(float(re.search(r"Requests/sec:\s+([\d.]+)", printed).group(1)))
