"""Templates with less work for each page: values, parts and addresses as by Jinja and Flask, in fewer steps."""

import re

from flask import request
from jinja2.compiler import CodeGenerator
from markupsafe import Markup, escape

MOST_ADDRESSES = 500
"""Kept at most; all pages together have some hundred."""
has_special = re.compile("[&<>\"']").search


def init_app(app):
    """Set how the templates are compiled, and their `url_for`; before any is loaded."""
    app.jinja_env.code_generator_class = LeanCode
    app.jinja_env.written = written
    app.jinja_env.globals["url_for"] = keep_plain_addresses(app.url_for)


def written(value):
    """Return a value as a template writes it: escaped, as plain text, for what is written is only joined."""
    kind = type(value)
    if kind is str:
        return escape(value) if has_special(value) else value
    if kind is Markup:
        return value
    return str(value) if kind is int else escape(value)


class LeanCode(CodeGenerator):
    """Jinja's compiler, for pages of thousands of values.

    `written` makes no Markup of each, and an included part is passed on as one text: Jinja passes on value by value,
    through all templates and blocks that it is included in.
    """

    def _output_child_pre(self, node, frame, finalize):
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.written(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def visit_Include(self, node, frame):
        """Join the values of an included template."""
        inner = frame.copy()
        self.buffer(inner)
        super().visit_Include(node, inner)
        self.simple_write(f"concat({inner.buffer})", frame)


def keep_plain_addresses(url_for):
    """Return a `url_for` that builds an address without values, or of a style sheet or script, once."""
    kept: dict[tuple[object, ...], str] = {}

    def build(endpoint, **values):
        if values and endpoint != "static":
            return url_for(endpoint, **values)
        key = (request.environ.get("SCRIPT_NAME"), endpoint, *values.items())
        if key not in kept:
            if len(kept) >= MOST_ADDRESSES:  # by prefixes of the site that a client invents
                kept.clear()
            kept[key] = url_for(endpoint, **values)
        return kept[key]

    return build
