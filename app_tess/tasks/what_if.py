"""What a TOI would score with other values than the catalogue's; nothing is stored."""

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

from threadpoolctl import threadpool_limits

from app_tess.errors import BeingLoaded, MissingData
from app_tess.scoring.catalogue_model import hypothetical, pipeline_file
from app_tess.scoring.catalogue_model.feature_list import FEATURE_NAMES, STAR_TOI_COUNT
from app_tess.scoring.catalogue_model.value_rates import RATED_VALUES
from app_tess.storage import scores
from app_tess.tasks.predict import columns_of

PATIENCE_S = 1.0
"""How long a request waits for the model to be loaded."""

_lock = Lock()


@dataclass(frozen=True)
class DerivedValue:
    """A quantity that the model uses, of the TOI as listed and as hypothesized; None where it cannot be computed."""

    words: str
    unit: str
    decimals: int
    present: float | None
    hypothetical: float | None

    @property
    def differs(self) -> bool:
        """Whether the change is visible at all."""
        return self.present != self.hypothetical


@dataclass(frozen=True)
class WhatIf:
    """The answer: probabilities are those of the model in use, which may have seen the TOI's disposition."""

    changed: list[hypothetical.ChangedValue]
    present_probability: float | None
    hypothetical_probability: float | None
    reason: str | None
    """Why there is no hypothetical probability."""
    derived: list[DerivedValue]
    unusual: list[str]
    """Features that no more than 1 % of the dispositioned TOIs exceed, in sentences."""
    held_out_probability: float | None
    """The probability that the site lists, of models trained without this star; None: not in the training data."""


def read_toi(tic_id: int, toi: str) -> dict[str, Any]:
    """Return a TOI as a row of the scoring frame, with the number of its star's TOIs.

    Raises
    ------
    MissingData
        The star has no such TOI.
    """
    rows = scores.read_star(tic_id)
    if all(row["toi"] != toi for row in rows):
        raise MissingData(f"TIC {tic_id} has no TOI {toi} in the catalogue.")
    return next(row for row in rows if row["toi"] == toi) | {STAR_TOI_COUNT: float(len(rows))}


def what_if(row: dict[str, Any], typed: dict[str, float]) -> WhatIf:
    """Score a TOI with other values; see `hypothetical.hypothesize` for what they carry along."""
    loaded = _model()
    from app_tess.scoring.catalogue_model.feature_values import feature_values
    from app_tess.scoring.catalogue_model.score_tois import NO_SIGNAL, has_signal

    other, changed = hypothetical.hypothesize(row, typed)
    columns = columns_of([row, row | other])
    features = feature_values(columns, 2)
    with threadpool_limits(1):
        probabilities = loaded.model.probabilities(loaded.model.impute(features)).tolist()
    scored = has_signal(columns).tolist()
    present, hypothesized = (
        value if has_score else None for value, has_score in zip(probabilities, scored, strict=True)
    )
    held_out = float(loaded.training.held_out_probabilities([row["toi"]])[0])
    return WhatIf(
        changed=changed,
        present_probability=present,
        hypothetical_probability=hypothesized,
        reason=None if scored[1] else NO_SIGNAL,
        derived=[_derived(value, *features[:, FEATURE_NAMES.index(value.feature)].tolist()) for value in RATED_VALUES],
        unusual=loaded.model.explainer.unusual(features[1]),
        held_out_probability=None if math.isnan(held_out) else held_out,
    )


def _derived(rated, *features):
    values = (None if math.isnan(feature) else float(rated.value_of(feature)) for feature in features)
    return DerivedValue(rated.words, rated.unit, rated.decimals, *values)


def _model():
    """Return the model; BeingLoaded where that takes too long, as beside many requests: nobody waits for seconds."""
    with _lock:
        loading = _loading()
    try:
        return loading.result(PATIENCE_S)
    except TimeoutError:
        raise BeingLoaded("The model is being loaded, as after each start of the site.") from None
    except Exception:
        _loading.cache_clear()  # the next request tries again
        raise


@lru_cache(maxsize=1)
def _loading():
    """Begin to load the model once a process, on the first question: 100 MB that a site without questions saves."""
    return ThreadPoolExecutor(1).submit(pipeline_file.load)
