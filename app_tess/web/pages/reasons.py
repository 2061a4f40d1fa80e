"""Why a score is what it is: `Score.explanation` read for a page, whatever the model that wrote it left out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reasons:
    """`families`: dicts name, effect (log-odds), text, strongest first; `missing`, `warnings`: sentences or names;
    `neighbours`: dicts with toi and disposition; `band`: planet, false or uncertain; `base_probability`: before any evidence."""

    families: list
    missing: list
    warnings: list
    neighbours: list
    band: str
    base_probability: float | None

    def __bool__(self):
        return bool(self.families or self.missing or self.warnings or self.neighbours)


def explain(score):
    """The Reasons of a Score (or None): what its explanation lacks is left out, what is odd is not shown."""
    told = score.explanation if score is not None and isinstance(score.explanation, dict) else {}
    families = [family for family in map(_family, _list(told.get("families"))) if family]
    warnings = [text for text in map(_text, _list(told.get("domain_reasons"))) if text]
    if told.get("outside_domain") is True and not warnings:
        warnings = ["Unlike the TOIs that the model learned from."]
    base = told.get("base_probability")
    return Reasons(
        sorted(families, key=lambda family: -abs(family["effect"])),
        [text for text in map(_text, _list(told.get("missing"))) if text],
        warnings,
        [item for item in _list(told.get("neighbours")) if isinstance(item, dict) and item.get("toi")],
        told["band"] if isinstance(told.get("band"), str) else "",
        base if isinstance(base, float) else None,
    )


def _list(value):
    return value if isinstance(value, list) else []


def _family(item):
    if not isinstance(item, dict) or not item.get("name"):
        return None
    effect = item.get("log_odds", item.get("effect"))
    if isinstance(effect, bool) or not isinstance(effect, (int, float)):
        return None
    text = str(item.get("words") or item.get("text") or "")
    return {"name": str(item["name"]), "effect": float(effect), "text": text.removeprefix(f"{item['name']}: ")}


def _text(item):
    if isinstance(item, dict):
        item = item.get("name") or item.get("text")
    return str(item) if item else ""
