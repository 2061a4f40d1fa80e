"""ExoFOP's download_toi.php over a TOI table: output=csv or pipe, all TOIs or toi=NNN."""

import csv
import io
from collections.abc import Mapping

from app_tess.archives.toi_columns import match_columns, without_remarks
from app_tess.errors import InvalidInput

CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "pipe": "text/plain; charset=utf-8"}


def toi_table(table_csv: bytes, query: Mapping[str, str]) -> tuple[str, bytes]:
    """Return (content type, bytes) of the TOI table.

    Parameters
    ----------
    table_csv : bytes
        The whole table, comma-separated, with a header line.
    query : dict
        `output` is csv (the default) or pipe; `toi` is 101 (all TOIs of that star) or 101.01.
    """
    output = query.get("output", "csv")
    if output not in CONTENT_TYPES:
        raise InvalidInput(f"output must be csv or pipe, not '{output}'.")
    wanted = query.get("toi", "").strip()
    if output == "csv" and not wanted:
        return CONTENT_TYPES["csv"], table_csv
    header, *rows = csv.reader(io.StringIO(without_remarks(table_csv.decode("utf-8-sig"))))
    if wanted:
        column = header.index(match_columns(header)["toi"])
        rows = [row for row in rows if row[column] == wanted or row[column].split(".")[0] == wanted]
    text = io.StringIO()
    csv.writer(text, delimiter="," if output == "csv" else "|", lineterminator="\n").writerows([header, *rows])
    return CONTENT_TYPES[output], text.getvalue().encode()
