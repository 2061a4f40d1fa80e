"""MODEL_CARD.md: written from the artifact's own files, so that no figure in it is typed."""

from pathlib import Path

from app_tess.scoring.catalogue_model import artifact
from app_tess.scoring.catalogue_model.features import FEATURES
from app_tess.scoring.evaluation import report
from app_tess.scoring.evaluation.development import LOOKS, TRIED
from app_tess.scoring.evaluation.evaluate import HEADLINES

NAME = "MODEL_CARD.md"


def write(directory):
    """Write MODEL_CARD.md beside manifest.json and evaluation.json in `directory`; where it has no manifest of its own,
    the shipped model's is described."""
    directory = Path(directory)
    home = directory if (directory / artifact.MANIFEST_NAME).exists() else artifact.ARTIFACTS_DIRECTORY
    text = render(artifact.read_manifest(home), report.read_evaluation(directory))
    (directory / NAME).write_text(text, encoding="utf-8")


def render(manifest, evaluation):
    """The model card as Markdown."""
    parts = [
        _head(manifest),
        _proof(evaluation),
        _calibration(evaluation),
        _slices(evaluation),
        _lessons(evaluation),
        _peers(evaluation),
        _features(),
        _development(),
        _limits(),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(manifest):
    data, metrics = manifest["training_data"], manifest["metrics"]
    files = "\n".join(
        f"- `{file['name']}`: {file['rows']:,} rows, sha256 `{file['sha256'][:16]}`" for file in data["files"]
    )
    rows = [
        [
            name,
            f"{member['weight']:.2f}",
            f"{member['log_loss_alone']:.4f}",
            _or_dash(member["ensemble_log_loss_without"], ".4f"),
        ]
        for name, member in manifest["members"].items()
    ]
    return f"""# Model card: {manifest["name"]}

Written by `flask --app app_tess report`; every figure comes from manifest.json and evaluation.json.

## What the score means

The probability that TFOPWG will judge this TESS Object of Interest a planet (CP or KP), once it judges it at all. It is not
the probability that a planet is there: candidates that are never followed up get no verdict, and what is followed up is
chosen by people. It is not a validation. A star's probability is 1 - prod(1 - p) over its TOIs: they are taken as
independent given their scores, so the true value lies between the largest p and this.

## Data

{files}

Newest date inside: {data["date"]}. {data["n_settled"]:,} settled TOIs of {data["n_tois"]:,} ({data["base_rate"]:.1%} planets:
{", ".join(f"{code} {count}" for code, count in data["dispositions"].items())}); the others are open. Split by star, always.
Retrained from nothing by `flask --app app_tess train --toi FILE --tic FILE`, seed {manifest["seed"]}.

## Model

Features, median imputation without flags, and an ensemble whose weights (>= 0, on log-odds) are learned on star-grouped
out-of-fold predictions and pulled towards an equal mean. Members learn from all settled TOIs, known planets (KP) at weight
{manifest["known_planet_weight"]}, and from {data["n_ambiguous"]} ambiguous candidates (APC) as false positives of weight {manifest["ambiguous_weight"]}. The weights and the calibration
are learned on TESS's own verdicts alone (CP against FP and FA, half and half), together with the effect of the distance, which
known planets hide from the members: {", ".join(f"{name} {slope:+.2f}" for name, slope in manifest["corrections"].items())} in log-odds for a standard deviation.
Out-of-fold log loss of the ensemble: {manifest["ensemble_log_loss"]:.4f}; without that correction {manifest["ensemble_log_loss_uncorrected"]:.4f}.

{_table(["member", "weight", "log loss alone", "ensemble without it"], rows)}

In star-grouped cross-validation on the training table (all settled TOIs, known planets too; it flatters):
AUC {_figure(metrics["auc"])}, AP {_figure(metrics["ap"])}, Brier {_figure(metrics["brier"])}, ECE {_figure(metrics["ece"])}."""


def _proof(evaluation):
    rows = [
        [
            _span(pair),
            str(pair["n"]),
            f"{pair['base_rate']:.0%}",
            *(_figure(pair["model"][metric]) for metric in ("auc", "ap", "brier", "ece")),
        ]
        for pair in evaluation["pairs"]
    ]
    aims = [
        [_span(aim), aim["figure"], f"{aim['wanted']}", _figure(aim["got"]), "yes" if aim["reached"] else "no"]
        for aim in evaluation.get("aimed_at", [])
    ]
    text = (
        "## Proof: trained on one date, judged by later verdicts\n\nTrained on the settled and the ambiguous TOIs of the first "
        "table; judged on the TOIs open in it and settled in the second, on the first's columns alone (no TIC rows: those at "
        "hand are of today). 95 % intervals resample stars. Pairs judged by tables up to 2022-06-06 served to choose features "
        "and settings, so their figures flatter.\n\n"
        + _table(["pair", "n", "planets", "AUC", "AP", "Brier", "ECE"], rows)
    )
    if aims:
        text += "\n\nAgainst what was to be reached:\n\n" + _table(["pair", "figure", "wanted", "got", "reached"], aims)
    return text + "\n\n" + _every_pair(evaluation)


def _every_pair(evaluation):
    """Ours against the best baseline on every pair of tables, and by name where a baseline is better."""
    rows = [
        [
            _span(pair),
            str(pair["n"]),
            f"{pair['base_rate']:.0%}",
            *(_against(pair, metric) for metric in HEADLINES),
            _or_dash(pair["model"]["ece"]["value"], ".3f"),
        ]
        for pair in evaluation["every_pair"]
    ]
    beaten = [
        f"{_span(pair)} ({metric})"
        for pair in evaluation["every_pair"]
        for metric, better in pair["above_baselines"].items()
        if better is False
    ]
    said = (
        f"A baseline is as good or better on: {', '.join(beaten)}."
        if beaten
        else "The model is above every baseline on every pair, by each of the three."
    )
    return (
        "### Every pair of dates, against the best of the four baselines\n\nOurs / the best baseline's (majority, logistic regression, "
        f"the seed's network, gradient boosting on raw columns). {said}\n\n"
        + _table(
            [
                "pair",
                "n",
                "planets",
                *(metric.upper() if metric != "brier" else "Brier" for metric in HEADLINES),
                "ECE",
            ],
            rows,
        )
        + _with_stars(evaluation)
    )


def _against(pair, metric):
    theirs = [
        (figures[metric]["value"], name)
        for name, figures in pair["baselines"].items()
        if figures[metric]["value"] is not None
    ]
    if not theirs or pair["model"][metric]["value"] is None:
        return "-"
    value, name = (min if metric == "brier" else max)(theirs)
    return f"{pair['model'][metric]['value']:.3f} / {value:.3f} ({name})"


def _with_stars(evaluation):
    rows = [
        [_span(pair), str(pair["n"]), *(_figure(pair["model"][metric]) for metric in ("auc", "ap", "brier", "ece"))]
        for pair in evaluation.get("with_tic_rows", [])
    ]
    if not rows:
        return ""
    return (
        "\n\n### The same with TIC rows\n\nThe TIC rows at hand are of today, and only some stars have a true one, so these figures "
        "could know what came later; they are for comparison.\n\n"
        + _table(["pair", "n", "AUC", "AP", "Brier", "ECE"], rows)
    )


def _calibration(evaluation):
    rows = [
        [
            _span(pair),
            f"{pair['conformal']['promised']:.0%}",
            _percent(pair["conformal"]["coverage"]),
            _percent(pair["conformal"]["coverage_of_planets"]),
            _percent(pair["conformal"]["coverage_of_others"]),
            _percent(pair["conformal"]["uncertain_share"]),
            _percent(pair["conformal"]["accuracy_when_decided"]),
        ]
        for pair in evaluation["every_pair"]
    ]
    return (
        "## The 'uncertain' band\n\nA Mondrian conformal set from out-of-fold predictions: where it holds both labels, the "
        "score is called uncertain. It is drawn for four fifths of the promised error, because later verdicts differ from those that "
        "taught. Its coverage on later verdicts, as measured:\n\n"
        + _table(["pair", "promised", "covered", "planets", "others", "uncertain", "right when decided"], rows)
    )


def _slices(evaluation):
    return "\n\n".join(_slices_of(pair) for pair in evaluation["pairs"])


def _slices_of(pair):
    rows = [
        [
            kind,
            name,
            str(part["n"]),
            _percent(part["base_rate"]),
            *(_figure(part.get(metric)) for metric in ("auc", "ap", "brier")),
        ]
        for kind, named in pair["slices"].items()
        for name, part in named.items()
        if part["n"]
    ]
    return f"## Slices ({_span(pair)})\n\n" + _table(["by", "slice", "n", "planets", "AUC", "AP", "Brier"], rows)


def _lessons(evaluation):
    on = evaluation["lessons_on"]
    leaks = [
        [
            row["inputs"],
            str(row["columns"]),
            _or_dash(row["cross_validation_auc"], ".3f"),
            _or_dash(row["future_auc"], ".3f"),
        ]
        for row in evaluation["leak_lesson"]
    ]
    rows = [
        [row["name"], *(_or_dash(row[metric], ".3f") for metric in ("auc", "ap", "brier"))]
        for row in evaluation["ablations"]
    ]
    return (
        f"## The leak lesson ({_day(on['train'])} to {_day(on['labels'])}, one boosting member alone)\n\nColumns that vetting "
        "writes (grades of the follow-up groups, counts of observations, TESS disposition, comments, source, name, which errors are "
        "listed), alone and beside the physical features; compare the fall from the first figure to the second. They are left out "
        "whatever they bring: they tell that a TOI is settled, and a new candidate does not have them yet.\n\n"
        + _table(["inputs", "columns", "AUC in cross-validation", "AUC on the future"], leaks)
        + "\n\n## What each part brings (same pair, same member, on the future)\n\n"
        + _table(["inputs", "AUC", "AP", "Brier"], rows)
    )


def _peers(evaluation):
    peers = evaluation.get("exominer")
    if not peers or "ours" not in peers:
        return ""
    rows = [
        [name, *(_figure(peers[key][metric]) for metric in ("auc", "ap", "brier", "ece"))]
        for name, key in (("NASA's ExoMiner", "exominer"), ("this score", "ours"), ("both together", "both"))
    ]
    return (
        f"## Side by side with NASA's ExoMiner\n\nEvery score that a TOI had from the last table before its verdict: {peers['n']} of "
        f"{peers['n_judged']} such TOIs match by TIC and period within 1 % ({peers['base_rate']:.0%} planets). {peers['censoring']} "
        f"{peers['head_start']}\n\n" + _table(["score", "AUC", "AP", "Brier", "ECE"], rows)
    )


def _features():
    rows = [
        [f"`{feature.name}`", feature.family, feature.unit or "-", feature.formula, feature.source]
        for feature in FEATURES
    ]
    return "## Features\n\n" + _table(["feature", "family", "unit", "formula", "made of"], rows)


def _development():
    return (
        "## What was looked at, and how often\n\nChoices were made on tables up to 2022-06-06, but for what is told here. Looks at later verdicts:\n\n"
        + "\n".join(f"{number}. {look}" for number, look in enumerate(LOOKS, 1))
        + "\n\nTried on the earlier pairs:\n\n"
        + "\n".join(f"- {line}" for line in TRIED)
    )


def _limits():
    return """## Known failures and limits

- Giants (9-16 R_Earth) are the hard class: a small star or a brown dwarf has the same radius, and the catalogue cannot tell. They are
  three to four in ten of what is judged, and hold back the figures of all.
- The newest verdicts are the hardest: see the pair from 2024-10-06 on. What is still open after years is what was not easy.
- A candidate that TFOPWG has marked ambiguous has taught the model as a weak false positive, so its own score leans that way.
- The weights of the members are nearly equal: the verdicts there are cannot tell them apart, and freer weights did worse later.
- The score knows no light curve, image or spectrum. Blends that look like planets in depth and duration stay likely.
- Which TOIs get a verdict changes from year to year, and so does the share of planets among them (see the base rates):
  calibration drifts with it, most where few verdicts come in a short time.
- A TOI with few known inputs is scored on medians; its page says what was imputed and whether it lies outside the domain."""


def _span(pair):
    return f"{_day(pair['train'])} to {_day(pair['labels'])}"


def _day(name):
    return name.removeprefix("toi_").removesuffix(".gz").removesuffix(".csv")


def _figure(figure):
    if figure is None or figure["value"] is None:
        return "-"
    return f"{figure['value']:.3f} ({figure['low']:.3f}-{figure['high']:.3f})"


def _percent(value):
    return "-" if value is None else f"{value:.0%}"


def _or_dash(value, form):
    return "-" if value is None else format(value, form)


def _table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "/") for cell in line) + " |" for line in lines)
