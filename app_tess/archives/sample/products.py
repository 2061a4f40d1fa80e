"""Which file of the bundled sample is asked for, and its bytes."""

from functools import lru_cache

from app_tess.archives.sample.catalogue import find_star
from app_tess.archives.sample.light_curve_file import render_light_curve
from app_tess.archives.sample.sectors import parse_product_name
from app_tess.archives.sample.validation_file import render_validation
from app_tess.errors import MissingData

FILES_KEPT = 8
"""Simulated files kept in memory, about 2 MB each: a page asks for the same one a few times."""


@lru_cache(maxsize=FILES_KEPT)
def render_product(filename):
    """Return a simulated file's bytes; MissingData for what the sample does not list."""
    name = parse_product_name(filename)
    star = find_star(name.tic_id)
    if star is None or filename not in star.product_names():
        raise MissingData(f"{filename} is not among the simulated files of the bundled sample.")
    if name.kind == "dvt":
        return render_validation(star, name.first_sector, name.last_sector)
    return render_light_curve(star, name.first_sector, 20 if name.kind == "fast-lc" else 120)
