"""Load the catalogue of eclipsing binaries with which observed dips are compared."""

import hashlib

from app_tess.archives.eclipsing_binaries import read_eclipsing_binaries
from app_tess.storage import eclipsing_binaries
from app_tess.storage.eclipsing_binary_models import EclipsingBinaryLoad


def load_eclipsing_binaries(path):
    """Read the file (a CSV of Prša et al. 2022, plain or gzip), store it, and return a message and the notes.

    Raises
    ------
    FileFormatError
        The file is no such table; the stored binaries remain.
    """
    rows, notes, data = read_eclipsing_binaries(path)
    load = EclipsingBinaryLoad(file_name=path.name, sha256=hashlib.sha256(data).hexdigest())
    load = eclipsing_binaries.replace_binaries(rows, load)
    stars = len({row["tic_id"] for row in rows})
    return f"Loaded {load.signal_count:,} signals of {stars:,} eclipsing binaries from {path.name}.", notes
