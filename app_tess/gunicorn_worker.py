"""The web server's process: gunicorn starts, watches and restarts it, and waitress talks to the clients in it.

waitress receives a request whole before a thread sees it, and sends the response after the thread has turned to the
next one. A client that sends or reads slowly therefore occupies no thread; gunicorn's own threads would wait for it.
`benchmarks/servers.py` compares both, and others.
"""

import logging
import os
import sys
import time
from weakref import WeakKeyDictionary

from gunicorn.workers.base import Worker
from waitress import create_server, wasyncore
from waitress.buffers import ReadOnlyFileBasedBuffer
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask

from app_tess.web.http.security import HEADERS
from app_tess.web.http.table_file import FilePart
from app_tess.web.warm_up import WHEN_SERVING

KIB = 1024
LARGEST_BODY = 64 * KIB
"""Bytes of a request's body; no form of the site is longer."""

LARGEST_HEAD = 32 * KIB
"""Bytes of a request's line and headers: a table's address with every filter has a tenth of it."""

CONNECTIONS = 800
"""Connections open at a time in one process; each may need two file descriptors, of which 1,024 are usual. More wait
in the kernel's queue until one closes."""

SILENCE_S, RECEIVING_S, SENDING_S = 30, 30, 600
"""How long a connection may be idle, take to send one request, and take to read one response [s]."""

TURN_S = 1
"""How often the limits are checked, and the process reports to gunicorn that it is alive [s]."""


class _Refusal(ErrorTask):
    """waitress's own answer to what is no request, with the headers that every other answer has."""

    def execute(self):
        self.response_headers.extend(HEADERS.items())
        super().execute()


class _PartOfFile(ReadOnlyFileBasedBuffer):
    """What waits to be sent of a file that is not this response's alone: it is left where it is, and left open."""

    def __init__(self, part):
        self.file, self._at, self.remain = part.file, part.at, len(part)

    def get(self, numbytes=-1, skip=False):
        return os.pread(self.file.fileno(), min(numbytes, self.remain), self._at)

    def skip(self, numbytes, allow_prune=0):
        self._at += numbytes
        self.remain -= numbytes

    def close(self):
        self.file, self.remain = None, 0


class _Answer(WSGITask):
    """A response of which parts may be in files: however many wait for a slow client, they take no memory."""

    def write(self, data):
        if not isinstance(data, FilePart):
            super().write(data)
            return
        super().write(b"")  # the headers, before the first part
        if self.chunked_response:
            self.channel.write_soon(f"{len(data):X}\r\n".encode())
        self.channel.write_soon(_PartOfFile(data))
        if self.chunked_response:
            self.channel.write_soon(b"\r\n")
        self.content_bytes_written += len(data)


class _Connection(HTTPChannel):
    task_class = _Answer
    error_task_class = _Refusal


class BufferingWorker(Worker):
    """Serves the application with waitress in `--threads` threads."""

    def run(self):
        """Serve until gunicorn stops this process; then finish what has been asked for."""
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a full queue shows in the latencies
        connections: dict = {}
        threads = ThreadedTaskDispatcher()
        threads.set_thread_count(self.cfg.threads)
        servers = [self._serve(listener.sock, connections, threads) for listener in self.sockets]
        limits = TimeLimits()
        if begin := getattr(self.wsgi, "extensions", {}).get(WHEN_SERVING):
            begin()
        while self.alive and self.ppid == os.getppid():
            self._turn(connections, limits)
        for server in servers:
            server.accepting = False
        give_up_at = time.monotonic() + self.cfg.graceful_timeout
        while any(is_busy(channel) for channel in channels(connections)) and time.monotonic() < give_up_at:
            self._turn(connections, limits)
        threads.shutdown(timeout=1)
        wasyncore.close_all(connections, ignore_all=True)

    def _serve(self, listener, connections, threads):
        server = create_server(
            self.wsgi,
            map=connections,
            _dispatcher=threads,
            sockets=[listener],
            ident=None,
            clear_untrusted_proxy_headers=False,  # ProxyFix reads them, where the settings name proxies
            max_request_body_size=LARGEST_BODY,
            max_request_header_size=LARGEST_HEAD,
            connection_limit=CONNECTIONS,
            outbuf_high_watermark=sys.maxsize,  # no thread waits for a client: only FileParts are so long
            channel_timeout=SILENCE_S,
            cleanup_interval=TURN_S,
            log_socket_errors=False,
        )
        server.channel_class = _Connection
        return server

    def _turn(self, connections, limits):
        self.notify()
        wasyncore.loop(timeout=TURN_S, use_poll=True, map=connections, count=1)
        limits.close_overdue(channels(connections), time.monotonic())


def channels(connections):
    """Return the clients' connections among waitress's sockets."""
    return [found for found in list(connections.values()) if isinstance(found, HTTPChannel)]


def is_busy(channel):
    """Return whether a response is being made or sent."""
    return bool(channel.requests or channel.total_outbufs_len)


class TimeLimits:
    """Closes connections that send a request, or read a response, too slowly; waitress limits only their silence."""

    def __init__(self):
        self._since: WeakKeyDictionary[HTTPChannel, tuple[str | None, float]] = WeakKeyDictionary()

    def close_overdue(self, found, moment):
        """Mark overdue connections to be closed; `moment` is a monotonic time [s]."""
        for channel in found:
            doing = _doing(channel)
            if doing != self._since.get(channel, (None, moment))[0]:
                self._since[channel] = (doing, moment)
            elif doing is not None and moment - self._since[channel][1] > _LIMITS[doing]:
                channel.will_close = True


_LIMITS = {"receiving": RECEIVING_S, "sending": SENDING_S}


def _doing(channel):
    if channel.request is not None:
        return "receiving"
    return "sending" if channel.total_outbufs_len else None
