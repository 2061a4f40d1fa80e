"""Read tables that a person names on the command line."""

import zlib
from pathlib import Path

from app_tess.errors import TrainingError


def read_csv_table(path, required=(), what="table"):
    """Read a CSV file, which may be gzipped, as a DataFrame.

    Parameters
    ----------
    path : str or Path
    required : sequence of str
        Columns that it must have.
    what : str
        What it should be, for the message: "table of events".

    Raises
    ------
    TrainingError
        The file is missing, not a table, or lacks a column; the message names the file and the column.
    """
    import pandas as pd

    source = Path(path).name
    try:
        table = pd.read_csv(path, compression="gzip" if source.endswith(".gz") else None)
    except FileNotFoundError as error:
        raise TrainingError(f"There is no file {path}.") from error
    except (OSError, ValueError, EOFError, zlib.error) as error:
        raise TrainingError(f"{source} is not a {what} (CSV).") from error
    lacking = [name for name in required if name not in table]
    if lacking:
        raise TrainingError(f"{source} has no column {', '.join(map(repr, lacking))}.")
    return table
