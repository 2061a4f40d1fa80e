"""Connections whose every read from the socket meets the deadline.

The time-outs of requests and urllib3 apply to each read alone, so that a server that sends a byte now and then, in the
header or in the body, holds a client indefinitely (https://github.com/psf/requests/issues/3099).
"""

import http.client
import io
import socket
import time
from collections.abc import Callable
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from app_tess.archives.http.exchange import POLL_S, Exchange

CurrentExchange = Callable[[], Exchange]


def pool_classes(current: CurrentExchange) -> dict[str, type[HTTPConnectionPool]]:
    """Return connection pools for urllib3's `pool_classes_by_scheme` that read under the current exchange."""

    def response(sock: socket.socket, *args: Any, **options: Any) -> http.client.HTTPResponse:
        made = http.client.HTTPResponse(sock, *args, **options)
        made.fp = io.BufferedReader(_Reader(sock, made.fp, current()))
        return made

    class Connection(HTTPConnection):
        response_class = staticmethod(response)  # type: ignore[assignment]

    class SecureConnection(HTTPSConnection):
        response_class = staticmethod(response)  # type: ignore[assignment]

    class Pool(HTTPConnectionPool):
        ConnectionCls = Connection

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = SecureConnection

    return {"http": Pool, "https": SecurePool}


class _Reader(io.RawIOBase):
    """Reads a socket in short waits; `file` is http.client's own reader, which keeps the socket open until closed."""

    def __init__(self, sock: socket.socket, file: Any, exchange: Exchange) -> None:
        self._sock, self._file, self._exchange = sock, file, exchange

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what has arrived; TimeoutError after a silence, and whatever `Exchange.check` raises."""
        silent_at = time.monotonic() + self._exchange.limits.silence_s
        timeout = self._sock.gettimeout()
        try:
            while True:
                self._exchange.check()
                step = min(POLL_S, self._exchange.seconds_left, silent_at - time.monotonic())
                self._sock.settimeout(max(step, 0.001))
                try:
                    return self._sock.recv_into(buffer)
                except TimeoutError:
                    if time.monotonic() >= silent_at:
                        silence_s = self._exchange.limits.silence_s
                        raise TimeoutError(f"nothing arrived for {silence_s:g} s") from None
        finally:
            self._sock.settimeout(timeout)

    def close(self) -> None:
        self._file.close()
        super().close()
