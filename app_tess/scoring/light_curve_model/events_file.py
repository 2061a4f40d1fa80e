"""Read a table of events, and add what it knows of them to a file of views."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from app_tess.errors import TrainingError
from app_tess.scoring.common.csv_tables import read_csv_table
from app_tess.scoring.light_curve_model.views_file import LABELS, POSITIONS, SCALAR_NAMES

REQUIRED = ("tic_id", "period_d", "epoch_btjd", "label")

SAME_PERIOD, SAME_EPOCH_D = 1e-3, 0.05
"""Relative difference in period and difference in epoch [d] of two rows on one event: both are copies of one list."""

SECTOR_DATA_D = 25.0
"""Time [d] in one sector with data; divided by the period it gives the number of transits."""


def read_events(path):
    """Read a table of events (CSV, may be gzipped).

    Returns
    -------
    DataFrame
        REQUIRED columns, and whichever others the file has.

    Raises
    ------
    TrainingError
        The file is missing or no such table; the message names the file and the column.
    """
    import pandas as pd

    source = Path(path).name
    events = read_csv_table(path, REQUIRED, "table of events")
    if not len(events):
        raise TrainingError(f"{source} has no rows.")
    used = (*REQUIRED, *SCALAR_NAMES, *POSITIONS, "sector_count", "stellar_mass_msun")
    for name in events.columns.intersection(used).drop("label"):
        if not pd.api.types.is_numeric_dtype(events[name]):
            raise TrainingError(f"{source}: column '{name}' is not numeric.")
    unknown = sorted(set(events["label"].fillna("")) - set(LABELS["tess"]))
    if unknown:
        raise TrainingError(f"{source}: unknown label {', '.join(map(str, unknown))}.")
    return events


def _row_of_each_event(views, events):
    """Row number in `events` of each of the file's N events, -1 where there is none."""
    import pandas as pd

    ours = pd.DataFrame({"tic_id": views.star_id, "period": views.scalar("period_d"), "epoch": views.epoch_btjd})
    theirs = events[["tic_id", "period_d", "epoch_btjd"]].assign(row=np.arange(len(events)))
    pairs = ours.reset_index(names="event").merge(theirs, on="tic_id")
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = (pairs["period"] / pairs["period_d"] - 1).abs()
    near = (apart < SAME_PERIOD) & ((pairs["epoch"] - pairs["epoch_btjd"]).abs() < SAME_EPOCH_D)
    best = pairs.assign(apart=apart)[near].sort_values("apart", kind="stable").drop_duplicates("event")
    rows = np.full(len(views), -1)
    rows[best["event"]] = best["row"]
    return rows


def _known_scalars(events):
    """Columns of SCALAR_NAMES that the table has or implies."""
    known = {name: events[name].to_numpy(float) for name in SCALAR_NAMES if name in events}
    if "stellar_mass_msun" in events and "stellar_radius_rsun" in events:
        radius = events["stellar_radius_rsun"].to_numpy(float)
        with np.errstate(divide="ignore", invalid="ignore"):
            known.setdefault("density_solar", events["stellar_mass_msun"].to_numpy(float) / radius**3)
    if "sector_count" in events:
        period = events["period_d"].to_numpy(float)
        with np.errstate(divide="ignore", invalid="ignore"):
            known.setdefault("transits", np.maximum(1, events["sector_count"].to_numpy(float) * SECTOR_DATA_D / period))
    return known


def why_no_match(views, events, source):
    """Return a sentence where the table, read from the file `source`, has none of the file's events, else None."""
    if (_row_of_each_event(views, events) >= 0).any():
        return None
    return (
        f"None of the {len(views):,} events of {views.source} is among the {len(events):,} of {source}: they are"
        f" matched by TIC id, period (to {SAME_PERIOD:.1%}) and epoch_btjd (to {SAME_EPOCH_D} d)."
    )


def with_events(views, events):
    """Return a ViewsFile with the labels, positions and missing scalars of a table of events.

    Parameters
    ----------
    views : ViewsFile
    events : DataFrame
        As `read_events` returns. Rows are matched by TIC id, period and epoch.

    Returns
    -------
    ViewsFile
        Where the table has the event, its label replaces that of the file, and fills the scalars that the file lacks.
        Other events keep what they have.
    """
    rows = _row_of_each_event(views, events)
    found, rows = rows >= 0, np.maximum(rows, 0)
    theirs = events["label"].fillna("").to_numpy(str)[rows]
    label = np.where(found, theirs, "" if views.label is None else views.label)
    scalars = views.scalars.copy()
    for name, values in _known_scalars(events).items():
        column = scalars[:, SCALAR_NAMES.index(name)]  # a view: writes into `scalars`
        missing = found & np.isnan(column)
        column[missing] = values[rows][missing]
    position = np.full((len(views), 2), np.nan) if views.position_deg is None else views.position_deg.copy()
    if set(POSITIONS) <= set(events.columns):
        position[found] = events[list(POSITIONS)].to_numpy(float)[rows][found]
    return replace(views, label=label, scalars=scalars, position_deg=position)
