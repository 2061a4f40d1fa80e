"""Which web server keeps answering while clients send and read slowly, and how fast it is without them.

    DATABASE_URL=... INSTANCE_DIR=... python -m benchmarks.servers [--clients 40] [--seconds 12] [--only NAME]

Load the catalogue first. Each server runs this site with two processes (waitress alone: one) of eight threads each,
and gets the same attacks in turn. During each, a visitor asks for the table twice a second and waits at most ten
seconds. `pip install granian gevent psycogreen` for the alternatives; a server that is not installed is left out.
"""

import argparse
import concurrent.futures
import contextlib
import http.client
import importlib.util
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

PORT = 8980
GUNICORN = "gunicorn --bind 127.0.0.1:{port} --workers 2 --no-control-socket --timeout 60 --log-level error"
SERVERS = {
    "gunicorn gthread": ("gunicorn", f"{GUNICORN} --threads 8 app_tess.wsgi:app"),
    "gunicorn gevent": ("gevent", f"{GUNICORN} -k gevent --worker-connections 1000 benchmarks.servers:gevent_app()"),
    "granian": (
        "granian",
        "granian --interface wsgi --host 127.0.0.1 --port {port} --workers 2 --blocking-threads 8 "
        "--log-level error app_tess.wsgi:app",
    ),
    "waitress": ("waitress", "waitress --listen=127.0.0.1:{port} --threads=8 app_tess.wsgi:app"),
    "gunicorn + waitress": (
        "waitress",
        f"{GUNICORN} --threads 8 -k app_tess.gunicorn_worker.BufferingWorker app_tess.wsgi:app",
    ),
}
PATIENCE_S = 10.0
HEAD = b"HTTP/1.1\r\nHost: 127.0.0.1\r\n"
EXPORT = b"GET /api/v1/tois.json " + HEAD + b"\r\n"


def gevent_app():
    """The site with PostgreSQL's driver made cooperative: without that every query stops a gevent process."""
    from psycogreen.gevent import patch_psycopg

    patch_psycopg()
    from app_tess.wsgi import app

    return app


class Attack:
    """Connections that are kept busy from a thread, one small step each twice a second."""

    def __init__(self, first, step, receive_buffer=None):
        self._first, self._step, self._receive_buffer = first, step, receive_buffer
        self._sockets: list[socket.socket] = []
        self._stop = threading.Event()

    def __call__(self, clients):
        self._sockets = []
        for _ in range(clients):
            with contextlib.suppress(OSError):
                self._sockets.append(self._connect())
        self._stop.clear()
        thread = threading.Thread(target=self._go_on, daemon=True)
        thread.start()
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stop.set()
        for client in self._sockets:
            client.close()

    def _connect(self):
        client = socket.socket()
        if self._receive_buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._receive_buffer)
        client.settimeout(2)
        client.connect(("127.0.0.1", PORT))
        client.sendall(self._first)
        client.setblocking(False)
        return client

    def _go_on(self):
        while not self._stop.wait(0.5):
            for client in self._sockets:
                with contextlib.suppress(OSError):
                    self._step(client)


ATTACKS = {
    "idle": Attack(b"", lambda client: None),
    "half a request": Attack(b"GET / " + HEAD, lambda client: None),
    "a header, byte by byte": Attack(b"GET / " + HEAD + b"X-Slow: ", lambda client: client.send(b"x")),
    "a body, byte by byte": Attack(
        b"POST /theme " + HEAD + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n",
        lambda client: client.send(b"x"),
    ),
    "an endless body": Attack(
        b"POST /theme " + HEAD + b"Content-Type: application/x-www-form-urlencoded\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n",
        lambda client: client.send(b"400\r\n" + b"x" * 1024 + b"\r\n"),
    ),
    "an export, read slowly": Attack(EXPORT, lambda client: client.recv(1024), receive_buffer=4096),
}


def ask(path="/"):
    """Return the seconds that a GET took, or None if it failed."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=PATIENCE_S)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        return time.perf_counter() - began if response.status == 200 else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def visit(seconds):
    """Ask for the table twice a second, whether or not the earlier requests are answered; return their times."""
    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        asked = []
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            asked.append(pool.submit(ask))
            time.sleep(0.5)
        return [future.result() for future in asked]


def throughput(seconds, clients=16):
    """Return answered requests per second of clients that ask one after the other."""
    end = time.monotonic() + seconds

    def go_on(_):
        count = 0
        while time.monotonic() < end:
            count += ask() is not None
        return count

    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        return sum(pool.map(go_on, range(clients))) / seconds


def family(pid):
    """Yield a process and its descendants; one that ends meanwhile is left out."""
    pids = [pid]
    while pids:
        pid = pids.pop()
        with contextlib.suppress(OSError):
            pids += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
            yield Path(f"/proc/{pid}")


def memory_mb(pid):
    """Return the resident memory of a process and its children [MB]."""
    page_mb = os.sysconf("SC_PAGE_SIZE") / 1e6
    return sum(int(text.split()[1]) for text in _texts(pid, "statm")) * page_mb


def shares_mb(pid, what="Pss"):
    """Return the memory of a process and of each child [MB], what they share counted once, by shares (PSS).

    `what`: another line of the kernel's smaps_rollup, such as "Rss", which counts what is shared in each process.
    """
    found = [re.search(rf"^{what}:\s+(\d+)", text, re.MULTILINE) for text in _texts(pid, "smaps_rollup")]
    return [int(share.group(1)) / 1000 if share else 0.0 for share in found]


def cpu_s(pid):
    """Return the processor time that a process and its children have used [s]."""
    fields = [text.rpartition(")")[2].split() for text in _texts(pid, "stat")]
    return sum(int(found[11]) + int(found[12]) for found in fields) / os.sysconf("SC_CLK_TCK")


def _texts(pid, name):
    """Yield the file of that name of a process and of each child, but for those that end meanwhile."""
    for process in family(pid):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            yield (process / name).read_text()


@contextlib.contextmanager
def served(command):
    """Run a server until the block ends; gives its process."""
    words = command.format(port=PORT).split()
    process = subprocess.Popen([sys.executable, "-m", *words], stderr=subprocess.DEVNULL)
    try:
        for _ in range(60):
            if ask() is not None:
                break
            time.sleep(0.5)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def describe(times, memory):
    """Return a cell of the table: how many were answered, median and worst, memory."""
    answered = [seconds for seconds in times if seconds is not None]
    if not answered:
        return f"0 of {len(times)} answered"
    return (
        f"{len(answered)} of {len(times)}, median {1000 * statistics.median(answered):.0f} ms, "
        f"worst {1000 * max(answered):.0f} ms, {memory:.0f} MB"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--only", action="append", choices=SERVERS)
    options = parser.parse_args()
    for name, (package, command) in SERVERS.items():
        if (options.only and name not in options.only) or importlib.util.find_spec(package) is None:
            continue
        with served(command):
            print(f"{name}: {throughput(options.seconds):.0f} tables per second with 16 clients", flush=True)
        for attack_name, attack in ATTACKS.items():
            with served(command) as process, attack(options.clients):
                times = visit(options.seconds)
                print(f"  {attack_name}: {describe(times, memory_mb(process.pid))}", flush=True)


if __name__ == "__main__":
    main()
