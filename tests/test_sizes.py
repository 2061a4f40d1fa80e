"""Files and functions that a reader takes in at once: at most 300 lines in a file and 60 in a function."""

import ast

from tests.support.imports import ROOT

FILE_LINES, FUNCTION_LINES = 300, 60
FOLDERS = ("app_tess", "benchmarks", "docs", "migrations", "tests")


def sources():
    """Return {path: text} of every Python file."""
    paths = (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py")))
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}


def test_no_file_is_longer_than_300_lines():
    lines = {path: text.count("\n") for path, text in sources().items()}
    assert {path: count for path, count in lines.items() if count > FILE_LINES} == {}


def test_no_function_is_longer_than_60_lines():
    lines = {
        f"{path}: {node.name}": node.end_lineno - node.lineno + 1
        for path, text in sources().items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: count for name, count in lines.items() if count > FUNCTION_LINES} == {}
