"""The files of the bundled sample, simulated on request."""

from functools import lru_cache

from app_tess.archives.products import LightCurveKind, parse_name
from app_tess.archives.sample.catalogue import find_star
from app_tess.archives.sample.light_curve_file import render_light_curve
from app_tess.archives.sample.validation_file import render_validation
from app_tess.errors import MissingData

FILES_KEPT = 8
"""Simulated files kept in memory, about 2 MB each: a page asks for the same one a few times."""


@lru_cache(maxsize=FILES_KEPT)
def render_product(filename: str) -> bytes:
    """Return a simulated file's bytes; MissingData for what the sample does not list."""
    named = parse_name(filename)
    star = find_star(named.tic_id) if named and named.tic_id else None
    if named is None or star is None or filename not in star.product_names():
        raise MissingData(f"{filename} is not among the simulated files of the bundled sample.")
    if isinstance(named.kind, LightCurveKind):
        return render_light_curve(star, named.sector, named.kind.cadence_s(named.sector))
    return render_validation(star, named.sector, named.last_sector)
