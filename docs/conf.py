"""How the documentation is built: `make docs`. Every reference must lead somewhere; a broken one is an error."""

import re
from types import GenericAlias
from typing import TypeVar

from docutils.nodes import SkipNode, math_block
from latex2mathml.converter import convert
from sphinx.addnodes import pending_xref
from sphinx.errors import PycodeError
from sphinx.ext import napoleon
from sphinx.pycode import ModuleAnalyzer
from sphinx.transforms.post_transforms import SphinxPostTransform

project = "TESS Planet Finder"
author = "the TESS Planet Finder developers"

extensions = [
    "myst_parser",
    "sphinx.ext.apidoc",
    "sphinx.ext.autodoc",
    "sphinxcontrib.bibtex",
]
html_theme = "furo"
html_math_renderer = "mathml"
html_title = project
exclude_patterns = ["_build"]
default_role = "code"

myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "unsrt"
bibtex_reference_style = "author_year"

# The API reference: one page for each package, from the docstrings. `wsgi` makes an application when it is imported.
apidoc_modules = [
    {
        "path": "../app_tess",
        "destination": "reference",
        "exclude_patterns": ["**/wsgi.py"],
        "separate_modules": False,
        "module_first": True,
        "include_private": False,
        "automodule_options": {"members", "show-inheritance"},
    }
]
autodoc_member_order = "bysource"
autodoc_inherit_docstrings = False
autodoc_use_type_comments = False  # there are none, and each function would be parsed to look for one
toc_object_entries = False

# A type of another package may end in a name of ours. References to our own are always checked.
nitpick_ignore_regex = [(r"py:(class|data|obj|exc)", r"(?!app_tess\b).*")]
TYPE_VARIABLES = r"app_tess\..*\.(AnyEvent|Record|Result|Values)"
nitpick_ignore_regex += [(r"py:class", TYPE_VARIABLES)]  # they have no page
# A word of a type such as "callable(done, total)" may be the name of several attributes; a reference to none fails.
suppress_warnings = ["ref.python"]


class ForeignTypes(SphinxPostTransform):
    """Make the types of other packages, which cannot be looked up without a network, plain text.

    It comes before the lookup (priority 10), which would compare each with the end of every name of ours. That took a
    quarter of the build.
    """

    default_priority = 5

    def run(self):
        ours = {name.rpartition(".")[2] for name in self.env.domains.python_domain.objects}
        for reference in list(self.document.findall(pending_xref)):
            target = reference["reftarget"]
            is_type = reference["refdomain"] == "py" and reference["reftype"] in ("class", "data", "obj", "exc")
            if is_type and not target.startswith("app_tess.") and target.rpartition(".")[2] not in ours:
                reference.replace_self(reference.children)


_analyze = ModuleAnalyzer.for_module


def analyze_ours(name):
    """Read a module's source for the comments beside its names; those of other packages took a fifth of the build."""
    if name.partition(".")[0] != "app_tess":
        raise PycodeError(f"{name} is another package's")
    return _analyze(name)


ModuleAnalyzer.for_module = analyze_ours

FOREIGN = re.compile(r"(.*\.)?(cache_ok|query|set|set_\w+_request)")
"""Members that SQLAlchemy, scikit-learn and matplotlib give our classes; their docstrings refer to their own pages."""


def skip_foreign(_app, _what, name, item, skip, _options):
    is_alias = isinstance(item, TypeVar | GenericAlias)  # they have no docstring of their own
    return skip or FOREIGN.fullmatch(name) is not None or is_alias


NUMPY_STYLE = napoleon.Config(napoleon_use_ivar=True, napoleon_use_rtype=False)


def render_sections(app, what, name, item, options, lines):
    """Turn the sections of a docstring into fields."""
    if what in ("attribute", "data", "property"):
        what = "method"  # or "Nominal radius [R_Sun]: 1.2" would be read as a type and its description
    lines[:] = napoleon.NumpyDocstring(lines, NUMPY_STYLE, app, what, name, item, options).lines()


def visit_math(self, node):
    """Write a formula as MathML, which browsers show without JavaScript and without a network."""
    is_block = isinstance(node, math_block)
    self.body.append(convert(node.astext(), display="block" if is_block else "inline"))
    raise SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", inline_renderers=(visit_math, None), block_renderers=(visit_math, None))
    app.add_post_transform(ForeignTypes)
    app.connect("autodoc-skip-member", skip_foreign)
    app.connect("autodoc-process-docstring", render_sections)
