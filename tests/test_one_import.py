"""Threads that import the same packages at once, as pictures do that are requested from a process just started."""

import builtins
import subprocess
import sys
import threading

import pytest

from app_tess import one_import
from tests.support.imports import ROOT, modules

TOGETHER = """
import importlib, sys, threading
from app_tess.one_import import import_one_at_a_time

import_one_at_a_time()
sys.setswitchinterval(1e-5)
names, failures = sys.argv[1:], []
ready = threading.Barrier(len(names))

def load(name):
    ready.wait()
    try:
        exec(f"import {name}")
    except Exception as error:
        failures.append(f"{name}: {error!r}")

threads = [threading.Thread(target=load, args=[name]) for name in names]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit("\\n".join(failures) or 0)
"""


def test_all_that_draws_is_loaded_by_as_many_threads_at_once():
    drawing = [name for name in modules() if name.startswith("app_tess.plots.")]
    assert len(drawing) > 10
    together = [sys.executable, "-c", TOGETHER, *drawing]
    done = subprocess.run(together, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_application_imports_in_turn(make_app, config):
    make_app(config)
    assert builtins.__import__ is one_import._import_in_turn


@pytest.fixture
def another_thread_imports():
    """Another thread that is in the middle of an import."""
    begun, end = threading.Event(), threading.Event()

    def hold():
        with one_import._turn:
            begun.set()
            end.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    begun.wait()
    yield
    end.set()
    thread.join()


def test_what_is_loaded_is_imported_without_waiting(another_thread_imports, monkeypatch):
    monkeypatch.setattr(one_import, "PATIENCE_S", 3600.0)
    assert one_import._import_in_turn("app_tess.config", fromlist=("Config",)).__name__ == "app_tess.config"
    assert one_import._import_in_turn("app_tess.config").__name__ == "app_tess"


def test_an_import_that_does_not_end_delays_another_one_and_does_not_stop_it(another_thread_imports, monkeypatch):
    monkeypatch.setattr(one_import, "PATIENCE_S", 0.01)
    monkeypatch.delitem(sys.modules, "this", raising=False)
    assert one_import._import_in_turn("app_tess.config", fromlist=("absent",)).__name__ == "app_tess.config"
