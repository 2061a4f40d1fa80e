"""The sample archive: a real HTTP server on the loopback that speaks ExoFOP's and MAST's own formats.

    with SampleArchive() as archive:
        pandas.read_csv(archive.exofop_url + "/tess/download_toi.php?sort=toi&output=csv")

Every answer carries `X-Archive-Contents`, so that a loader knows whether the light curves are simulated.
"""

import io
import json
import re
import threading
import traceback
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, unquote_plus, urlsplit

from app_tess.archives.bulk_scripts import FOLDER
from app_tess.archives.sample.bulk_script import bulk_script
from app_tess.archives.sample.bundled import BundledContents
from app_tess.archives.sample.exofop_api import toi_table
from app_tess.archives.sample.exoplanet_archive_api import answer_tap
from app_tess.archives.sample.faults import Fault, Faults
from app_tess.archives.sample.folder import FolderContents
from app_tess.archives.sample.mast_api import MastApi
from app_tess.archives.sample.mast_columns import columns_config
from app_tess.errors import AppTessError, ConfigurationError, FileFormatError, InvalidInput, MissingData

CONTENTS_HEADER = "X-Archive-Contents"
"""Says what is served: "bundled sample, simulated light curves" or "files of <folder>"."""

MAX_FORM_BYTES = 10_000_000
"""A query with 50,000 ids has about 1 MB; anything far larger is a mistake."""

PRODUCT_SCHEME = "mast:"
"""The address of a product is `mast:<collection>/<folders>/<file>`."""

STATUSES: dict[type[AppTessError], int] = {InvalidInput: 400, MissingData: 404, FileFormatError: 502}
"""The HTTP status of each error of this server; 500 for any other."""


class SampleArchive(Faults):
    """Serves the bundled sample, or a folder's tables and files, on 127.0.0.1 while the context lasts.

    Parameters
    ----------
    data_dir : path, optional
        Folder with toi.csv, tic.csv, products.csv and files/; None: the bundled sample.
    port : int
        0 takes a free one.
    executing_every : int
        Every n-th MAST query is first answered with EXECUTING, as MAST does when it is busy; 0 never.

    Raises
    ------
    ConfigurationError
        The folder lacks a table, or the port is taken (when the context is entered).
    """

    def __init__(self, data_dir: str | Path | None = None, *, port: int = 0, executing_every: int = 5) -> None:
        super().__init__()
        self.contents: BundledContents | FolderContents = (
            BundledContents() if data_dir is None else FolderContents(data_dir)
        )
        tic_rows = self.contents.tic_rows()
        self._observations, planets = self.contents.observation_rows(tic_rows), self.contents.planets()
        self.mast = MastApi(tic_rows, self._observations, executing_every, planets)
        self.requests: list[tuple[str, str]] = []
        self.stopping = threading.Event()
        self._port = port
        self._server: _Server | None = None

    def __enter__(self) -> Self:
        try:
            server = _Server(("127.0.0.1", self._port), self)
        except (OSError, OverflowError) as error:
            raise ConfigurationError(f"Port {self._port} of 127.0.0.1 cannot be used: {error}.") from error
        self._server = server
        self.stopping.clear()
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stopping.set()
        if self._server is not None:
            if self._server.listens:
                self._server.shutdown()
            self._server.server_close()

    def refuse_connections(self) -> None:
        """Stop listening and keep the port, so that every connection is refused until the context ends."""
        if self._server is None:
            raise ConfigurationError("The sample archive is not running: enter its context first.")
        address = ("127.0.0.1", self._server.server_address[1])
        self.__exit__()
        self._server = _Server(address, self, listen=False)

    @property
    def url(self) -> str:
        """Where the server is, without a slash at the end."""
        if self._server is None:
            raise ConfigurationError("The sample archive is not running: enter its context first.")
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    exofop_url = url
    """What EXOFOP_URL should be: stands for https://exofop.ipac.caltech.edu."""

    mast_url = url
    """What MAST_URL should be: stands for https://mast.stsci.edu."""

    def answer(self, method: str, path: str, query: dict[str, str], form_body: str) -> tuple[str, bytes]:
        """Return (content type, body bytes) for a request; raises AppTessError for what cannot be answered."""
        if path == "/tess/download_toi.php":
            return toi_table(self.contents.toi_csv(), query)
        if path == "/TAP/sync":
            return answer_tap(query, self.contents.toi_csv(), self.contents.planets())
        if path == "/api/v0/invoke":
            text = form_body if method == "POST" else query.get("_raw", "")
            return "application/json", json.dumps(self.mast.invoke(text)).encode()
        if path == "/portal/Mashup/Mashup.asmx/columnsconfig":
            form = parse_qs(form_body)
            config_id = (form.get("colConfigId") or [query.get("colConfigId", "")])[0]
            return "application/json", json.dumps(columns_config(config_id)).encode()
        if path == "/api/v0.1/Download/file":
            uri = query.get("uri", "")
            if not uri.startswith(PRODUCT_SCHEME) or "/" not in uri:
                raise InvalidInput(f"uri must be {PRODUCT_SCHEME}<collection>/<file>, not '{uri}'.")
            return "application/fits", self.contents.file_bytes(uri.rsplit("/", 1)[1])
        if match := re.fullmatch(re.escape(FOLDER) + r"tesscurl_sector_(\d{1,4})_lc\.sh", path):
            return "application/x-sh", bulk_script(self._observations, int(match[1]), self.url)
        if path == "/":
            return "text/plain; charset=utf-8", f"TESS sample archive: {self.contents.description}\n".encode()
        raise MissingData(f"This archive has nothing at {path}.")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], archive: SampleArchive, listen: bool = True) -> None:
        super().__init__(address, _Handler, bind_and_activate=listen)
        self.archive = archive
        self.listens = listen
        if not listen:
            self.server_bind()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a client that closes the connection."""


class _Drip(io.BufferedIOBase):
    """Writes a byte at a time, until the archive stops."""

    def __init__(self, file: Any, drip_s: float, stopping: threading.Event) -> None:
        self._file, self._drip_s, self._stopping = file, drip_s, stopping

    def write(self, data: Any) -> int:
        for number in range(len(data)):
            if self._stopping.wait(self._drip_s):
                raise OSError("the archive has stopped")
            self._file.write(data[number : number + 1])
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "SampleArchive"
    timeout = 60  # seconds an idle connection is kept
    server: _Server

    def do_GET(self) -> None:
        self._respond()

    def do_HEAD(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def _respond(self) -> None:
        archive = self.server.archive
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()} | {"_raw": parts.query}
        try:
            form_body = self._read_form()
        except InvalidInput as error:
            self.close_connection = True
            self._send(400, "text/plain; charset=utf-8", str(error).encode(), Fault(path_part=""))
            return
        archive.requests.append((self.command, self.path))
        fault = archive.take_fault(f"{self.path} {unquote_plus(self.path)} {unquote_plus(form_body)}")
        if fault.hang_s and archive.stopping.wait(fault.hang_s):
            self.close_connection = True
            return
        if fault.status:
            status, content_type = fault.status, "text/plain; charset=utf-8"
            body = f"The archive is out of order (injected fault {fault.status}).\n".encode()
        elif fault.body is not None:
            status, content_type, body = 200, fault.content_type, fault.body
        else:
            status, content_type, body = self._answer(archive, parts.path, query, form_body)
        self._send(status, content_type, fault.change(body) if fault.change else body, fault)

    def _answer(
        self, archive: SampleArchive, path: str, query: dict[str, str], form_body: str
    ) -> tuple[int, str, bytes]:
        try:
            return 200, *archive.answer(self.command, path, query, form_body)
        except AppTessError as error:
            return STATUSES.get(type(error), 500), "text/plain; charset=utf-8", f"{error}\n".encode()
        except Exception:  # noqa: BLE001 - an internal error: the client gets an answer, the terminal the traceback
            traceback.print_exc()
            return 500, "text/plain; charset=utf-8", b"The sample archive failed; see its log.\n"

    def _read_form(self) -> str:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MAX_FORM_BYTES:
            raise InvalidInput(f"Content-Length must be a number up to {MAX_FORM_BYTES}, not '{length}'.")
        return self.rfile.read(int(length)).decode("utf-8", "replace")

    def _send(self, status: int, content_type: str, body: bytes, fault: Fault) -> None:
        self.send_response(status)
        headers = {
            "Content-Type": content_type,
            "Content-Length": str(len(body)),
            CONTENTS_HEADER: self.server.archive.contents.description,
        }
        if fault.stream:
            del headers["Content-Length"]
        if fault.stream or fault.keep_fraction is not None or fault.drip_s or "Content-Length" in fault.headers:
            self.close_connection = True
        for name, value in (headers | dict(fault.headers)).items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        try:
            if fault.drip_s:
                self.wfile = _Drip(self.wfile, fault.drip_s, self.server.archive.stopping)
            self.end_headers()
            if self.command != "HEAD":
                for part in self._parts(body, fault):
                    self.wfile.write(part)
        except OSError:
            self.close_connection = True  # the client went away

    def _parts(self, body: bytes, fault: Fault) -> Iterable[bytes]:
        """Return what is sent of a body, in pieces."""
        if fault.stream:
            return fault.stream()
        if fault.keep_fraction is not None:
            return [body[: int(len(body) * fault.keep_fraction)]]
        if fault.stall_s:
            return self._halves(body, fault.stall_s)
        return [body]

    def _halves(self, body: bytes, stall_s: float) -> Iterator[bytes]:
        yield body[: len(body) // 2]
        self.server.archive.stopping.wait(stall_s)
        yield body[len(body) // 2 :]

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: `requests` keeps the record."""
