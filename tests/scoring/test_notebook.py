"""The notebook on the model runs from top to bottom on the sample archive."""
import ast
import json
from pathlib import Path

from tests.support.notebooks import run_notebook

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "04_training_and_judging_the_model.ipynb"


def test_it_runs_on_the_sample_archive(capsys):
    run_notebook(NOTEBOOK)
    told = capsys.readouterr().out
    assert "settled TOIs up to" in told and "log-odds" in told
    assert "training needs at least 20 of both kinds" in told


def test_it_defines_nothing_that_the_package_has():
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            kinds = (ast.FunctionDef, ast.ClassDef)
            assert not [node for node in ast.walk(ast.parse("".join(cell["source"]))) if isinstance(node, kinds)]
