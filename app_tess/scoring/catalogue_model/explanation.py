"""Why a TOI got its probability: the layout of `Score.explanation`, as the model writes it and the pages read it."""

from dataclasses import dataclass
from typing import Any

from app_tess.scoring.common.json_records import from_json


@dataclass(frozen=True)
class FamilyContribution:
    """The contribution of one physical family of features."""

    family: str
    name: str
    log_odds: float
    words: str


@dataclass(frozen=True)
class MissingInput:
    """A catalogue column without a value."""

    column: str
    name: str


@dataclass(frozen=True)
class ImputedFeature:
    """A feature that could not be computed, and the training median used instead."""

    feature: str
    formula: str
    unit: str
    used: float


@dataclass(frozen=True)
class Neighbor:
    """A dispositioned TOI that is similar in its features."""

    toi: str
    disposition: str
    distance: float


@dataclass(frozen=True)
class ValueRate:
    """How many dispositioned TOIs near a value are planets, among those of the training, without the TOI's own star."""

    feature: str
    """One of `value_rates.RATED_VALUES`."""
    value: float | None
    """None: missing."""
    low: float | None
    high: float | None
    """What counts as near."""
    n: int
    planets: int


@dataclass(frozen=True)
class Explanation:
    """Why one TOI got its probability."""

    probability: float
    """Of the model in use, which is the sum of the contributions: not what is shown of a TOI in its training."""
    base_probability: float
    """Of a TOI with the median features of the training data."""
    families: list[FamilyContribution]
    missing: list[MissingInput]
    imputed: list[ImputedFeature]
    conformal_set: list[str]
    outside_domain: bool
    domain_reasons: list[str]
    """What makes the TOI unlike the training data, in sentences."""
    neighbours: list[Neighbor]
    rates: list[ValueRate]
    held_out_probability: float | None = None
    """Of models trained without this star; None: the TOI is not in the training data."""

    @property
    def is_uncertain(self) -> bool:
        """Whether the conformal set excludes neither label."""
        return len(self.conformal_set) > 1

    def ranked_families(self) -> list[FamilyContribution]:
        """Return the families in descending order of their absolute contribution."""
        return sorted(self.families, key=lambda family: -abs(family.log_odds))


def read_explanation(stored: Any) -> Explanation | None:
    """Read an explanation as stored with a score; None where the TOI could not be scored.

    Raises
    ------
    ArtifactError
        The stored explanation has another layout; the message names the key.
    """
    return None if stored is None else from_json(Explanation, stored, "The stored explanation of this score")
