"""Run a notebook's code cells in order, in one namespace, as a reader would."""

import json


def run_notebook(path):
    """Execute every code cell; returns the namespace. An error tells which cell raised it."""
    namespace = {"__name__": "__main__"}
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for number, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"{path.name}, cell {number}", "exec"), namespace)  # noqa: S102  (our own notebooks)
    return namespace
