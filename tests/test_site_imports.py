"""What the site imports is what requirements.txt installs; the libraries of the training are not among it."""

import ast
import sys
from importlib.metadata import packages_distributions

from tests.support.imports import imports, modules
from tests.test_pins import pins

STARTS = {
    "app_tess.wsgi",
    "app_tess.gunicorn_log",
    "app_tess.gunicorn_worker",
    "app_tess.cli.catalogue",
    "app_tess.cli.migrations",
}
"""What the Procfile and `make run` start."""

OF_TRAINING = {
    "fit_context": ("app_tess.scoring.light_curve_model.event_context", "sklearn"),
    "fit_classes": ("app_tess.scoring.light_curve_model.class_calibration", "sklearn"),
    "build_network": ("app_tess.scoring.light_curve_model.network", "keras"),
}
"""Functions of the training in modules that the site imports too; they import a library that the site lacks."""


def reached(starts):
    """Return the modules that these import, directly or through others, those imported inside functions included."""
    graph = {}
    for one in imports():
        graph.setdefault(one.importer, set()).add(one.imported)
    found, left = set(), list(starts)
    while left:
        if (module := left.pop()) not in found and module in modules():
            found.add(module)
            left += graph.get(module, ())
    return found


def lacking(name, starts=STARTS):
    """Return (module, library) of each library that these modules import and a requirements file does not install."""
    distributions, installed, inside = packages_distributions(), pins(name).keys(), reached(starts)
    return {
        (found.importer, library)
        for found in imports()
        if found.importer in inside
        and (library := found.imported.split(".")[0]) not in {"app_tess", *sys.stdlib_module_names}
        and not {name.lower().replace("_", "-") for name in distributions.get(library, ())} & installed
    }


def test_the_site_imports_only_what_it_installs():
    assert lacking("requirements.txt") - set(OF_TRAINING.values()) == {
        ("app_tess.tasks.shared_store", "fsspec")  # where STORE_URL is set: requirements-store.txt
    }


def test_the_site_calls_no_function_of_the_training():
    users = {
        module
        for module in reached(STARTS)
        for node in ast.walk(modules()[module])
        if getattr(node, "id", getattr(node, "name", None)) in OF_TRAINING and not isinstance(node, ast.FunctionDef)
    }
    assert users == set()


def test_the_training_imports_what_only_its_extra_installs():
    training = lacking("requirements.txt", {"app_tess.cli.model", "app_tess.cli.light_curves"})
    assert {library for _, library in training} >= {"sklearn", "lightgbm", "keras"}
    assert lacking("requirements-train.txt", {"app_tess.cli.model", "app_tess.cli.light_curves"}) == set()
