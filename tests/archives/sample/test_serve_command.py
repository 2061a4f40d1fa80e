"""archive serve, run as a person runs it."""

import re
import signal
import subprocess
import sys

import pytest
import requests
from click.testing import CliRunner

from app_tess.archives.sample.fault_kinds import KINDS
from app_tess.archives.sample.server import SampleArchive
from app_tess.cli.archive import archive_group

COMMAND = [sys.executable, "-c", "from app_tess.cli.archive import archive_group; archive_group()", "serve"]


def run(*arguments):
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def serving():
    process = subprocess.Popen(
        [*COMMAND, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that starts the tests in the background has SIGINT ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  (takes no lock)
    )
    yield process
    process.kill()
    process.communicate()


def test_it_prints_where_it_is_serves_and_ends_with_ctrl_c(serving):
    lines = [serving.stdout.readline() for _ in range(3)]
    exofop_url = re.search(r"EXOFOP_URL=(\S+)", lines[1]).group(1)
    assert "MAST_URL=" in lines[2]
    assert requests.get(exofop_url + "/tess/download_toi.php?output=csv", timeout=60).text.startswith("TIC ID,")
    serving.send_signal(signal.SIGINT)
    assert serving.wait(timeout=60) == 0
    assert "Traceback" not in serving.stderr.read()


def test_a_missing_folder_is_a_message_not_a_trace(tmp_path):
    result = run("--data", str(tmp_path / "nowhere"))
    assert result.returncode == 1
    assert "there is no such folder" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_taken_port_is_a_message_not_a_trace():
    with SampleArchive() as first:
        port = first.url.rsplit(":", 1)[1]
        result = run("--port", port)
    assert result.returncode == 1
    assert f"Port {port}" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_kinds_of_faults_are_listed_and_another_is_refused_by_name():
    listed = CliRunner().invoke(archive_group, ["serve", "--faults"]).output
    assert [line.split()[0] for line in listed.splitlines()] == [kind.name for kind in KINDS]
    refused = CliRunner().invoke(archive_group, ["serve", "--fault", "moody"])
    assert refused.exit_code == 2 and "'moody' is not one of refuse, silent, drip" in refused.output
