"""Benchmarks are run by hand, so nothing else notices that one no longer starts."""

import importlib
import pkgutil

import pytest

import benchmarks

IN_ANOTHER_ENVIRONMENT = {"lightkurve_way"}
"""Run by the Python that has lightkurve, which needs an older pandas."""


@pytest.mark.parametrize(
    "name", sorted({module.name for module in pkgutil.iter_modules(benchmarks.__path__)} - IN_ANOTHER_ENVIRONMENT)
)
def test_a_benchmark_can_be_imported(name):
    assert importlib.import_module(f"benchmarks.{name}").__doc__
