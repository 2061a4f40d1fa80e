"""Imports go down only, and never in a circle: the floors of the package, kept by reading every import statement."""

import pytest

from tests.support.imports import circles, imports, modules

FLOOR = {
    "errors": 0,
    "fields": 1,
    "logs": 1,
    "metrics": 1,
    "one_import": 1,
    "config": 2,
    "astro": 2,
    "storage": 3,
    "scoring": 3,
    "plots": 3,
    "archives": 3,
    "tasks": 4,
    "web": 5,
    "gunicorn_log": 5,
    "cli": 5,
    "gunicorn_worker": 6,
}
"""A room imports from floors below its own: rooms on one floor never meet."""

WIRING = ("app_tess", "app_tess.wsgi")
"""The only places where things are wired together: they see every floor, and nothing but the commands imports them."""


def room(module):
    return module.split(".")[1]


def inside():
    return [found for found in imports() if found.imported.startswith("app_tess.") and found.importer not in WIRING]


def test_every_room_is_on_a_floor():
    assert {room(module) for module in modules() if module not in WIRING} <= FLOOR.keys()


def test_imports_go_down_only_and_rooms_on_one_floor_never_meet():
    assert [
        str(found)
        for found in inside()
        if room(found.importer) != room(found.imported)
        and not FLOOR[room(found.imported)] < FLOOR[room(found.importer)]
    ] == []


def test_the_webs_rooms_for_programs_and_for_people_meet_in_http_only():
    rooms = {"app_tess.web.api", "app_tess.web.pages", "app_tess.web.http"}
    allowed = {("app_tess.web.api", "app_tess.web.http"), ("app_tess.web.pages", "app_tess.web.http")}
    pairs = {
        tuple(".".join(module.split(".")[:3]) for module in (found.importer, found.imported)) for found in inside()
    }
    assert {pair for pair in pairs if set(pair) <= rooms and len(set(pair)) == 2} <= allowed


def test_nothing_imports_in_a_circle():
    """Imports inside functions and those for type checking included: a circle that is hidden is one all the same."""
    graph = {module: set() for module in modules()}
    for found in inside():
        graph[found.importer].add(found.imported)
    assert circles(graph) == []


def test_a_circle_would_be_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a", "d"}}) == [["b", "c"]]


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
        ("dask", {"tasks"}),
        ("distributed", {"tasks"}),
    ],
)
def test_a_library_is_used_in_its_own_room_only(library, rooms):
    users = {found for found in imports() if found.imported.split(".")[0] == library}
    assert {room(found.importer) for found in users} <= rooms, sorted(map(str, users))


def test_nobody_uses_pyplot():
    assert [str(found) for found in imports() if "pyplot" in found.imported] == []
