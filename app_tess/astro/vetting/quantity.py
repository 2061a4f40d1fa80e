"""A measurable quantity, declared once by a vetting test and filled in for each object."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from app_tess.astro.vetting.report import Measurement


class Finding(NamedTuple):
    """A sentence about a measured value, and whether it is a red flag (None where the value does not discriminate)."""

    sentence: str
    concern: bool | None


@dataclass(frozen=True)
class Quantity:
    """Name, title, unit, formula and reference of a measured quantity; the name is its key in JSON."""

    name: str
    title: str
    unit: str
    formula: str
    source: str

    def measured(self, value: float, error: float, finding: Finding) -> Measurement:
        """Return a Measurement with a value and its error, in `unit`; an error that is not finite becomes None."""
        if not math.isfinite(value):
            return self.not_measured("the result is not finite")
        return Measurement(
            self.name,
            self.title,
            float(value),
            float(error) if math.isfinite(error) else None,
            self.unit,
            finding.sentence,
            finding.concern,
            self.formula,
            self.source,
        )

    def not_measured(self, reason: str) -> Measurement:
        """Return a Measurement without a value, with the reason."""
        sentence = f"Not measured: {reason}."
        return Measurement(self.name, self.title, None, None, self.unit, sentence, None, self.formula, self.source)
