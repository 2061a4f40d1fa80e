"""The six codes of TFOPWG, the working group that settles what a TOI is. They are not the TESS disposition."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Disposition:
    """One TFOPWG code: `meaning` for a reader, `badge` for a stylesheet, `is_planet` True, False or None (not settled)."""

    code: str
    meaning: str
    badge: str
    is_planet: bool | None


DISPOSITIONS = {
    d.code: d
    for d in (
        Disposition("CP", "Confirmed planet", "planet", True),
        Disposition("KP", "Known planet, found before TESS", "planet", True),
        Disposition("PC", "Planetary candidate", "candidate", None),
        Disposition("APC", "Ambiguous planetary candidate", "candidate", None),
        Disposition("FP", "False positive: another astrophysical signal, such as an eclipsing binary", "false", False),
        Disposition("FA", "False alarm: noise or instrument", "false", False),
    )
}

UNDISPOSITIONED = Disposition("", "Not yet looked at by TFOPWG", "unknown", None)


def describe_disposition(code):
    """The Disposition of a TFOPWG code; an absent or unknown code is said to be such, never guessed."""
    if code is None or str(code).strip() in ("", "nan", "None"):
        return UNDISPOSITIONED
    code = str(code).strip().upper()
    return DISPOSITIONS.get(code, Disposition(code, f"Unknown TFOPWG code {code}", "unknown", None))


def training_label(code):
    """1 for a planet (CP, KP), 0 for a false one (FP, FA), None for what is not settled."""
    is_planet = describe_disposition(code).is_planet
    return None if is_planet is None else int(is_planet)
