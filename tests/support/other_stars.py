"""A sample archive with one star that has a TOI and others that have none, over real HTTP."""

import csv
import io
from contextlib import contextmanager

from app_tess.archives.sample.bundled import BundledContents
from app_tess.archives.sample.catalogue import load_stars
from app_tess.archives.sample.mast_columns import TIC_FIELDS
from app_tess.archives.sample.server import SampleArchive

HOST, OTHER, NEIGHBOUR, DUPLICATE, NOWHERE = 231663901, 199574208, 1001, 1002, 1003
"""WASP-46, which has a TOI; a star without one (CM Draconis' number), an entry near it, another entry of the same star,
and an entry without a position."""
LISTED = f"tess2020106103520-s0024-{OTHER:016d}-0180-s_lc.fits"
"""A light curve of OTHER that the archive lists and does not have."""


def _write(path, fields, rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, fields, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


@contextmanager
def other_stars(folder):
    """The archive, serving from `folder`."""
    contents = BundledContents()
    tois = list(csv.DictReader(io.StringIO(contents.toi_csv().decode())))
    _write(folder / "toi.csv", list(tois[0]), [row for row in tois if row["TIC ID"] == str(HOST)])
    [host] = [row for row in contents.tic_rows() if row["ID"] == str(HOST)]
    other = {"ID": OTHER, "ra": 248.5847, "dec": 57.1623, "Tmag": 10.16, "Teff": 3214.0, "rad": 0.318}
    near = {"ID": NEIGHBOUR, "ra": 248.59, "dec": 57.17, "Tmag": 12.5}
    twin = near | {"ID": DUPLICATE, "disposition": "DUPLICATE", "duplicate_id": NEIGHBOUR}
    far = {"ID": 1004, "ra": 248.5847, "dec": 57.22, "Tmag": 9.0}
    _write(
        folder / "tic.csv",
        [name for name, _ in TIC_FIELDS],
        [host, other, near, twin, far, {"ID": NOWHERE, "Tmag": 13.0}],
    )
    [star] = [star for star in load_stars() if star.tic_id == HOST]
    products = [{"target_name": HOST, "dataURL": f"mast:TESS/product/{name}"} for name in star.product_names()]
    products.append({"target_name": OTHER, "dataURL": f"mast:TESS/product/{LISTED}"})
    _write(folder / "products.csv", ["target_name", "dataURL"], products)
    with SampleArchive(folder) as archive:
        yield archive
