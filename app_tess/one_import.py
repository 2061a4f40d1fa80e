"""Imports by many threads, one after the other.

A page imports what only it needs when it is first asked for. Python lets threads import at the same time, each module
once; where modules of a package import each other, as matplotlib's do, two threads wait for each other's modules, and
Python ends that by handing out a module that is not complete. In a web process that had just started, ten pictures
requested at once failed with "cannot import name ... from partially initialized module".
"""

import builtins
import sys
import threading

PATIENCE_S = 20.0
"""How long a thread waits for another one's import [s]. Should that one need what this thread holds, both go on."""

_turn = threading.RLock()
_import = builtins.__import__


def import_one_at_a_time() -> None:
    """Make every import statement of this process that loads a module wait for those of other threads."""
    builtins.__import__ = _import_in_turn


def _import_in_turn(name, globals=None, locals=None, fromlist=(), level=0):
    loaded = sys.modules.get(name) if level == 0 else None
    if loaded is not None and all(hasattr(loaded, wanted) for wanted in fromlist or ()):
        return _import(name, globals, locals, fromlist, level)
    has_turn = _turn.acquire(timeout=PATIENCE_S)
    try:
        return _import(name, globals, locals, fromlist, level)
    finally:
        if has_turn:
            _turn.release()
