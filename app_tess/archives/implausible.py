"""Cells of the archives' tables that say nothing: errors of zero, and epochs at which no TOI was observed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from app_tess.astro.times import EARLIEST_EPOCH_BTJD, btjd_to_bjd, unix_to_btjd
from app_tess.fields import STAR_COLUMNS, TOI_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

ERROR_COLUMNS = frozenset(field.name for field in (*TOI_COLUMNS, *STAR_COLUMNS) if field.error_of)
"""Our names of all standard errors."""
AHEAD_D = 366.0
"""An epoch is an observed transit, or one predicted for the coming season: never more than a year ahead [d]."""


def blank_unknown_errors(frame: pd.DataFrame) -> None:
    """Blank errors of zero or less: the archives write an unknown error as 0, and no measurement is exact."""
    for name in ERROR_COLUMNS & set(frame.columns):
        frame[name] = frame[name].where(frame[name] > 0)


def blank_impossible_epochs(frame: pd.DataFrame) -> list[str]:
    """Blank epochs at which no TOI can have been observed, and return a sentence on each.

    A BTJD, an MJD or a zero in a column of BJD stands thousands of years before TESS. It is not converted, because the
    column does not say which of them it is.

    Parameters
    ----------
    frame : pandas.DataFrame
        With `toi`, `epoch_btjd` [d] and `epoch_err_d`.
    """
    latest_btjd = unix_to_btjd(datetime.now(UTC).timestamp()) + AHEAD_D
    epoch = frame["epoch_btjd"]
    wrong = epoch.notna() & ~epoch.between(EARLIEST_EPOCH_BTJD, latest_btjd)
    sentences = [
        f"TOI {toi}: the epoch {btjd_to_bjd(value):.10g} is not the BJD of an observed transit "
        f"({btjd_to_bjd(EARLIEST_EPOCH_BTJD):.0f} to {btjd_to_bjd(latest_btjd):.0f}); it was left blank"
        for toi, value in zip(frame.loc[wrong, "toi"], epoch[wrong], strict=True)
    ]
    frame.loc[wrong, ["epoch_btjd", "epoch_err_d"]] = np.nan
    return sentences
