"""The notebooks run from top to bottom, against the sample archive, and define nothing that the package has."""

import ast
import json
from pathlib import Path

import pytest

from tests.support.notebooks import run_notebook

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))


def code_cells(path):
    return ["".join(cell["source"]) for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]


def test_the_five_notebooks_are_there():
    assert [path.name[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_from_top_to_bottom(path, capsys):
    run_notebook(path)
    assert capsys.readouterr().out


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_defines_no_class_and_no_computation_of_its_own(path):
    tree = ast.parse("\n".join(code_cells(path)))
    assert [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)] == []
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert all(len(node.body) == 1 for node in functions)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_stored_without_outputs(path):
    assert all(cell.get("outputs", []) == [] for cell in json.loads(path.read_text())["cells"])
