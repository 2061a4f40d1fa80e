"""How long the page of a star with 60 sectors in three kinds takes, beside that of the same star with a single sector.

    DATABASE_URL=... python -m benchmarks.many_sectors [--views 20]

Loads the bundled sample into an empty database (SQLite in a temporary folder without DATABASE_URL) and lists made-up
files for WASP-46. Each view is requested through Flask's test client and rendered anew, of an empty cache of files. CPU
is this process's own time. No request may reach an archive.
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from sqlalchemy import delete, update

from app_tess import create_app
from app_tess.archives.product_rows import parse_product_url
from app_tess.archives.sample.server import SampleArchive
from app_tess.config import Config
from app_tess.storage import data_version
from app_tess.storage.database import db
from app_tess.storage.models import CatalogueLoad, DataProduct
from app_tess.tasks.reset import reset

TIC_ID = 231663901
FIRST_BTJD, SECTOR_D = 1298.0, 27.4
NAMES = (
    "mast:TESS/product/tess2018206045859-s{0:04d}-{1:016d}-0120-s_lc.fits",
    "mast:HLSP/tess-spoc/s{0:04d}/target/hlsp_tess-spoc_tess_phot_{1:016d}-s{0:04d}_tess_v1_lc.fits",
    "mast:HLSP/qlp/s{0:04d}/hlsp_qlp_tess_ffi_s{0:04d}-{1:016d}_tess_v01_llc.fits",
)


def list_files(names, sectors):
    """Replace the star's data products."""
    rows = [
        parse_product_url(name.format(sector, TIC_ID))
        | {"start_btjd": FIRST_BTJD + SECTOR_D * sector, "stop_btjd": FIRST_BTJD + SECTOR_D * (sector + 1)}
        for name in names
        for sector in range(1, sectors + 1)
    ]
    db.session.execute(delete(DataProduct).where(DataProduct.tic_id == TIC_ID))
    db.session.add_all(DataProduct(**row) for row in rows)
    db.session.commit()


def measure(client, views):
    """Return (median wall clock [ms], median CPU [ms], page size [kB]) of a page that is rendered each time."""
    walls, cpus = [], []
    for number in range(views + 1):
        data_version.renew()
        db.session.commit()
        wall, cpu = time.perf_counter(), time.process_time()
        page = client.get(f"/stars/{TIC_ID}")
        if number:  # the first one compiles the templates
            walls.append(1000 * (time.perf_counter() - wall))
            cpus.append(1000 * (time.process_time() - cpu))
    assert page.status_code == 200
    return statistics.median(walls), statistics.median(cpus), len(page.data) / 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--views", type=int, default=20)
    views = parser.parse_args().views
    with SampleArchive() as archive, tempfile.TemporaryDirectory() as folder:
        config = Config(
            instance_dir=Path(folder),
            database_url=os.environ.get("DATABASE_URL", ""),
            exofop_url=archive.url,
            mast_url=archive.url,
        )
        app = create_app(config)
        with app.app_context():
            db.create_all()
            reset(config, lambda *_: None)
            db.session.execute(update(CatalogueLoad).values(simulated=False))
            asked = len(archive.requests)
            print("kinds  sectors  wall [ms]  CPU [ms]  page [kB]")
            for names, sectors in ((NAMES[:1], 1), (NAMES, 1), (NAMES, 60), (NAMES[:1], 1), (NAMES, 60)):
                list_files(names, sectors)
                wall, cpu, size = measure(app.test_client(), views)
                print(f"{len(names):5d} {sectors:8d} {wall:10.1f} {cpu:9.1f} {size:10.0f}")
            assert len(archive.requests) == asked, "listing must download nothing"
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    main()
