"""Which file of the bundled sample is asked for, and its bytes."""

from app_tess.archives.sample.catalogue import find_star
from app_tess.archives.sample.sectors import parse_product_name
from app_tess.errors import NotFound


def render_product(filename):
    """Return a simulated file's bytes; NotFound for what the sample does not list."""
    name = parse_product_name(filename)
    star = find_star(name.tic_id)
    if star is None or filename not in star.product_names():
        raise NotFound(f"{filename} is not among the simulated files of the bundled sample.")
    raise NotFound(f"{filename}: the simulator is not there yet.")
