"""Each process counts for itself; any of them shows the sum."""

import os
import signal
import subprocess
import sys

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app_tess import metrics
from tests.support.imports import ROOT

COUNT = """
import sys, pathlib
from app_tess import metrics
metrics.start(pathlib.Path(sys.argv[1]), sys.argv[2])
metrics.count_request("/stars/<int:tic_id>", "GET", 200, 0.02)
metrics.count_request("", "BREW", 404, 0.02)
metrics.count_archive_response("mast.example", "503", 1.5)
metrics.count_cache_read("pictures", True)
print("counted", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def count(tmp_path):
    """Starts processes that count once and wait."""
    started = []

    def start(process):
        command = [sys.executable, "-c", COUNT, str(tmp_path), process]
        started.append(subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        assert started[-1].stdout.readline() == "counted\n"
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def sums(folder):
    text = metrics.exposition(folder).decode()
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def end(process):
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


def test_web_processes_and_workers_are_added_up_and_survive_a_killed_one(count, tmp_path):
    first, _second, worker = count("web"), count("web"), count("worker")
    found = sums(tmp_path)
    assert found["app_tess_requests_total", "/stars/<int:tic_id>", "200", "GET", "web"] == 2
    assert found["app_tess_requests_total", "404", "none", "other", "web"] == 2
    assert found["app_tess_request_seconds_count", "/stars/<int:tic_id>", "web"] == 2
    assert found["app_tess_archive_responses_total", "503", "mast.example", "worker"] == 1
    assert found["app_tess_cache_reads_total", "hit", "pictures", "web"] == 2
    end(first)
    count("web")
    assert sums(tmp_path)["app_tess_cache_reads_total", "hit", "pictures", "web"] == 3
    end(worker)
    count("worker")
    assert sums(tmp_path)["app_tess_cache_reads_total", "hit", "pictures", "worker"] == 1


def test_nothing_is_counted_where_metrics_are_off(tmp_path):
    metrics.count_request("/", "GET", 200, 0.1)
    assert metrics.exposition(tmp_path) == b"" and list(tmp_path.iterdir()) == []
