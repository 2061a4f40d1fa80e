"""The five light-curve classes: what each looks like, with examples from the catalogue, and a quiz.

Before a guess nothing on the quiz's page names a TOI: its folds go by keys that only this site can resolve.
"""

import hmac
import random
import tomllib
from functools import cache
from pathlib import Path

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from app_tess.astro.light_curve_classes import LIGHT_CURVE_CLASSES
from app_tess.errors import InvalidInput, MissingData
from app_tess.plots.class_fold import render_views
from app_tess.storage import classified
from app_tess.web.http.kept import kept
from app_tess.web.http.parameters import read_choice, read_texts, reject_contradictions, reject_unknown
from app_tess.web.http.responses import drawn_if_modified, not_stored

pages = Blueprint("classes", __name__)
SOURCE = Path(__file__).resolve().parents[2] / "templates" / "classes" / "classes.toml"
EXAMPLES = 2
"""Shown of each class."""
FOLDS = 5
"""In a quiz, or as many as there are."""
GUESSES = tuple(f"guess{number}" for number in range(1, FOLDS + 1))
KEY_CHARACTERS = 16


@cache
def class_texts():
    """Return code -> its explanation: `look`, `cause` and `confusion`."""
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


@pages.get("/classes")
@kept()
def index():
    found = classified.classes_of_tois()
    return render_template(
        "classes/index.html",
        classes=LIGHT_CURVE_CLASSES,
        texts=class_texts(),
        examples={code: classified.find_examples(code, EXAMPLES) for code in LIGHT_CURVE_CLASSES},
        counts={code: list(found.values()).count(code) for code in LIGHT_CURVE_CLASSES},
        total=len(found),
        key_of=key_of,
    )


@pages.get("/classes/quiz")
def quiz():
    """Show the folds of the address, and what they are once each has a guess; without folds, lead to new ones."""
    reject_unknown(request.args, ("fold", *GUESSES))
    reject_contradictions(request.args, GUESSES)
    keys = list(dict.fromkeys(read_texts(request.args, "fold")))
    if len(keys) > FOLDS:
        raise InvalidInput(f"{len(keys)} folds; at most {FOLDS} are possible.", field="fold")
    found = classified.classes_of_tois()
    if not keys and found:
        return not_stored(redirect(url_for("classes.quiz", fold=[key_of(toi) for toi in _draw_lots(found)])))
    tois = _tois_of(keys, found)
    guesses = [read_choice(request.args, name, tuple(LIGHT_CURVE_CLASSES)) for name in GUESSES[: len(tois)]]
    return render_template(
        "classes/quiz.html",
        classes=LIGHT_CURVE_CLASSES,
        keys=keys,
        guesses=guesses,
        missing=[number for number, guess in enumerate(guesses, 1) if not guess],
        is_begun=any(guesses),
        tois=tois,
        network=[found[toi] for toi in tois],
        agreeing=sum(found[toi] == guess for toi, guess in zip(tois, guesses, strict=True)),
        results=classified.results_of_tois(tois) if all(guesses) else {},
        dispositions=classified.dispositions_of_tois(tois) if all(guesses) else {},
    )


@pages.get("/classes/folds/<key>.svg")
@kept()
def fold(key):
    (toi,) = _tois_of([key], classified.classes_of_tois())
    result = classified.results_of_tois([toi])[toi]
    response = drawn_if_modified(
        lambda: _picture(result), (key, result.measured_at), max_age_s=0, content_type="image/svg+xml"
    )
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'"  # its own colors, for both themes
    )
    return response


def key_of(toi):
    """Return the word by which the quiz names a TOI; it cannot be derived from the TOI without the site's secret."""
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.digest(secret, f"fold of TOI {toi}".encode(), "sha256").hex()[:KEY_CHARACTERS]


def _tois_of(keys, found):
    """Return the TOIs with these keys.

    Raises
    ------
    MissingData
        There is none with one of them: the catalogue was updated, or its star vetted anew.
    """
    tois = {key_of(toi): toi for toi in found} if keys else {}
    if any(key not in tois for key in keys):
        raise MissingData("A fold of this address is no longer in the catalogue. A new quiz is at /classes/quiz.")
    return [tois[key] for key in keys]


def _draw_lots(found):
    """Return FOLDS TOIs at random, each of a class at random, so that rare classes occur as often as common ones."""
    left: dict[str, list[str]] = {}
    for toi, code in found.items():
        left.setdefault(code, []).append(toi)
    chosen: list[str] = []
    while left and len(chosen) < FOLDS:
        code = random.choice(list(left))
        chosen.append(left[code].pop(random.randrange(len(left[code]))))
        if not left[code]:
            del left[code]
    return chosen


def _picture(result):
    views = result.report["views"]
    seen = {
        name: [
            None if number in set(views.get("filled", {}).get(name, [])) else value
            for number, value in enumerate(views[name])
        ]
        for name in ("global_view", "local_view")
    }
    return render_views(
        seen["global_view"], seen["local_view"], "Folded light curve", simulated=result.report["simulated"]
    )
