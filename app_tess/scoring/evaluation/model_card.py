"""Write the model card and the full record from manifest.json and evaluation.json, so that no figure is typed."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app_tess.scoring.catalogue_model.feature_list import FEATURES
from app_tess.scoring.catalogue_model.pipeline_manifest import (
    ARTIFACTS_DIRECTORY,
    MANIFEST_NAME,
    PipelineManifest,
    read_manifest,
)
from app_tess.scoring.common.metrics import Figure
from app_tess.scoring.evaluation.external_test import EXTERNAL_TEST
from app_tess.scoring.evaluation.report_schema import COMPARED, GIANTS, Evaluation, PairSummary, read_evaluation

CARD_NAME = "MODEL_CARD.md"
"""The card: two minutes to read."""

RECORD_NAME = "MODEL_RECORD.md"
"""Everything that was measured; docs/science includes it."""

TEMPLATES = {CARD_NAME: "model_card.md.jinja", RECORD_NAME: "model_record.md.jinja"}


def write_card(directory: Path) -> None:
    """Write MODEL_CARD.md and MODEL_RECORD.md beside evaluation.json in a directory.

    A directory without a manifest gets the card of the model that ships with the package.
    """
    home = directory if (directory / MANIFEST_NAME).exists() else ARTIFACTS_DIRECTORY
    manifest, evaluation = read_manifest(home), read_evaluation(directory)
    for name in TEMPLATES:
        (directory / name).write_text(render(name, manifest, evaluation), encoding="utf-8")


def render(name: str, manifest: PipelineManifest, evaluation: Evaluation) -> str:
    """Render one of TEMPLATES as Markdown."""
    templates = Environment(  # without autoescaping, which is for HTML
        loader=FileSystemLoader(Path(__file__).parent),
        trim_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    templates.filters |= {
        "figure": format_figure,
        "number": format_number,
        "percent": format_percent,
        "cell": format_cell,
        "day": format_day,
    }
    return templates.get_template(TEMPLATES[name]).render(
        manifest=manifest,
        evaluation=evaluation,
        features=FEATURES,
        compared=COMPARED,
        external=EXTERNAL_TEST,
        giants=GIANTS,
        ties=[f"{format_span(pair)} ({metric})" for pair in evaluation.every_pair for metric in pair.not_above()],
        span=format_span,
    )


def format_figure(figure: Figure | None) -> str:
    """Format a figure with its interval, if known: 0.922 (0.901-0.940)."""
    if figure is None or figure.value is None:
        return "-"
    if figure.low is None:
        return f"{figure.value:.3f}"
    return f"{figure.value:.3f} ({figure.low:.3f}-{figure.high:.3f})"


def format_number(value: float | None, decimals: int = 3) -> str:
    """Format a number, or a dash for None."""
    return "-" if value is None else f"{value:.{decimals}f}"


def format_percent(value: float | None) -> str:
    """Format a fraction as a whole percentage, or a dash for None."""
    return "-" if value is None else f"{value:.0%}"


def format_cell(text: str) -> str:
    """Format a text for a table, whose cells end at a vertical bar; a dash if it is empty."""
    return text.replace("|", "/") or "-"


def format_day(name: str) -> str:
    """Format the name of a dated table as its date."""
    return name.removeprefix("toi_").removesuffix(".gz").removesuffix(".csv")


def format_span(pair: PairSummary) -> str:
    """Format a pair of dated tables as their dates."""
    return f"{format_day(pair.train)} to {format_day(pair.labels)}"
