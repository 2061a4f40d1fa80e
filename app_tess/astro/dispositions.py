"""The dispositions of the TESS Follow-up Observing Program Working Group (TFOPWG), apart from the TESS disposition."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Disposition:
    """One TFOPWG code."""

    code: str
    meaning: str
    word: str
    """The meaning in a word or two, for a badge."""
    badge: str
    """The class of that badge in the style sheet."""
    is_planet: bool | None
    """None while the disposition is not final."""

    @property
    def noun(self) -> str:
        """The meaning without its explanation, for use after a name: "known planet"."""
        return self.meaning.partition(",")[0].partition(":")[0].lower()


DISPOSITIONS = {
    d.code: d
    for d in (
        Disposition("PC", "Planetary candidate", "candidate", "candidate", None),
        Disposition("APC", "Ambiguous planetary candidate", "candidate", "candidate", None),
        Disposition("CP", "Confirmed planet", "planet", "planet", True),
        Disposition("KP", "Known planet, found before TESS", "planet", "planet", True),
        Disposition(
            "FP",
            "False positive: another astrophysical signal, such as an eclipsing binary",
            "false positive",
            "false",
            False,
        ),
        Disposition("FA", "False alarm: noise or instrument", "false alarm", "false", False),
    )
}
"""Code -> Disposition, in the order in which they are listed everywhere."""

NO_DISPOSITION = Disposition("", "Not yet dispositioned by TFOPWG", "no disposition yet", "unknown", None)

PLANETS = tuple(code for code, d in DISPOSITIONS.items() if d.is_planet)
"""Confirmed planets, and those known before TESS."""
NOT_PLANETS = tuple(code for code, d in DISPOSITIONS.items() if d.is_planet is False)
"""False positives and false alarms."""
FINAL = PLANETS + NOT_PLANETS
CANDIDATES = tuple(code for code, d in DISPOSITIONS.items() if d.is_planet is None)
"""Not final, as is a TOI without a disposition."""
AMBIGUOUS = "APC"
"""A candidate that TFOPWG doubts."""


def describe_disposition(code: object) -> Disposition:
    """Return the Disposition of a TFOPWG code; a missing or unknown code gets one that says so."""
    if code is None or str(code).strip() in ("", "nan", "None"):
        return NO_DISPOSITION
    code = str(code).strip().upper()
    return DISPOSITIONS.get(code, Disposition(code, f"Unknown TFOPWG code {code}", "unknown code", "unknown", None))
