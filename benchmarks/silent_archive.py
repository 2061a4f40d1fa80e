"""Whether the site answers while its archive is silent or sends a byte per second, and how often each file is fetched.

    python -m benchmarks.silent_archive [--requests 40] [--seconds 20] [--alternative COMMAND]

Starts a sample archive and this site on it, with the web processes of the Procfile. Then --requests clients ask for
pictures whose files are not in the cache, while a visitor asks for the table four times a second. `--alternative` is a
checkout of another version, measured in the same run.
"""

import argparse
import concurrent.futures
import contextlib
import os
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from app_tess.archives.sample.fault_kinds import FILES, FOREVER_S
from app_tess.archives.sample.faults import Fault
from app_tess.archives.sample.server import SampleArchive

ROOT = Path(__file__).resolve().parents[1]
PORT = 8981
SITE = f"http://127.0.0.1:{PORT}"
FAULTS = {
    "healthy": Fault(FILES, None),
    "silent": Fault(FILES, None, hang_s=FOREVER_S),
    "a byte per second": Fault(FILES, None, drip_s=1.0),
}
PATIENCE_S = 60.0


@contextlib.contextmanager
def site(checkout, folder, archive):
    """The site's web processes, with the sample's catalogue in a database that counts it as real."""
    environment = os.environ | {
        "INSTANCE_DIR": str(folder),
        "EXOFOP_URL": archive.url,
        "MAST_URL": archive.url,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PORT": str(PORT),
        "DATABASE_URL": "",
    }
    for command in ("db upgrade", "reset"):
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app_tess", *command.split()],
            cwd=checkout,
            env=environment,
            check=True,
            capture_output=True,
        )
    with sqlite3.connect(folder / "tess.sqlite") as database:
        database.execute("UPDATE catalogue_loads SET simulated = 0")
        rows = database.execute("SELECT tic_id, filename FROM data_products WHERE kind = 'lc' ORDER BY filename")
        pictures = [f"/stars/{tic_id}/sectors/{filename}.png" for tic_id, filename in rows]
    web = re.search(r"^web: (.*)$", (checkout / "Procfile").read_text(), re.MULTILINE).group(1)
    command = ["bash", "-c", f"exec {web}"]
    process = subprocess.Popen(command, cwd=checkout, env=environment, stderr=subprocess.DEVNULL, process_group=0)
    try:
        ends_at = time.monotonic() + 60
        while ask("/")[1] is None and time.monotonic() < ends_at:
            time.sleep(0.2)
        for _ in range(10):  # so that every process has drawn its first page
            ask("/")
        yield pictures
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def ask(path, patience_s=PATIENCE_S):
    """Return (seconds, status), with status None where no answer came."""
    began = time.perf_counter()
    request = urllib.request.Request(SITE + path, headers={"Accept": "image/*" if path.endswith(".png") else "*/*"})
    try:
        with urllib.request.urlopen(request, timeout=patience_s) as answer:
            answer.read()
            status = answer.status
    except urllib.error.HTTPError as error:
        status = error.code
    except OSError:
        status = None
    return time.perf_counter() - began, status


def measure(name, fault, pictures, archive, n_requests, seconds):
    """Print one line: the table's times, the pictures' answers, and the downloads."""
    archive.clear_faults()
    archive.inject(fault)
    before = len(archive.requests)
    with concurrent.futures.ThreadPoolExecutor(n_requests + 100) as pool:
        clients = [pool.submit(ask, pictures[number % len(pictures)]) for number in range(n_requests)]
        visitor, ends_at = [], time.monotonic() + seconds
        while time.monotonic() < ends_at:
            visitor.append(pool.submit(ask, "/"))
            time.sleep(0.25)
        tables = [future.result() for future in visitor]
        answers = [future.result() for future in clients]
    times = sorted(taken for taken, status in tables if status == 200)
    failed = sum(status != 200 for _, status in tables)
    fetched = sum("Download" in path for _, path in archive.requests[before:])
    statuses = [status for _, status in answers]
    counts = ", ".join(
        f"{statuses.count(status)} x {status or 'no answer'}" for status in sorted(set(statuses), key=str)
    )
    print(
        f"{name:32} {1000 * statistics.median(times) if times else 0:7.0f} {1000 * times[-1] if times else 0:7.0f}"
        f" {failed:6} {max(taken for taken, _ in answers):9.1f} {fetched:9}  {counts}",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--alternative", type=Path, help="a checkout of another version")
    options = parser.parse_args()
    print(f"{'':32} {'table median, max [ms]':15} {'failed':>6} {'slowest':>9} {'downloads':>9}  pictures")
    for label, checkout in (("this version", ROOT), ("the alternative", options.alternative)):
        for name, fault in FAULTS.items() if checkout else ():
            with (
                SampleArchive() as archive,
                tempfile.TemporaryDirectory() as folder,
                site(checkout, Path(folder), archive) as pictures,
            ):
                same = 3 * options.requests // 4  # clients that ask for one and the same picture
                asked = [pictures[0]] * same + pictures[1:]
                measure(f"{label}: {name}", fault, asked, archive, options.requests, options.seconds)


if __name__ == "__main__":
    main()
