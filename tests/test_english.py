"""Templates, glossary, messages and docstrings use the words of a native English-speaking astronomer."""

import ast
import re
import tomllib

import pytest

from tests.support.imports import ROOT

PACKAGE = ROOT / "app_tess"
FORBIDDEN = {
    r"verdicts?": "disposition; result",
    r"judged": "dispositioned, evaluated",
    r"settled": "with a final disposition",
    r"join of both": "combined score",
    r"receipts?": "provenance",
    r"second dip|dip half-?way": "secondary eclipse",
    r"told|tells": "reported, shown; returns",
    r"mended|put right": "fixed",
    r"stars a page": "stars per page",
    r"falling|rising": "descending, ascending",
    r"clock at the site": "UTC",
    r"light's way": "barycentric light-travel time",
    r"reloads?|reloaded|reloading|score again": "update the catalogue, rescore",
    r"hits and misses": "correct and incorrect predictions",
    r"by itself|of its own": "automatically; separate",
    r"faults? of ours": "internal error",
    r"makes? no sense": "invalid",
    r"not in this way": "method not allowed",
    r"answers to": "no match for",
    r"speaks? (clearly |strongly |slightly )?(against|for)": "red flag; counts against",
    r"a sure detection": "detected at",
    r"cannot rule out either": "excludes neither",
    r"nothing is known": "with no information",
    r"which differ by": "ensemble, scatter",
    r"nobody (knows|looks)": "its period is unknown; may miss the predicted window",
    r"habitable zone's": "Earth-like insolation",
    r"against what was": "performance against targets",
    r"proof: ": "validation on later dispositions",
    r"our model's probability": "model probability",
    r"as a star does": "self-luminous companion",
    r"colours?|coloured|neighbouring|serialisation|grey": "American spelling",
}
ALLOWED = (
    r"Reload the page",  # the browser's own word
    r"reload(ed|s)? (of )?the page",
)
WORDS = re.compile("|".join(rf"(?<![\w-])(?:{pattern})(?![\w-])" for pattern in FORBIDDEN), re.IGNORECASE)
NAME = re.compile(r"[\w.:/*%<>-]*")
"""Text of one word without spaces: a key, a parameter or an address, which keeps its public name."""


def python_texts(path):
    """Yield (line, text) of each string literal of a module, f-strings in parts, without keys and addresses."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not NAME.fullmatch(node.value.strip()):
            yield node.lineno, re.sub(r"`[^`]*`|\"[a-z_]+\"|'[a-z_]+'", " ", node.value)


def template_texts(path):
    """Yield (line, text) of what a template shows: text, attributes and string literals."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        shown = re.findall(r'(?:alt|title|label|aria-label|placeholder|content|summary)="([^"]*)"', line)
        literals = [
            text
            for code in re.findall(r"{[{%](.*?)[%}]}", line)
            for text in re.findall(r"\"([^\"]*)\"|'([^']*)'", code)
        ]
        shown += [text for pair in literals for text in pair if not NAME.fullmatch(text)]
        shown.append(re.sub(r"{[{%#].*?[%}#]}|<[^>]*>", " ", line))
        yield number, " | ".join(re.sub(r"{[{%].*?[%}]}", " ", text) for text in shown)


def findings(path, texts):
    """Yield a line for each forbidden word, with its place and the words around it."""
    for line, original in texts:
        text = re.sub("|".join(ALLOWED), " ", original)
        for found in WORDS.finditer(text):
            around = text[max(0, found.start() - 40) : found.end() + 40]
            yield f"{path.relative_to(ROOT)}:{line}: {found[0]!r} in {around!r}"


def test_templates_use_the_fields_own_words():
    paths = [path for pattern in ("*.html", "*.xml") for path in sorted((PACKAGE / "templates").rglob(pattern))]
    assert [found for path in paths for found in findings(path, template_texts(path))] == []


def test_the_glossary_uses_the_fields_own_words():
    path = PACKAGE / "templates" / "glossary" / "terms.toml"
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    texts = [(slug, f"{entry['name']}: {entry['text']}") for slug, entry in entries.items()]
    assert list(findings(path, texts)) == []


def test_messages_and_docstrings_use_the_fields_own_words():
    paths = sorted(PACKAGE.rglob("*.py"))
    assert [found for path in paths for found in findings(path, python_texts(path))] == []


def test_scripts_use_the_fields_own_words():
    paths = sorted((PACKAGE / "static" / "js").glob("*.js"))
    texts = {path: enumerate(path.read_text(encoding="utf-8").splitlines(), start=1) for path in paths}
    assert [found for path, lines in texts.items() for found in findings(path, lines)] == []


@pytest.mark.parametrize(
    "sentence",
    [
        "That makes no sense to us",
        "Speaks against a planet:",
        "A fault of ours: it is in the log, and the data is safe.",
        "No reload has changed this TOI since it came.",
        "Stars a page",
    ],
)
def test_the_check_finds_what_it_is_for(sentence):
    assert WORDS.search(sentence)
