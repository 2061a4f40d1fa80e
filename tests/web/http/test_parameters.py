"""Each kind of URL parameter is read in one way: empty is not given, and an error names the parameter."""

import datetime as dt
import itertools

import pytest
from werkzeug.datastructures import MultiDict

from app_tess.errors import InvalidInput
from app_tess.plots.themes import LAYOUTS, LOOKS, THEMES
from app_tess.web.http import parameters

READERS = {
    "number": lambda args: parameters.read_number(args, "x", 0, 10),
    "whole": lambda args: parameters.read_whole_number(args, "x", 1, 10),
    "date": lambda args: parameters.read_date(args, "x", dt.date(2018, 1, 1), dt.date(2099, 12, 31)),
    "choice": lambda args: parameters.read_choice(args, "x", ("yes", "no"), None),
    "yes or no": lambda args: parameters.read_yes_no(args, "x"),
    "text": lambda args: parameters.read_text(args, "x"),
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize("args", [{}, {"x": ""}, {"x": "  "}])
def test_an_empty_value_counts_as_not_given(reader, args):
    assert reader(MultiDict(args)) is None


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("number", " 2.5 ", 2.5),
        ("number", "1e1", 10.0),
        ("whole", "+7", 7),
        ("date", "2024-02-29", dt.date(2024, 2, 29)),
        ("choice", "no", "no"),
        ("yes or no", "no", False),
    ],
)
def test_a_value_is_read(kind, text, value):
    assert READERS[kind](MultiDict({"x": text})) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("number", "11"),
        ("number", "nan"),
        ("number", "1_0"),
        ("whole", "2.0"),
        ("whole", "0"),
        ("whole", "9" * 30),
        ("whole", "٣"),
        ("date", "2024-02-30"),
        ("date", "1999-01-01"),
        ("choice", "maybe"),
        ("yes or no", "1"),
    ],
)
def test_an_invalid_value_is_refused_by_name(kind, text):
    with pytest.raises(InvalidInput) as raised:
        READERS[kind](MultiDict({"x": text}))
    assert raised.value.field == "x"


def test_an_unknown_parameter_is_refused_and_one_that_trackers_append_is_ignored():
    parameters.reject_unknown(MultiDict({"x": "1", "utm_source": "mail"}), ("x",))
    with pytest.raises(InvalidInput) as raised:
        parameters.reject_unknown(MultiDict({"y": "1"}), ("x",))
    assert raised.value.field == "y"


def test_the_look_is_light_and_wide_unless_another_theme_or_layout_is_given():
    assert parameters.read_look(MultiDict()) == "light"
    given = itertools.product(THEMES, LAYOUTS)
    looks = {parameters.read_look(MultiDict({"theme": theme, "layout": layout})) for theme, layout in given}
    assert looks == set(LOOKS) and len(looks) == len(THEMES) * len(LAYOUTS)
    with pytest.raises(InvalidInput) as raised:
        parameters.read_look(MultiDict({"theme": "dark narrow"}))
    assert raised.value.field == "theme"
