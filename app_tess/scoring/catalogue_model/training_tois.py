"""The TOIs that a model was trained on, written beside it: what each scores without its own star, and its values."""

import csv
import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from app_tess.astro.dispositions import FINAL
from app_tess.scoring.catalogue_model.value_rates import RATED_VALUES, ValueRates

TRAINING_TOIS_NAME = "training_tois.csv"

DECIMALS = 6

TEXTS, IDS = ("toi", "disposition"), ("tic_id",)
"""Columns that are not 64-bit numbers."""


@dataclass(frozen=True)
class TrainingTois:
    """One row per training TOI."""

    table: dict[str, np.ndarray]
    """By column, each of shape (N,): toi (text), tic_id, disposition, held_out_probability, the rated features."""

    def held_out_probabilities(self, tois):
        """Return the probabilities of TOIs by models that were trained without their stars.

        Parameters
        ----------
        tois : sequence of str, length N

        Returns
        -------
        ndarray, shape (N,)
            NaN for a TOI that no model was trained on.
        """
        return np.array([self._held_out.get(toi, np.nan) for toi in tois], dtype=float)

    @cached_property
    def _held_out(self) -> dict[str, float]:
        return dict(zip(self.table["toi"].tolist(), self.table["held_out_probability"].tolist(), strict=True))

    @cached_property
    def rates(self) -> ValueRates:
        """Counts of the dispositioned TOIs by value."""
        final = np.isin(self.table["disposition"].astype(str), list(FINAL))
        return ValueRates({name: values[final] for name, values in self.table.items()})

    def to_csv(self) -> bytes:
        """Return the file's content."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.table)
        writer.writerows(zip(*(_written(values) for values in self.table.values()), strict=True))
        return text.getvalue().encode()


def _written(values):
    if values.dtype.kind != "f":
        return values.tolist()
    return ["" if np.isnan(value) else f"{value:.{DECIMALS}g}" for value in values.tolist()]


def describe_training(rows, pipeline) -> TrainingTois:
    """Describe the rows that a pipeline was trained on.

    Parameters
    ----------
    rows : DataFrame
        Scoring frame from `frame.training_rows`, in the order of the training.
    pipeline : Pipeline
        Trained on them: its out-of-fold probabilities are those of members trained on the other four fifths of the
        stars, combined with the weights of the whole.
    """
    features = pipeline.named_steps["features"].transform(rows)
    known = {
        "toi": rows["toi"].to_numpy(dtype=object),
        "tic_id": rows["tic_id"].to_numpy(),
        "disposition": rows["tfopwg_disposition"].to_numpy(dtype=object),
        "held_out_probability": pipeline.named_steps["model"].out_of_fold_["probability"],
    }
    return TrainingTois(known | {value.feature: features[value.feature].to_numpy() for value in RATED_VALUES})


def read_training_tois(content: bytes) -> TrainingTois:
    """Read the file, whose content has been verified against the manifest."""
    header, *rows = csv.reader(io.StringIO(content.decode()))
    columns = zip(*rows, strict=True) if rows else [() for _ in header]
    return TrainingTois({name: _read(name, cells) for name, cells in zip(header, columns, strict=True)})


def _read(name: str, cells: Any) -> np.ndarray:
    if name in TEXTS:
        return np.array(cells, dtype=object)
    return np.array(cells, dtype=int) if name in IDS else np.array([cell or "nan" for cell in cells], dtype=float)
