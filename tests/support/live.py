"""The site on a port of the loopback, for clients that are not Flask's: browsers, pyvo, curl."""

import contextlib
import threading

from werkzeug.serving import make_server


@contextlib.contextmanager
def live_site(app):
    """Serve `app` in threads; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
