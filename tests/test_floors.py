"""Imports go down only: the house of README's map, kept by reading every import statement."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "app_tess"
FLOOR = {
    "errors": 0,
    "fields": 0,
    "config": 1,
    "astro": 1,
    "storage": 2,
    "scoring": 2,
    "plots": 2,
    "archives": 2,
    "tasks": 3,
    "web": 4,
    "cli": 4,
}
WIRING = ("__init__.py", "wsgi.py")


def imports():
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).parts
        if parts[0] in WIRING:
            continue
        room = parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = (
                    [f"{node.module}.{alias.name}" for alias in node.names]
                    if node.module == "app_tess"
                    else [node.module]
                )
            for name in names:
                yield path.relative_to(PACKAGE.parent), room, name


def test_every_room_is_on_a_floor():
    assert {room for _, room, _ in imports()} <= FLOOR.keys()


def test_imports_go_down_only_and_neighbours_do_not_meet():
    wrong = [
        f"{path}: {name}"
        for path, room, name in imports()
        if name.startswith("app_tess.") and (other := name.split(".")[1]) != room and not FLOOR[other] < FLOOR[room]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("library", "rooms"),
    [
        ("sqlalchemy", {"storage", "tasks"}),
        ("flask_sqlalchemy", {"storage"}),
        ("astroquery", {"archives"}),
        ("matplotlib", {"plots"}),
        ("tensorflow", {"scoring"}),
        ("keras", {"scoring"}),
        ("sklearn", {"scoring"}),
    ],
)
def test_a_library_is_used_in_its_own_room_only(library, rooms):
    users = {(room, str(path)) for path, room, name in imports() if name.split(".")[0] == library}
    assert {room for room, _ in users} <= rooms, users


def test_nobody_uses_pyplot():
    assert [str(path) for path, _, name in imports() if "pyplot" in name] == []
