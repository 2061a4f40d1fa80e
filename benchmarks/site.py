"""The whole site for a benchmark, as in production: PostgreSQL, the real catalogue, the Procfile's web and worker."""

import contextlib
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from app_tess.archives.sample.server import SampleArchive
from tests.support.postgres import PostgresServer, find_binaries

ROOT = Path(__file__).resolve().parents[1]
REAL_ARCHIVE = ROOT.parent / "shared" / "archive"
BIN = Path(sys.executable).parent
START_S = 60.0


@dataclass
class Site:
    """A running site.

    Parameters
    ----------
    port : int
    token : str
        Its ADMIN_TOKEN.
    environment : dict
        The settings of its processes.
    processes : dict
        Name in the Procfile -> process.
    """

    port: int
    token: str
    environment: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self):
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def flask(self, *words):
        """Run a command of the site to its end; return what it prints."""
        command = [BIN / "flask", "--app", "app_tess", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"flask {' '.join(words)}: {done.stderr[-500:]}")
        return done.stdout

    def start(self, name, log):
        """Start a process of the Procfile; its output goes into the file `log`."""
        line = re.search(rf"^{name}: (.*)$", (ROOT / "Procfile").read_text(), re.MULTILINE).group(1)
        self.processes[name] = subprocess.Popen(
            ["bash", "-c", f"exec env {line}"], cwd=ROOT, env=self.environment, stdout=log, stderr=log, process_group=0
        )

    def stop(self, name):
        """End a process of the Procfile, with its children, at once."""
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def post(self, path):
        """Send a POST with the admin token; return the status and the body."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        request = urllib.request.Request(self.url + path, method="POST", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def wait_until_it_answers(self):
        """Wait for the first page."""
        ends_at = time.monotonic() + START_S
        while True:
            try:
                return urllib.request.urlopen(self.url + "/", timeout=30).close()
            except OSError:
                if time.monotonic() > ends_at:
                    raise
                time.sleep(0.2)


@contextlib.contextmanager
def loaded_site(port, log_path, data=REAL_ARCHIVE):
    """Start PostgreSQL, the archive and the site with its catalogue loaded; everything ends with the block."""
    database = PostgresServer.start(find_binaries())
    try:
        with SampleArchive(data) as archive, tempfile.TemporaryDirectory() as folder, open(log_path, "ab") as log:
            token = secrets.token_urlsafe(32)
            settings = {
                "ENVIRONMENT": "production",
                "SECRET_KEY": secrets.token_urlsafe(32),
                "ADMIN_TOKEN": token,
                "TRUSTED_HOSTS": "127.0.0.1",
                "DATABASE_URL": database.create_database(),
                "INSTANCE_DIR": folder,
                "EXOFOP_URL": archive.exofop_url,
                "MAST_URL": archive.mast_url,
                "PORT": str(port),
                "PATH": f"{BIN}:{os.environ['PATH']}",
            }
            site = Site(port, token, os.environ | settings)
            site.flask("db", "upgrade")
            print(site.flask("reset").splitlines()[-1], flush=True)
            try:
                site.start("web", log)
                site.start("worker", log)
                site.wait_until_it_answers()
                yield site
            finally:
                for name in list(site.processes):
                    site.stop(name)
    finally:
        database.stop()
