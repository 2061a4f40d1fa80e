"""Read radii and densities of stars, and add them to a file of views."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from app_tess.errors import TrainingError
from app_tess.scoring.common.csv_tables import read_csv_table
from app_tess.scoring.light_curve_model.views_file import SCALAR_NAMES

SPELLINGS = {
    "tic_id": ("tic_id", "TIC_ID", "ID"),
    "stellar_radius_rsun": ("stellar_radius_rsun", "Radius", "rad"),
    "density_solar": ("density_solar", "rho"),
}
"""Our name -> the names of the column in tables made from the TIC."""


def read_star_values(path):
    """Read a table of stars (CSV, may be gzipped) as a DataFrame with tic_id, stellar_radius_rsun and density_solar.

    Raises
    ------
    TrainingError
        The file is missing, or lacks a column; the message names both.
    """
    import pandas as pd

    source, table = Path(path).name, read_csv_table(path)
    columns = {}
    for name, spellings in SPELLINGS.items():
        found = next((spelling for spelling in spellings if spelling in table), None)
        if found is None:
            raise TrainingError(f"{source} has no column {name} ({', '.join(spellings)}).")
        columns[name] = pd.to_numeric(table[found], errors="coerce")
    return pd.DataFrame(columns).dropna(subset=["tic_id"]).astype({"tic_id": np.int64}).drop_duplicates("tic_id")


def with_star_values(views, stars):
    """Return a TESS ViewsFile whose unknown radii and densities are filled from a table of stars; others unchanged."""
    if views.mission != "tess":
        return views
    scalars, table = views.scalars.copy(), stars.set_index("tic_id")
    for name in ("stellar_radius_rsun", "density_solar"):
        column = scalars[:, SCALAR_NAMES.index(name)]
        known = table[name].reindex(views.star_id).to_numpy(float)
        column[:] = np.where(np.isnan(column), known, column)
    return replace(views, scalars=scalars)
