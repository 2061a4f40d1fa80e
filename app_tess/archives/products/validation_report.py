"""SPOC's data-validation report (`*_dvr.xml`): the pipeline's own tests of each threshold-crossing event.

MAST lists the time series (`*_dvt.fits`); the names of the reports follow from it.

References
----------
Twicken et al. 2018, PASP 130, 064502 (tests); Li et al. 2019, PASP 131, 024506 (models); Jenkins et al. 2002, ApJ 564,
495 (bootstrap).
"""

import math
import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.parsers import expat

from app_tess.astro.pipeline_tests import PipelineTest, TestedEvent
from app_tess.errors import FileFormatError

LARGEST_BYTES = 20_000_000
"""Real reports have 0.1 to 1 MB."""

DEEPEST = 50
"""Nested elements; real reports have ten levels."""

NAMESPACE = re.compile(r"\{http://www\.nasa\.gov/\d{4}/TESS/DV\}")
TIME_SERIES = re.compile(r"(?P<start>.*-)(?P<run>\d+)_dvt\.fits")
DIFFERENT_SIGMA, EVENT_MES, FALSE_ALARM = 3.0, 7.1, 1e-12
"""Offsets and depths that differ; SPOC's threshold of detection; the false-alarm probability of a reliable event."""


def report_urls(data_url: str, events: int = 1) -> dict[str, str]:
    """Return the addresses of the reports that belong to a time series: label -> address.

    Parameters
    ----------
    data_url : str
        Of the `_dvt.fits`.
    events : int
        Number of events, each of which has a summary of one page (dvs). A time series exists where there is at least
        one; how many there are is seen when it is read.
    """
    match = TIME_SERIES.fullmatch(data_url)
    if match is None:
        return {}
    start, run = match["start"], match["run"]
    summaries = {f"summary {n}": f"{start}{n:02d}-{run}_dvs.pdf" for n in range(1, events + 1)}
    others = {"report": "dvr.pdf", "mini-report": "dvm.pdf", "tests": "dvr.xml"}
    return summaries | {label: f"{start}{run}_{ending}" for label, ending in others.items()}


def read_validation_report(data: bytes, source: str, tic_id: int | None = None) -> list[TestedEvent]:
    """Read the events of a report with SPOC's tests.

    Parameters
    ----------
    data : bytes
    source : str
        The file's name, for messages.
    tic_id : int, optional
        The star that it must be of.

    Raises
    ------
    FileFormatError
        Not such a report, truncated, of another star, too large or too deep, or with a document type, which could
        define entities that unfold to gigabytes or read other files.
    """
    _require_harmless(data, source)
    root = ElementTree.fromstring(data)  # without a document type there is no entity to expand
    if not NAMESPACE.match(root.tag) or not root.tag.endswith("}dvTargetResults"):
        raise FileFormatError(f"{source} is not a data-validation report: its root is {root.tag[:80]}.")
    star = root.get("ticId", "")
    if not star.isdecimal():
        raise FileFormatError(f"{source} does not say which star it is of.")
    if tic_id is not None and int(star) != tic_id:
        raise FileFormatError(f"{source} is of TIC {star[:20]}, not of TIC {tic_id}.")
    for element in root.iter():
        element.tag = NAMESPACE.sub("", element.tag)
    return [_read_event(results, source) for results in root.findall("planetResults")]


def _require_harmless(data: bytes, source: str) -> None:
    if len(data) > LARGEST_BYTES:
        raise FileFormatError(f"{source} has {len(data):,} bytes, which no data-validation report has.")
    parser, depth = expat.ParserCreate(), 0

    def refuse(*_declaration: object) -> None:
        raise FileFormatError(f"{source} declares a document type, which no data-validation report does.")

    def enter(*_element: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise FileFormatError(f"{source} nests more than {DEEPEST} elements, which no data-validation report does.")

    def leave(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = enter, leave
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise FileFormatError(f"{source} is not whole XML: {error}.") from error


def _read_event(results: ElementTree.Element, source: str) -> TestedEvent:
    fits = (results.find(name) for name in ("allTransitsFit", "trapezoidalFit"))
    parameters: dict[str, float | None] = {}
    for fit in fits:
        found = () if fit is None else fit.iter("modelParameter")
        for parameter in found:
            if (value := _number(parameter, "value")) is not None:
                parameters.setdefault(parameter.get("name", ""), value)
    period_d, epoch_btjd = parameters.get("orbitalPeriodDays"), parameters.get("transitEpochBtjd")
    try:
        number = int(results.get("planetNumber", ""))
    except ValueError:
        raise FileFormatError(f"{source}: an event has no planetNumber.") from None
    return TestedEvent(
        number,
        period_d if period_d is not None and period_d > 0 else None,
        epoch_btjd,
        parameters.get("transitDurationHours"),
        parameters.get("transitDepthPpm"),
        tuple(_tests(results)),
    )


def _tests(results: ElementTree.Element) -> Iterator[PipelineTest]:
    """Yield the tests that have been computed; SPOC writes -1 as the error of what it has not."""
    statistic, chance = _statistic(results, "binaryDiscriminationResults/oddEvenTransitDepthComparisonStatistic")
    if statistic is not None and statistic >= 0 and chance is not None:
        sigma = math.sqrt(statistic)
        said = f"Odd and even depths differ by {sigma:.2f} sigma, as equal ones do in {100 * chance:.0f} % of cases."
        yield PipelineTest(
            "odd_even", "Odd-even depth", sigma, None, "sigma", said, sigma > DIFFERENT_SIGMA, "odd_even"
        )
    yield from _secondary(results)
    for name, title, path in (
        ("centroid_tic", "Difference-image offset from the TIC position", "msTicCentroidOffsets"),
        ("centroid_out_of_transit", "Difference-image offset from the star out of transit", "msControlCentroidOffsets"),
    ):
        place = f"centroidResults/differenceImageMotionResults/{path}/meanSkyOffset"
        value, error = _value(results, place)
        if value is not None and error:
            said = f"The difference image lies {value:.2f} ± {error:.2f} arcsec away, {value / error:.2f} sigma."
            yield PipelineTest(
                name, title, value, error, "arcsec", said, value / error > DIFFERENT_SIGMA, "centroid_shift"
            )
    core, core_chance = _statistic(results, "ghostDiagnosticResults/coreApertureCorrelationStatistic")
    halo, halo_chance = _statistic(results, "ghostDiagnosticResults/haloApertureCorrelationStatistic")
    if core is not None and halo is not None and (core_chance or 0) >= 0 and (halo_chance or 0) >= 0:
        said = f"The transit correlates with the core of the aperture by {core:.2f} and with its halo by {halo:.2f}."
        ratio = core / halo if halo else None
        yield PipelineTest("ghost", "Ghost diagnostic, core over halo", ratio, None, "", said, halo > core, None)
    bootstrap = results.find("bootstrapResults")
    chance = _number(bootstrap, "significance")
    if chance is not None and chance >= 0:
        said = f"Noise alone would give such an event with a probability of {chance:.2g}."
        yield PipelineTest(
            "bootstrap", "Bootstrap false-alarm probability", chance, None, "", said, chance > FALSE_ALARM, "snr"
        )


def _secondary(results: ElementTree.Element) -> Iterator[PipelineTest]:
    weak = results.find("planetCandidate/weakSecondary")
    mes, phase_d = _number(weak, "maxMes"), _number(weak, "maxMesPhaseInDays")
    depth, error = _value(results, "planetCandidate/weakSecondary/depthPpm")
    seen = mes is not None and mes > EVENT_MES
    if mes is not None and depth is not None and error:
        when = "" if phase_d is None else f" {phase_d:.3f} d from mid-transit"
        said = f"The strongest other dip{when} has {mes:.2f} sigma (MES), {'above' if seen else 'below'} {EVENT_MES}."
        yield PipelineTest("weak_secondary", "Weak secondary", depth, error, "ppm", said, None, "secondary_depth")
    for name, title, path, comparison, unit, limit in (
        ("albedo", "Albedo from the secondary", "geometricAlbedo", "albedoComparisonStatistic", "", "1"),
        (
            "temperature",
            "Temperature from the secondary",
            "planetEffectiveTemp",
            "tempComparisonStatistic",
            "K",
            "the equilibrium temperature",
        ),
    ):
        value, error = _value(results, f"secondaryEventResults/planetParameters/{path}")
        sigma, chance = _statistic(results, f"secondaryEventResults/comparisonTests/{comparison}")
        if value is None or not error or sigma is None or (chance or 0) < 0:
            continue
        said = f"{abs(sigma):.2f} sigma {'above' if sigma > 0 else 'below'} {limit}."
        if not seen:
            said += " The secondary itself is not significant, so this does not discriminate."
        concern = sigma > DIFFERENT_SIGMA if seen else None
        yield PipelineTest(name, title, value, error, unit, said, concern, None)


def _number(element: ElementTree.Element | None, name: str) -> float | None:
    """Return an attribute as a finite number; None where it is absent or none."""
    try:
        value = float("nan" if element is None else element.get(name, "nan"))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _value(results: ElementTree.Element, path: str) -> tuple[float | None, float | None]:
    """Return a quantity and its error; (None, None) where it has not been computed."""
    element = results.find(path)
    value, error = _number(element, "value"), _number(element, "uncertainty")
    return (value, error) if error is not None and error > 0 else (None, None)


def _statistic(results: ElementTree.Element, path: str) -> tuple[float | None, float | None]:
    """Return a statistic and its significance; (None, None) where SPOC writes a significance of -1."""
    element = results.find(path)
    value, significance = _number(element, "value"), _number(element, "significance")
    return (None, None) if significance is not None and significance < 0 else (value, significance)
