"""A throw-away PostgreSQL server for the tests, on a socket in a temporary folder, run by another user than root."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

import psycopg2

OPTIONS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


def find_binaries():
    """Return the folder of initdb and pg_ctl, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


class PostgresServer:
    """A server that any process of a test run can use once one has started it; `root` is its folder."""

    def __init__(self, binaries, root):
        self._bin, self.root = binaries, Path(root)
        self._user = "postgres" if os.geteuid() == 0 else None
        self._connection = None
        self._spare = []

    @classmethod
    def start(cls, binaries):
        """Start a server in a new temporary folder, whose path is short enough for a socket."""
        server = cls(binaries, tempfile.mkdtemp(prefix="tess-pg-"))
        if server._user:
            entry = pwd.getpwnam(server._user)
            os.chown(server.root, entry.pw_uid, entry.pw_gid)
        data, log = server.root / "data", server.root / "log"
        server._run("initdb", "-D", data, "-U", "tess", "-A", "trust", "--no-sync", "-E", "UTF8")
        try:
            server._run("pg_ctl", "-D", data, "-l", log, "-w", "-o", f"-k {server.root} {OPTIONS}", "start")
        except subprocess.CalledProcessError as error:
            raise RuntimeError(f"PostgreSQL did not start: {log.read_text()[-2000:]}") from error
        return server

    def _run(self, name, *arguments):
        subprocess.run(
            [self._bin / name, *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=self._user,
            cwd=self.root,
        )

    def _connect(self):
        if self._connection is None:
            self._connection = psycopg2.connect(self.url("postgres"))
            self._connection.autocommit = True
        return self._connection

    def _execute(self, statement):
        cursor = self._connect().cursor()
        cursor.execute(statement)
        return cursor

    def url(self, database):
        return f"postgresql://tess@/{database}?host={self.root}"

    def create_database(self, name=None, template="template0"):
        """Make a database, empty or a copy of another, or take an empty one that was put away; returns its URL."""
        if name is None and template == "template0" and self._spare:
            return self.url(self._spare.pop())
        name = name or _new_name()
        connection = self._connect()
        # since release 15 the default is to write every page to the log, which takes five times as long
        strategy = "STRATEGY file_copy" if connection.server_version >= 150_000 else ""
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {strategy}')
        return self.url(name)

    def replace_database(self, name, template):
        """Put a copy of another database in the place of this one."""
        if self.is_empty(name):
            spare = _new_name()
            self._execute(f'ALTER DATABASE "{name}" RENAME TO "{spare}"')
            self._spare.append(spare)
        else:
            self.drop_database(name)
        self.create_database(name, template)

    def is_empty(self, name):
        """Whether a database is as it was made: a client's connection, or a table, adds to its files."""
        cursor = self._execute(f"SELECT pg_database_size('{name}') = pg_database_size('template0')")
        [(unused,)] = cursor.fetchall()
        return unused

    def put_away(self, name):
        """Keep a database that is still empty for the next test; remove any other, whoever is connected to it."""
        if self.is_empty(name):
            self._spare.append(name)
        else:
            self.drop_database(name)

    def drop_database(self, name):
        """Remove a database, whoever is connected to it."""
        self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def stop(self):
        """End the server and remove its folder; it need not have been started by this process."""
        self._run("pg_ctl", "-D", self.root / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.root, ignore_errors=True)


def _new_name():
    return f"t{uuid.uuid4().hex[:12]}"


def name_of(url):
    """Return the name of a database from its URL."""
    return url.split("@/")[1].split("?")[0]
