"""The web server's process as a thread of the tests, over real HTTP."""

import contextlib
import logging
import os
import socket
import threading
from types import SimpleNamespace

from gunicorn.config import Config

from app_tess.gunicorn_worker import BufferingWorker


@contextlib.contextmanager
def serving(site, threads):
    """Serve a WSGI application; yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings = Config()
        settings.set("threads", threads)
        worker = BufferingWorker(
            0, os.getppid(), [SimpleNamespace(sock=listener)], None, 30, settings, logging.getLogger("test")
        )
        worker.wsgi = site
        thread = threading.Thread(target=worker.run, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        worker.alive = False
        thread.join(10)
        worker.tmp.close()
