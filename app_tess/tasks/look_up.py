"""Look up a star: fetch its TIC entry, data products, neighbors and newest files, then store all at once."""

from app_tess.archives.mast import MastClient
from app_tess.astro.identifiers import LARGEST_TIC_ID
from app_tess.astro.sky import separation_deg
from app_tess.errors import FileFormatError, InvalidInput, MissingData
from app_tess.storage import catalogue, look_ups
from app_tess.storage.catalogue import PRODUCT_COLUMNS, STAR_COLUMNS
from app_tess.storage.frames import rows_of
from app_tess.storage.known_signals import RADIUS_ARCSEC
from app_tess.storage.look_up_models import LookUp
from app_tess.storage.look_ups import Found
from app_tess.storage.models import DataProduct, Star
from app_tess.storage.switching import current_load_id
from app_tess.tasks import product_choice, product_files
from app_tess.tasks.archive_access import open_archives

MOST_FILES = 8
"""Newest light curves that are fetched at once; the others when a page needs them."""

NEIGHBOUR_COLUMNS = ("tic_id", "ra_deg", "dec_deg", "tmag", "tic_disposition", "duplicate_id")


def look_up(config, tic_id, report):
    """Fetch a star from MAST and store it; return the run's closing message.

    A star with a TOI keeps its row and products, and gets its neighbors.

    Raises
    ------
    InvalidInput
        No number of a TIC entry.
    MissingData
        The TIC has no such entry.
    ArchiveError, ArchiveTimeout
        MAST failed in any of the steps: nothing is stored.
    OutdatedInput, RunEnded
        The catalogue was replaced meanwhile, or the run is over: nothing is stored.
    """
    if not 0 < tic_id <= LARGEST_TIC_ID:
        raise InvalidInput(f"{tic_id} is not a TIC id: it lies outside 1 to {LARGEST_TIC_ID}.", field="tic_id")
    client, load_id = MastClient(config.mast_url, open_archives(config)), current_load_id()
    is_toi, total = catalogue.has_toi(tic_id), 3 + MOST_FILES
    report(0, total, f"asking {client.host} for TIC {tic_id}")
    rows = client.fetch_tic_rows([tic_id])
    of_star = rows[rows["tic_id"] == tic_id]
    if of_star.empty:
        raise MissingData(f"The TESS Input Catalog has no entry TIC {tic_id} ({client.host}).")
    star = rows_of(of_star.assign(has_tic_row=True).reindex(columns=STAR_COLUMNS), STAR_COLUMNS)[0]
    notes, products = list(rows.attrs["skipped"]), []
    if not is_toi:
        report(1, total, f"asking {client.host} for the data products of TIC {tic_id}")
        listed = client.fetch_products([tic_id])
        products = rows_of(listed[listed["tic_id"] == tic_id], PRODUCT_COLUMNS)
        notes += listed.attrs["skipped"]
    report(2, total, f"asking {client.host} for the neighbors of TIC {tic_id}")
    neighbours = _neighbours(client, star)
    curves = product_choice.light_curve_products(Star(products=[DataProduct(**row) for row in products]))
    notes += _fetch_files(config, curves[-MOST_FILES:], report, total)
    report(total, total, "storing the star")
    count = None if neighbours is None else len(neighbours)
    record = LookUp(tic_id=tic_id, mast_url=config.mast_url, neighbour_count=count, notes=notes)
    message = _describe(star, None if is_toi else len(curves), count, notes)
    look_ups.record_look_up(record, Found(None if is_toi else star, products, neighbours or []), load_id, message)
    return message


def _neighbours(client, star):
    """Return rows of the entries around a star, without it; None where its position is unknown."""
    if star["ra_deg"] is None or star["dec_deg"] is None:
        return None
    found = client.fetch_neighbours(star["ra_deg"], star["dec_deg"], RADIUS_ARCSEC / 3600)
    found = found[found["ra_deg"].notna() & found["dec_deg"].notna() & (found["tic_id"] != star["tic_id"])]
    away_arcsec = 3600 * separation_deg(found["ra_deg"], found["dec_deg"], star["ra_deg"], star["dec_deg"])
    rows = rows_of(found, NEIGHBOUR_COLUMNS)
    return [
        row | {"neighbour_id": row["tic_id"], "tic_id": star["tic_id"], "separation_arcsec": away}
        for row, away in zip(rows, away_arcsec.tolist(), strict=True)
    ]


def _fetch_files(config, curves, report, total):
    """Fetch light curves into the cache; return a sentence for each that is absent or broken."""
    notes = []
    for number, product in enumerate(curves):
        report(3 + number, total, f"fetching {product.filename}")
        try:
            product_files.get_file(config, product)
        except MissingData:
            notes.append(f"{product.filename} is listed, but the archive has no such file.")
        except FileFormatError as error:
            notes.append(str(error))
    return notes


def _describe(star, curve_count, neighbour_count, notes):
    entry = ""
    if star["tic_disposition"] or star["duplicate_id"]:
        entry = f" The TIC lists this entry as {star['tic_disposition'] or 'related'}"
        entry += f" (see TIC {star['duplicate_id']})." if star["duplicate_id"] else "."
    around = "the TIC gives no position, so its neighbors are unknown"
    if neighbour_count is not None:
        around = f"other TIC entries within 3 arcmin: {neighbour_count:,}"
    has = "it has a TOI, so its row and products are the catalogue's"
    if curve_count is not None:
        has = f"sectors with a light curve: {curve_count}"
    left_out = f" Cells or files left out: {len(notes)}." if notes else ""
    return f"Looked up TIC {star['tic_id']}: {has}; {around}.{entry}{left_out}"
