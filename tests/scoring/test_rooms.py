"""The rooms of scoring: the two models share `common` and nothing else, and only `evaluation` may know both."""

import ast
from pathlib import Path

import pytest

import app_tess.scoring

SCORING = Path(app_tess.scoring.__file__).parent

ALLOWED = {
    "common": {"common"},
    "catalogue_model": {"common", "catalogue_model"},
    "light_curve_model": {"common", "light_curve_model"},
    "evaluation": {"common", "catalogue_model", "light_curve_model", "evaluation"},
}


@pytest.mark.parametrize("path", sorted(SCORING.glob("*/*.py")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_module_imports_only_from_the_rooms_that_its_own_may_know(path):
    imported = {
        node.module.split(".")[2]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app_tess.scoring.")
    }
    assert imported <= ALLOWED[path.parent.name]


def test_every_room_is_known():
    assert {path.name for path in SCORING.iterdir() if (path / "__init__.py").exists()} == set(ALLOWED)


def test_no_two_rooms_have_a_module_of_the_same_name():
    names = [path.name for path in SCORING.glob("*/*.py") if path.name != "__init__.py"]
    assert len(names) == len(set(names))
