"""Pictures on disk, each with its alternative text and its provenance."""

import hashlib
import json

from app_tess import metrics
from app_tess.plots.themes import THEMES, Picture
from app_tess.storage import catalogue
from app_tess.tasks.product_files import keep
from app_tess.tasks.provenance import make_provenance, version

DRAWING = "4"
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
    """
    path = _path(config, _origin(config, catalogue.find_current_load()), key)
    is_cached = path.exists()
    metrics.count_cache_read("pictures", is_cached)
    if is_cached:
        head, _, png = path.read_bytes().partition(b"\0")
        return Picture(png, **json.loads(head))
    picture = draw()
    head = json.dumps({"alt": picture.alt, "provenance": picture.provenance})
    keep(path, head.encode() + b"\0" + picture.png, config)
    return picture


def remembered_provenance(config, load, keys):
    """Return the provenance of each picture that has been drawn.

    Parameters
    ----------
    keys : dict
        name -> a function of the theme that returns the picture's key; the provenance is the same in every theme.

    Returns
    -------
    dict
        name -> provenance, or None while the picture has not been drawn.
    """
    origin = _origin(config, load)
    return {
        name: next(filter(None, (_read_provenance(_path(config, origin, key(theme))) for theme in THEMES)), None)
        for name, key in keys.items()
    }


def _read_provenance(path):
    try:
        with open(path, "rb") as file:
            return json.loads(file.read(HEAD_BYTES).partition(b"\0")[0])["provenance"]
    except FileNotFoundError:
        return None


def _origin(config, load):
    return "sample" if load is not None and load.simulated else config.mast_url


def _path(config, origin, key):
    text = json.dumps([DRAWING, version("matplotlib"), origin, key], sort_keys=True)
    stem = hashlib.sha256(text.encode()).hexdigest()
    return config.instance_dir / "cache" / "pictures" / stem[:2] / stem
