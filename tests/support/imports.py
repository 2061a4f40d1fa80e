"""Every import statement of the package, read from the source: what the tests of the floors compare."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "app_tess"


@dataclass(frozen=True)
class Import:
    """One module that another imports."""

    importer: str
    """Dotted name of the module that holds the statement."""

    imported: str
    """Dotted name: a module of the package where there is one of that name, otherwise as written."""

    at_start: bool
    """Whether the statement runs as soon as its module is imported."""

    line: int

    def __str__(self):
        return f"{self.importer}, line {self.line}, imports {self.imported}"


def name_of(path):
    """Return a module's dotted name; a package's is that of its folder."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules():
    """Return {dotted name: syntax tree} of every module of the package."""
    return {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def statements(tree, at_start=True):
    """Yield (import statement, whether it runs with its module) from a syntax tree."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, at_start
        else:
            lazy = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            for_types = isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
            yield from statements(node, at_start and not lazy and not for_types)


@cache
def imports():
    """Return every Import in the package, those inside functions and those for type checking included."""
    found = []
    for importer, tree in modules().items():
        for node, at_start in statements(tree):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                assert node.level == 0, f"{importer}, line {node.lineno}: a relative import"
                dotted = [f"{node.module}.{alias.name}" for alias in node.names]
                names = [name if name in modules() else node.module for name in dotted]
            found += [Import(importer, name, at_start, node.lineno) for name in dict.fromkeys(names)]
    return tuple(found)


def circles(graph):
    """Return the groups of nodes that reach each other, of {node: set of nodes}; empty for a graph without circles.

    Strongly connected components of more than one node, by Tarjan's algorithm.
    """
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for successor in graph.get(node, ()):
            if successor not in index:
                visit(successor)
                low[node] = min(low[node], low[successor])
            elif successor in stack:
                low[node] = min(low[node], index[successor])
        if low[node] == index[node]:
            group = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(group) > 1:
                found.append(sorted(group))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found
