"""Pictures on disk, each with its alternative text and its receipt: what was read, what was dropped, what drew it."""

import dataclasses
import hashlib
import json
from functools import cache
from importlib import metadata

from app_tess.plots.style import THEMES, Picture
from app_tess.storage import catalogue
from app_tess.storage.database import plain
from app_tess.tasks.product_files import keep

DRAWING = "3"
"""Raise it when a drawing changes: cached pictures of an older one are drawn anew."""
PACKAGES = ("numpy", "astropy", "matplotlib")
version = cache(metadata.version)
"""Reads a package's file each time (4 ms); a page asks once a picture."""


def make_receipt(files, counts=(), left_out=(), **more):
    """A picture's receipt as a plain dict: its files with their sha256, what became of their cadences, and what drew it.

    Parameters
    ----------
    files : sequence of (str, str)
        Name and sha256.
    counts : sequence of astro.light_curve.CadenceCount
    left_out : sequence of str
        Sentences on files that were not used.
    """
    return plain(
        {
            "files": [{"file": name, "sha256": sha256} for name, sha256 in files],
            "left_out": list(left_out),
            "cadences": [dataclasses.asdict(count) for count in counts],
            "versions": {name: version(name) for name in PACKAGES},
            "drawing": DRAWING,
        }
        | more
    )


def cached_picture(config, key, draw):
    """A picture by everything that shapes it: what it shows, how it is drawn, and where the files come from.

    Parameters
    ----------
    key : sequence
        JSON can hold it.
    draw : callable
        Returns the Picture.
    """
    path = _path(config, _origin(config, catalogue.find_current_load()), key)
    if path.exists():
        head, _, png = path.read_bytes().partition(b"\0")
        return Picture(png, **json.loads(head))
    picture = draw()
    head = json.dumps({"alt": picture.alt, "receipt": picture.receipt})
    keep(path, head.encode() + b"\0" + picture.png, config)
    return picture


def remembered_receipts(config, load, keys):
    """name -> receipt, or None while the picture has not been drawn.

    Parameters
    ----------
    keys : dict
        name -> a function of the theme that gives the picture's key; the receipt is the same in every theme.
    """
    origin = _origin(config, load)
    return {
        name: next(filter(None, (_read_receipt(_path(config, origin, key(theme))) for theme in THEMES)), None)
        for name, key in keys.items()
    }


def _read_receipt(path):
    try:
        with open(path, "rb") as file:
            return json.loads(file.read(HEAD_BYTES).partition(b"\0")[0])["receipt"]
    except FileNotFoundError:
        return None


HEAD_BYTES = 32_768
"""More than any alternative text and receipt take together: a page needs no picture to show its receipt."""


def _origin(config, load):
    return "sample" if load is not None and load.simulated else config.mast_url


def _path(config, origin, key):
    text = json.dumps([DRAWING, version("matplotlib"), origin, key], sort_keys=True)
    stem = hashlib.sha256(text.encode()).hexdigest()
    return config.instance_dir / "cache" / "pictures" / stem[:2] / stem
