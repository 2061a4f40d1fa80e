"""The sample archive: a real HTTP server on the loopback that speaks ExoFOP's and MAST's own formats.

    with SampleArchive() as archive:
        pandas.read_csv(archive.exofop_url + "/tess/download_toi.php?sort=toi&output=csv")

Every answer carries `X-Archive-Contents`, so that a loader knows whether the light curves are simulated.
"""

import json
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote_plus, urlsplit

from app_tess.archives.sample.bundled import BundledContents
from app_tess.archives.sample.exofop_api import toi_table
from app_tess.archives.sample.faults import Faults
from app_tess.archives.sample.folder import FolderContents
from app_tess.archives.sample.mast_api import MastApi
from app_tess.archives.sample.mast_columns import columns_config
from app_tess.errors import AppTessError, ConfigurationError, FileFormatError, InvalidInput, MissingData

CONTENTS_HEADER = "X-Archive-Contents"
"""Says what is served: "bundled sample, simulated light curves" or "files of <folder>"."""

MAX_FORM_BYTES = 10_000_000
"""A query with 50,000 ids has about 1 MB; anything far larger is a mistake."""

PRODUCT_PREFIX = "mast:TESS/product/"

STATUSES = {InvalidInput: 400, MissingData: 404, FileFormatError: 502}
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

    def __init__(self, data_dir=None, *, port=0, executing_every=5):
        super().__init__()
        self.contents = BundledContents() if data_dir is None else FolderContents(data_dir)
        tic_rows = self.contents.tic_rows()
        self.mast = MastApi(tic_rows, self.contents.observation_rows(tic_rows), executing_every)
        self.requests = []
        self.stopping = threading.Event()
        self._port = port
        self._server = None

    def __enter__(self):
        try:
            self._server = _Server(("127.0.0.1", self._port), _Handler)
        except (OSError, OverflowError) as error:
            raise ConfigurationError(f"Port {self._port} of 127.0.0.1 cannot be used: {error}.") from error
        self._server.archive = self
        self.stopping.clear()
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self):
        """Where the server is, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    exofop_url = url
    """What EXOFOP_URL should be: stands for https://exofop.ipac.caltech.edu."""

    mast_url = url
    """What MAST_URL should be: stands for https://mast.stsci.edu."""

    def answer(self, method, path, query, form_body):
        """Return (content type, body bytes) for a request; raises AppTessError for what cannot be answered."""
        if path == "/tess/download_toi.php":
            return toi_table(self.contents.toi_csv(), query)
        if path == "/api/v0/invoke":
            text = form_body if method == "POST" else query.get("_raw", "")
            return "application/json", json.dumps(self.mast.invoke(text)).encode()
        if path == "/portal/Mashup/Mashup.asmx/columnsconfig":
            form = dict(parse_qs(form_body))
            config_id = (form.get("colConfigId") or [query.get("colConfigId", "")])[0]
            return "application/json", json.dumps(columns_config(config_id)).encode()
        if path == "/api/v0.1/Download/file":
            uri = query.get("uri", "")
            if not uri.startswith(PRODUCT_PREFIX):
                raise InvalidInput(f"uri must be {PRODUCT_PREFIX}<file>, not '{uri}'.")
            return "application/fits", self.contents.file_bytes(uri.removeprefix(PRODUCT_PREFIX))
        if path == "/":
            return "text/plain; charset=utf-8", f"TESS sample archive: {self.contents.description}\n".encode()
        raise MissingData(f"This archive has nothing at {path}.")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """A client that hangs up is no error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "SampleArchive"
    timeout = 60  # seconds an idle connection is kept

    def do_GET(self):
        self._respond()

    def do_HEAD(self):
        self._respond()

    def do_POST(self):
        self._respond()

    def _respond(self):
        archive = self.server.archive
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()} | {"_raw": parts.query}
        try:
            form_body = self._read_form()
        except InvalidInput as error:
            self.close_connection = True
            return self._send(400, "text/plain; charset=utf-8", str(error).encode())
        archive.requests.append((self.command, self.path))
        fault = archive.take_fault(f"{self.path} {unquote_plus(self.path)} {unquote_plus(form_body)}")
        if fault.hang_s and archive.stopping.wait(fault.hang_s):
            self.close_connection = True
            return None
        if fault.status:
            message = f"The archive is out of order (injected fault {fault.status}).\n".encode()
            return self._send(fault.status, "text/plain; charset=utf-8", message, fault.headers)
        if fault.body is not None:
            return self._send(200, fault.content_type, fault.body)
        status, content_type, body = self._answer(archive, parts.path, query, form_body)
        return self._send(status, content_type, body, keep_fraction=fault.keep_fraction, stall_s=fault.stall_s)

    def _answer(self, archive, path, query, form_body):
        try:
            return 200, *archive.answer(self.command, path, query, form_body)
        except AppTessError as error:
            return STATUSES.get(type(error), 500), "text/plain; charset=utf-8", f"{error}\n".encode()
        except Exception:  # a bug of ours: the client gets an answer, the terminal the trace
            traceback.print_exc()
            return 500, "text/plain; charset=utf-8", b"The sample archive failed; see its log.\n"

    def _read_form(self):
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MAX_FORM_BYTES:
            raise InvalidInput(f"Content-Length must be a number up to {MAX_FORM_BYTES}, not '{length}'.")
        return self.rfile.read(int(length)).decode("utf-8", "replace")

    def _send(self, status, content_type, body, headers=None, keep_fraction=None, stall_s=0.0):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header(CONTENTS_HEADER, self.server.archive.contents.description)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if keep_fraction is not None:
            body = body[: int(len(body) * keep_fraction)]
            self.close_connection = True
        try:
            if stall_s:
                self.wfile.write(body[: len(body) // 2])
                self.server.archive.stopping.wait(stall_s)
                body = body[len(body) // 2 :]
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # the client went away

    def log_message(self, format, *args):
        """Silent: `requests` keeps the record."""
