"""A throw-away PostgreSQL server for the tests: started once, on a socket in a temporary folder, as another user than root."""

import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
import time
import uuid
from pathlib import Path

import psycopg2

START_S = 20


def find_binaries():
    """The folder of initdb and postgres, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


class PostgresServer:
    """A server with one database a test; `create_database()` gives its URL."""

    def __init__(self, binaries):
        self._bin = binaries
        self._root = Path(tempfile.mkdtemp(prefix="tess-pg-"))
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            entry = pwd.getpwnam(self._user)
            os.chown(self._root, entry.pw_uid, entry.pw_gid)
        self._run("initdb", "-D", str(self._root / "data"), "-U", "tess", "-A", "trust", "--no-sync", "-E", "UTF8")
        options = (
            f"-k {self._root} -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        )
        log = open(self._root / "log", "w")
        self._process = subprocess.Popen(
            [str(self._bin / "postgres"), "-D", str(self._root / "data"), *shlex.split(options)],
            stdout=log,
            stderr=log,
            user=self._user,
            cwd=self._root,
        )
        self._wait()

    def _run(self, name, *arguments):
        subprocess.run(
            [str(self._bin / name), *arguments], check=True, capture_output=True, user=self._user, cwd=self._root
        )

    def _wait(self):
        deadline = time.monotonic() + START_S
        while True:
            try:
                psycopg2.connect(self.url("postgres")).close()
                return
            except psycopg2.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise RuntimeError(
                        f"PostgreSQL did not start: {(self._root / 'log').read_text()[-2000:]}"
                    ) from None
                time.sleep(0.05)

    def url(self, database):
        return f"postgresql://tess@/{database}?host={self._root}"

    def create_database(self):
        name = f"t{uuid.uuid4().hex[:12]}"
        self._run("createdb", "-h", str(self._root), "-U", "tess", name)
        return self.url(name)

    def drop_database(self, url):
        name = url.split("@/")[1].split("?")[0]
        self._run("dropdb", "-h", str(self._root), "-U", "tess", "--force", name)

    def stop(self):
        self._process.terminate()
        self._process.wait(20)
        shutil.rmtree(self._root, ignore_errors=True)
