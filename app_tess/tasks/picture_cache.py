"""Pictures on disk, each with its alternative text and its provenance."""

import hashlib
import json
from pathlib import Path

from flask import current_app, has_request_context

from app_tess import metrics
from app_tess.plots.themes import LOOKS, Picture
from app_tess.storage import catalogue
from app_tess.tasks import disk_cache, shared_store
from app_tess.tasks.provenance import make_provenance, version

DRAWING = "7"
"""Raise it when a drawing or what is stored with it changes: pictures cached by an older one are drawn again."""

PACKAGES = ("numpy", "astropy", "matplotlib")

HEAD_BYTES = 32_768
"""Exceeds the length of any alternative text and provenance together: a page need not read a picture to show them."""


def make_picture_provenance(files, counts=(), left_out=(), **more):
    """Describe what a picture was drawn from, see `make_provenance`, and by which version of the drawing."""
    return make_provenance(files, PACKAGES, counts, left_out, drawing=DRAWING, **more)


def cached_picture(config, key, draw):
    """Return a picture from the cache, or draw and keep it.

    Parameters
    ----------
    key : sequence
        Everything that determines the picture, in values that JSON can hold; the origin of the files is added here.
    draw : callable
        Returns the Picture.

    Returns
    -------
    Picture

    Raises
    ------
    SiteBusy
        In a web request: too many wait for pictures and other expensive results.
    """
    path = _path(config, _origin(config, catalogue.find_current_load()), key)
    picture = _read_picture(path, config)
    metrics.count_cache_read("pictures", picture is not None)
    if picture is not None:
        return picture

    def draw_and_keep():
        drawn = draw()
        head = json.dumps({"alt": drawn.alt, "provenance": drawn.provenance})
        shared_store.keep_if_possible(path, head.encode() + b"\0" + drawn.png, config)
        return drawn

    if has_request_context():  # drawn once for all who ask, and only so many requests wait for their turn
        return current_app.extensions["shared_results"].get(str(path), draw_and_keep)
    return draw_and_keep()


def _read_picture(path, config):
    """Return a cached picture; None where there is none, or one that the disk has damaged."""
    data = shared_store.read(path, config)
    if data is None:
        return None
    head, _, png = data.partition(b"\0")
    try:
        return Picture(png, **json.loads(head)) if png else None
    except (ValueError, TypeError):
        return None


def remembered_provenance(config, load, keys):
    """Return the provenance of each picture that has been drawn.

    Parameters
    ----------
    keys : dict
        name -> a function of the look that returns the picture's key; the provenance is the same in every look.

    Returns
    -------
    dict
        name -> provenance, or None while the picture has not been drawn.
    """
    origin = _origin(config, load)
    return {
        name: next(filter(None, (_read_provenance(_path(config, origin, key(look))) for look in LOOKS)), None)
        for name, key in keys.items()
    }


def _read_provenance(path):
    try:
        with open(path, "rb") as file:
            return json.loads(file.read(HEAD_BYTES).partition(b"\0")[0])["provenance"]
    except (OSError, ValueError, TypeError, KeyError):  # not drawn yet, not readable, or damaged
        return None


def _origin(config, load):
    return "sample" if load is not None and load.simulated else config.mast_url


def _path(config, origin, key):
    text = json.dumps([DRAWING, version("matplotlib"), origin, key], sort_keys=True)
    stem = hashlib.sha256(text.encode()).hexdigest()
    return Path(disk_cache.root_of(config), "pictures", stem[:2], stem)
