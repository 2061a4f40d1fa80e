"""One thing this package does, run once in its own process for `side_by_side`, which measures the memory.

    python -m benchmarks.our_way NAME [FILE]

Prints milliseconds (`sector`, `fold`, `vet`) or seconds. `reset...`, `copy` and `pandas_...` use the database that
DATABASE_URL names.
"""

import io
import sys
import time
from pathlib import Path
from unittest import mock

from app_tess.astro.ephemeris import Ephemeris

WASP_46 = Ephemeris(1.430370, 1326.0089, 1.6166)


def timed(run):
    """Return the seconds of a run."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def drawn(draw):
    """Return the milliseconds of drawing after a first drawing, which imports and lays out."""
    draw()
    return 1000 * timed(draw)


def sector(path):
    """Read a sector and draw it."""
    from app_tess.archives.products.spoc_light_curve import read_light_curve
    from app_tess.plots.light_curve import render_sector

    return drawn(lambda: render_sector(read_light_curve(path, path.name), [("x", WASP_46)]))


def fold(path):
    """Read a sector, remove its trend, fold and draw it."""
    from app_tess.archives.products.spoc_light_curve import read_light_curve
    from app_tess.astro.stitching import stitch
    from app_tess.plots.folded import render_folded

    return drawn(lambda: render_folded(stitch([read_light_curve(path, path.name)], [WASP_46]), WASP_46, "x"))


def vet(path):
    """Read a sector, remove its trend, fold it and measure everything that vetting measures, without the network."""
    from app_tess.archives.products.spoc_light_curve import read_light_curve
    from app_tess.astro.vetting.star import Target, vet_star

    return drawn(lambda: vet_star([read_light_curve(path, path.name)], [Target("x", WASP_46)]))


def reset(_path):
    """Update the catalogue by the same rows; the seconds of its database part."""
    return _of_reset(lambda: None)


def reset_changed(_path):
    """Update a catalogue in which 5 % of the rows of each table differ; the seconds of the database part."""
    return _of_reset(
        lambda: _execute(
            "UPDATE tois SET depth_ppm = coalesce(depth_ppm, 0) + 1 WHERE toi_number % 20 = 7",
            "UPDATE stars SET tmag = coalesce(tmag, 0) + 1 WHERE tic_id % 20 = 7",
            "UPDATE data_products SET start_btjd = 0 WHERE tic_id % 20 = 8",
        )
    )


def reset_first(_path):
    """Update a catalogue that is empty; the seconds of the database part."""
    return _of_reset(
        lambda: _execute(*(f"DELETE FROM {table}" for table in ("listed_tois", "tois", "data_products", "stars")))
    )


def _execute(*statements):
    from sqlalchemy import text

    from app_tess.storage.database import db

    for statement in statements:
        db.session.execute(text(statement))
    db.session.commit()


def _of_reset(prepare):
    """Return the seconds of the database part of an update."""
    from app_tess import create_app
    from app_tess.storage import catalogue
    from app_tess.tasks import reset as update

    app, spent, replace = create_app(), [], catalogue.replace_catalogue

    def clocked(*args, **options):
        prepare()
        spent.append(timed(lambda: replaced.append(replace(*args, **options))))
        return replaced[0]

    replaced = []
    with mock.patch.object(catalogue, "replace_catalogue", clocked), app.app_context():
        update.reset(app.config["TESS"], lambda *_: None)
    return spent[0]


def copy(_path):
    """COPY the rows of the catalogue's tables into empty tables with the same indexes, by PostgreSQL alone."""
    from app_tess import create_app
    from app_tess.storage.database import db

    with create_app().app_context():
        connection = db.engine.raw_connection()
        cursor, tables = connection.cursor(), ("stars", "tois", "data_products")
        rows = {table: io.StringIO() for table in tables}
        for table, text in rows.items():
            cursor.copy_expert(f"COPY {table} TO STDOUT", text)
            text.seek(0)
            cursor.execute(f"CREATE TABLE copied_{table} (LIKE {table} INCLUDING ALL)")
        connection.commit()

        def copy_all():
            for table, text in rows.items():
                cursor.copy_expert(f"COPY copied_{table} FROM STDIN", text)
            connection.commit()

        seconds = timed(copy_all)
        for table in tables:
            cursor.execute(f"DROP TABLE copied_{table}")
        connection.commit()
    return seconds


def pandas_csv(_path):
    """Read all TOIs with their stars by pandas and write them with to_csv; as many columns as our export has."""
    return _of_pandas(lambda frame: frame.to_csv(io.StringIO()))


def pandas_json(_path):
    """Write them with to_json, one object a row."""
    return _of_pandas(lambda frame: frame.to_json(io.StringIO(), orient="records"))


def pandas_vot(_path):
    """Write them with astropy, which makes a VOTable of a frame; it needs texts without nulls."""
    from astropy.table import Table

    def write(frame):
        texts = {name: frame[name].fillna("").astype(str) for name in frame.select_dtypes(exclude="number")}
        Table.from_pandas(frame.assign(**texts)).write(io.BytesIO(), format="votable")

    return _of_pandas(write)


def _of_pandas(write):
    import pandas as pd

    from app_tess import create_app
    from app_tess.storage.database import db

    with create_app().app_context(), db.engine.connect() as connection:

        def run():
            frame = pd.read_sql("SELECT * FROM tois JOIN stars USING (tic_id)", connection)
            write(frame.set_axis([f"{name}_{number}" for number, name in enumerate(frame)], axis="columns"))

        return timed(run)


_ALL = (sector, fold, vet, reset, reset_changed, reset_first, copy, pandas_csv, pandas_json, pandas_vot)
WAYS = {one.__name__: one for one in _ALL}

if __name__ == "__main__":
    print(WAYS[sys.argv[1]](Path(sys.argv[2]) if len(sys.argv) > 2 else None))
