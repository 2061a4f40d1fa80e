"""The TOIs that a model was trained on, written beside it: what each scores without its own star, and its values."""

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app_tess.astro.dispositions import FINAL
from app_tess.scoring.catalogue_model.value_rates import RATED_VALUES, ValueRates

TRAINING_TOIS_NAME = "training_tois.csv"

DECIMALS = 6


@dataclass(frozen=True)
class TrainingTois:
    """One row per training TOI: toi (text), tic_id, disposition, held_out_probability, and the rated features."""

    table: Any
    """DataFrame."""

    def held_out_probabilities(self, tois):
        """Return the probabilities of TOIs by models that were trained without their stars.

        Parameters
        ----------
        tois : Series of str, length N

        Returns
        -------
        ndarray, shape (N,)
            NaN for a TOI that no model was trained on.
        """
        return tois.map(self.table.set_index("toi")["held_out_probability"]).to_numpy(dtype=float)

    @cached_property
    def rates(self) -> ValueRates:
        """Counts of the dispositioned TOIs by value."""
        return ValueRates(self.table[self.table["disposition"].isin(FINAL)].reset_index(drop=True))

    def to_csv(self) -> bytes:
        """Return the file's content."""
        return self.table.to_csv(index=False, float_format=f"%.{DECIMALS}g", lineterminator="\n").encode()


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
    import pandas as pd

    features = pipeline.named_steps["features"].transform(rows)
    known = {
        "toi": rows["toi"].to_numpy(),
        "tic_id": rows["tic_id"].to_numpy(),
        "disposition": rows["tfopwg_disposition"].to_numpy(),
        "held_out_probability": pipeline.named_steps["model"].out_of_fold_["probability"],
    }
    return TrainingTois(
        pd.DataFrame(known | {value.feature: features[value.feature].to_numpy() for value in RATED_VALUES})
    )


def read_training_tois(content: bytes) -> TrainingTois:
    """Read the file, whose content has been verified against the manifest."""
    import pandas as pd

    return TrainingTois(pd.read_csv(io.BytesIO(content), dtype={"toi": str, "disposition": str}))
