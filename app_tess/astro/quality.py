"""The bits of TESS's QUALITY column, and the named masks that drop cadences by them.

References
----------
TESS Science Data Products Description Document, EXP-TESS-ARC-ICD-0014 Rev F; lightkurve, `TessQualityFlags`.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class QualityBit:
    """One bit of a quality column and what it flags."""

    value: int
    meaning: str


ATTITUDE_TWEAK = QualityBit(1, "attitude tweak")
SAFE_MODE = QualityBit(2, "safe mode")
COARSE_POINT = QualityBit(4, "coarse pointing")
EARTH_POINT = QualityBit(8, "Earth pointing")
ARGABRIGHTENING = QualityBit(16, "argabrightening")
DESATURATION = QualityBit(32, "reaction-wheel desaturation")
COSMIC_RAY = QualityBit(64, "cosmic ray in the optimal aperture")
MANUAL_EXCLUDE = QualityBit(128, "manual exclude")
DISCONTINUITY = QualityBit(256, "discontinuity corrected")
IMPULSIVE_OUTLIER = QualityBit(512, "impulsive outlier")
COLLATERAL_COSMIC_RAY = QualityBit(1024, "cosmic ray in the collateral data")
STRAYLIGHT = QualityBit(2048, "stray light from the Earth or Moon")
STRAYLIGHT_2 = QualityBit(4096, "stray light, second flag")
SEARCH_EXCLUDE = QualityBit(8192, "excluded from the planet search")
BAD_CALIBRATION = QualityBit(16384, "bad calibration")
INSUFFICIENT_TARGETS = QualityBit(32768, "too few targets for the correction")


@dataclass(frozen=True)
class QualityMask:
    """A named set of bits; a cadence with any of them set is dropped.

    Attributes
    ----------
    name : str
        As in the `mask` parameter.
    bits : tuple of QualityBit
    source : str
        Who defines it.
    """

    name: str
    bits: tuple[QualityBit, ...]
    source: str = ""

    @property
    def number(self) -> int:
        """The sum of the bits: lightkurve's `quality_bitmask`."""
        return sum(bit.value for bit in self.bits)

    @property
    def meanings(self) -> tuple[str, ...]:
        """What each bit flags."""
        return tuple(bit.meaning for bit in self.bits)

    @property
    def description(self) -> str:
        """What the mask drops, in words: the number, whose mask it is, and the meaning of each bit."""
        if not self.bits:
            return "drops nothing"
        return describe_mask(self.number, self.source, self.meanings)


def describe_mask(number: int, source: str, meanings: Iterable[str]) -> str:
    """Return what a mask drops, in words; `source` says who defines it."""
    return f"drops bits {number}, {source} ({', '.join(meanings)})"


LIGHTKURVE = "as in lightkurve 2.6"
"""Whose masks DEFAULT and HARD are, and of which version: up to 2.0 they were FORMER_NUMBERS."""

FORMER_NUMBERS = {"default": 175, "hard": 7407, "none": 0}
"""What the masks dropped in results that do not state a number, which this package stored up to version 0.3."""

DEFAULT = QualityMask(
    "default",
    (
        ATTITUDE_TWEAK,
        SAFE_MODE,
        COARSE_POINT,
        EARTH_POINT,
        ARGABRIGHTENING,
        DESATURATION,
        MANUAL_EXCLUDE,
        IMPULSIVE_OUTLIER,
        BAD_CALIBRATION,
    ),
    LIGHTKURVE,
)
"""lightkurve's default mask, 17087."""

HARD = QualityMask("hard", (*DEFAULT.bits, COSMIC_RAY, COLLATERAL_COSMIC_RAY, STRAYLIGHT, STRAYLIGHT_2), LIGHTKURVE)
"""lightkurve's hard mask, 24319."""

NONE = QualityMask("none", ())

TESS_MASKS = (DEFAULT, HARD, NONE)
"""The masks of a product that carries the mission's own QUALITY bits."""


def with_hard_bit(bit: QualityBit, source: str = LIGHTKURVE) -> tuple[QualityMask, ...]:
    """Return TESS_MASKS for a pipeline whose own bit the hard mask drops too, by the definition of `source`."""
    return tuple(QualityMask(HARD.name, (*HARD.bits, bit), source) if mask is HARD else mask for mask in TESS_MASKS)
