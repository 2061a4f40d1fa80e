"""Errors carry a code and a field; only the web knows their HTTP status and their parameter."""

import ast
from pathlib import Path

import app_tess
from app_tess import errors
from app_tess.errors import InvalidInput
from app_tess.web.http.errors import STATUSES, describe

PACKAGE = Path(app_tess.__file__).parent


def error_classes():
    """Names of AppTessError and of every class of the package that derives from it."""
    classes = [
        (node.name, {base.id for base in node.bases if isinstance(base, ast.Name)})
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    found = {"AppTessError"}
    while more := {name for name, bases in classes if bases & found} - found:
        found |= more
    return found


def test_every_error_class_has_a_status_in_the_webs_table():
    assert error_classes() == {error.__name__ for error in STATUSES}


def test_the_errors_themselves_know_no_http_status():
    source = Path(errors.__file__).read_text(encoding="utf-8")
    numbers = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    assert "status" not in source and not any(isinstance(value, int) for value in numbers)
    assert not any(hasattr(error, "status") for error in STATUSES)


def test_a_message_begins_with_the_parameter_of_its_field():
    assert describe(InvalidInput("'x' is not a flux.", field="flux")) == "flux: 'x' is not a flux."
    assert describe(InvalidInput("91 is outside -90 to 90.", field="latitude")).startswith("lat: ")
    assert describe(InvalidInput("No field.")) == "No field."
