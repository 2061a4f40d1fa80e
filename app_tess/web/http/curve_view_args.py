"""The address of a light curve's view <-> CurveChoice, the same names for a star's page, points and picture."""

from dataclasses import dataclass, field

from app_tess.astro.ephemeris import LONGEST_PERIOD_D, SHORTEST_PERIOD_D
from app_tess.astro.times import EARLIEST_EPOCH_BTJD, LATEST_EPOCH_BTJD
from app_tess.errors import InvalidInput
from app_tess.tasks.curve_view import MODES, CurveChoice
from app_tess.web.http.errors import describe
from app_tess.web.http.parameters import read_choice, read_data_choice, read_number, read_text

LONGEST_DURATION_H = 1000.0
NUMBERS = {
    "btjd_min": (EARLIEST_EPOCH_BTJD, LATEST_EPOCH_BTJD, "BTJD"),
    "btjd_max": (EARLIEST_EPOCH_BTJD, LATEST_EPOCH_BTJD, "BTJD"),
    "period_d": (SHORTEST_PERIOD_D, LONGEST_PERIOD_D, "d"),
    "epoch_btjd": (EARLIEST_EPOCH_BTJD, LATEST_EPOCH_BTJD, "BTJD"),
    "duration_h": (0.05, LONGEST_DURATION_H, "h"),
}
"""Name -> least and largest value, and the unit."""

VIEW_ARGS = ("toi", "curve", *NUMBERS, "mode")
"""Every parameter of a view but those that the star's page has anyway (`kind`, `flux`)."""

LEAST_POINTS, USUAL_POINTS, MOST_POINTS = 10, 5000, 20_000
"""Of one response; a sector has 20,000 cadences of two minutes."""

LONGEST_WITHIN_H = 1e6

POINTS_ARGS = ("sector", "kind", "flux", "mask", "toi", *NUMBERS, "within_h", "max_points")
"""Every parameter of a request for a light curve's points."""

LONGEST_TEXT = 40


@dataclass(frozen=True)
class GivenView:
    """A view as it stands in the address of a star's page.

    Attributes
    ----------
    given : dict
        Name -> text, as typed.
    problems : dict
        Name -> sentence on what is wrong with it.
    choice : CurveChoice or None
        None where nothing is given, or something is wrong.
    """

    given: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    choice: CurveChoice | None = None

    @property
    def toi(self):
        """Whose view it is; None: that of a star without a TOI, or of its first TOI."""
        return self.given.get("toi")


def read_number_of(args, name):
    """Return one of NUMBERS; InvalidInput names it."""
    low, high, unit = NUMBERS[name]
    return read_number(args, name, low, high, unit=unit)


def read_choice_of_view(args):
    """Return a CurveChoice; InvalidInput names the first parameter that is wrong."""
    numbers = {name: read_number_of(args, name) for name in NUMBERS}
    _require_order(numbers["btjd_min"], numbers["btjd_max"])
    return CurveChoice(
        toi=read_text(args, "toi"),
        curve=read_text(args, "curve"),
        mode=read_choice(args, "mode", tuple(MODES), "transit"),
        **numbers,
        **read_data_choice(args),
    )


def read_given_view(args):
    """Return a GivenView: a page shows what is wrong with each field, and keeps the others."""
    given = {name: text[:LONGEST_TEXT] for name in VIEW_ARGS if (text := read_text(args, name))}
    problems = {}
    for name in given:
        try:
            if name in NUMBERS:
                read_number_of(args, name)
            elif name == "mode":
                read_choice(args, name, tuple(MODES))
        except InvalidInput as error:
            problems[name] = describe(error)
    if given and not problems:
        try:
            return GivenView(given, {}, read_choice_of_view(args))
        except InvalidInput as error:
            problems[error.field] = describe(error)
    return GivenView(given, problems)


def view_address_args(choice):
    """Return what of a choice stands in an address: name -> value."""
    found = {name: getattr(choice, name) for name in (*VIEW_ARGS, "kind", "flux")}
    return {name: value for name, value in found.items() if value is not None and (name, value) != ("mode", "transit")}


def _require_order(low, high):
    if low is not None and high is not None and low >= high:
        raise InvalidInput(f"{high:.10g} is not after btjd_min ({low:.10g}).", field="btjd_max")
