"""Werkzeug's builders of addresses, compiled once in a process: each test's application would spend 40 ms on them."""

from werkzeug.routing import Rule

_compile_builder = Rule._compile_builder
_compiled = {}


def _compile_once(rule, append_unknown=True):
    """A builder depends on the rule's text and defaults; it takes the rule, with its converters, as an argument."""
    key = (rule.rule, rule.subdomain, rule.host, repr(rule.defaults), rule.merge_slashes, append_unknown)
    if key not in _compiled:
        _compiled[key] = _compile_builder(rule, append_unknown)
    return _compiled[key]


def compile_routes_once():
    """Let all applications of this process share them."""
    Rule._compile_builder = _compile_once
