"""A measurable quantity: what a vetting test declares once, and fills in for each object."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from app_tess.astro.vetting.report import Measurement


class Finding(NamedTuple):
    """A sentence on a measured value, and whether it is a red flag (None: the value does not discriminate)."""

    sentence: str
    concern: bool | None


@dataclass(frozen=True)
class Quantity:
    """Name, title, unit, formula and reference of what is measured; the name is that in JSON."""

    name: str
    title: str
    unit: str
    formula: str
    source: str

    def measured(self, value: float, error: float, finding: Finding) -> Measurement:
        """Return the Measurement of a value and its error, in `unit`; an error that is not finite becomes None."""
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
        """Return the Measurement of an object where the quantity could not be measured, with the reason."""
        sentence = f"Not measured: {reason}."
        return Measurement(self.name, self.title, None, None, self.unit, sentence, None, self.formula, self.source)
