"""What a measurement is called, how it is made, where it comes from, and what it says in plain words."""

from dataclasses import dataclass

from app_tess.astro.constants import TESS_PIXEL_ARCSEC

SIGNIFICANT_ODD_EVEN = 3.0
SIGNIFICANT_SCATTER = 4.0
SIGNIFICANT_TRANSIT = 5.0
SIGNIFICANT_HALF_WAY = 3.0
SIGNIFICANT_SECONDARY = 5.0
"""Above this [sigma] a second dip is not expected by chance among the up to some hundred places searched."""

LARGEST_PLANET_REARTH = 25.0
"""The largest inflated giants reach about 2.2 Jupiter radii (24.6 Earth radii)."""

V_INGRESS = 0.365
"""Ingress over duration above which the shape is a V: two stars that graze. A pure V has 0.5, but limb darkening rounds its tip: of
batman's models (Kreidberg 2015) grazing stars read 0.36 to 0.44, planets that do not graze at most 0.36."""

FLAT_INGRESS = 0.25

NOTABLE_AMPLITUDE_RATIO = 6.0
CENTROID_SIGMA, CENTROID_OFFSET_PX = 5.0, 1.0
CENTROID_FLOOR_ARCSEC = 2.5
"""However small the noise, a source is not placed better than this: neighbours' light moves the centre it is measured from."""


@dataclass(frozen=True)
class About:
    """Title, unit, formula and source of a measurement."""

    title: str
    unit: str
    formula: str
    source: str


CATALOGUE = {
    "depth": About(
        "Depth",
        "ppm",
        "1 - median(flux within 0.3 durations) / median(flux 1.25 to 4 durations wide)",
        "Winn 2010, arXiv:1001.2010; red noise as Winn et al. 2008, ApJ 683, 1076",
    ),
    "snr": About(
        "Signal to noise",
        "sigma",
        "mean dip over the whole duration / (beta sigma sqrt(1/n_in + 1/n_out)); error: 1, and that of beta and sigma",
        "Pont et al. 2006, MNRAS 373, 231; beta as Winn et al. 2008, ApJ 683, 1076",
    ),
    "transits": About(
        "Transits observed", "transits", "those with 40 % or more of their cadences; a count, exact", "this project"
    ),
    "depth_scatter": About(
        "Scatter of the transits' depths",
        "reduced chi2",
        "sum((d_i - mean)^2 / err_i^2) / (n - 1)",
        "Thompson et al. 2018, ApJS 235, 38",
    ),
    "odd_even": About(
        "Odd against even transits",
        "sigma",
        "|d_odd - d_even| / sqrt(err_odd^2 + err_even^2), errors widened by the scatter within each",
        "Batalha et al. 2010, ApJ 713, L103",
    ),
    "secondary_depth": About(
        "Secondary: depth",
        "ppm",
        "deepest box of one duration, 1.5 durations or more from transit",
        "Coughlin & Lopez-Morales 2012, AJ 143, 39",
    ),
    "secondary_phase": About("Secondary: phase", "periods", "middle of that box, 0 is the transit", "as its depth"),
    "secondary_sigma": About("Secondary: significance", "sigma", "depth over error, with red noise", "as its depth"),
    "half_way": About(
        "Dip half-way between transits",
        "ppm",
        "mean at phase 0.5, one duration wide, less the mean beside it",
        "Batalha et al. 2010, ApJ 713, L103; error as the secondary's",
    ),
    "v_shape": About(
        "V-shape", "ingress / duration", "trapezoid fit: 0 is a box, 0.5 a V", "Thompson et al. 2018, ApJS 235, 38"
    ),
    "duration": About("Duration", "h", "trapezoid fit, first to fourth contact", "Winn 2010, arXiv:1001.2010"),
    "duration_ratio": About(
        "Duration against expectation",
        "ratio",
        "duration / (P/pi asin((1 + k) R/a)), a/R from the star's density",
        "Seager & Mallen-Ornelas 2003, ApJ 585, 1038",
    ),
    "companion_radius": About(
        "Radius of the companion",
        "R_earth",
        "R_star sqrt(depth); error: the depth's alone",
        "Winn 2010, arXiv:1001.2010",
    ),
    "single_event": About(
        "Share of the strongest transit", "share", "max(SNR_i^2) / sum(SNR_i^2)", "Thompson et al. 2018, ApJS 235, 38"
    ),
    "variability_half": About(
        "Variability at half the period",
        "ppm",
        "semi-amplitude out of transit; error: at nearby periods",
        "Faigler & Mazeh 2011, MNRAS 415, 3921",
    ),
    "variability": About(
        "Variability at the period",
        "ppm",
        "semi-amplitude out of transit; error: at nearby periods",
        "as at half the period",
    ),
    "variability_double": About(
        "Variability at twice the period",
        "ppm",
        "semi-amplitude out of transit; error: at nearby periods",
        "as at half the period",
    ),
    "centroid_shift": About(
        "Centroid shift in transit",
        "pixel",
        "MOM_CENTR - POS_CORR, in less out of transit",
        "Batalha et al. 2010, ApJ 713, L103; Bryson et al. 2013, PASP 125, 889",
    ),
}

SECONDARY_NAMES = ("secondary_depth", "secondary_phase", "secondary_sigma", "half_way")


def judge(name, value, error, **context):
    """(verdict, concern): a sentence in plain words on a measured value, and whether it speaks against a planet."""
    judges = {"variability_half": _variability, "variability": _variability, "variability_double": _variability}
    return judges.get(name, globals().get(f"_{name}"))(value, error, **context)


def _depth(value, error, diluted_by=None):
    if value <= 0:
        return "No dip at the predicted times.", True
    if value < 3 * error:
        return "The dip is not significant: below 3 sigma.", True
    shallow = (
        f" SAP flux: {100 * diluted_by:.0f} % of the light is of other stars, which makes the dip shallower."
        if diluted_by
        else ""
    )
    return f"A dip of {value:,.0f} ppm, {value / error:,.0f} sigma.{shallow}", False


def _snr(value, error):
    if value < 7.1:
        return f"Weak: {value:.1f} sigma, below the 7.1 that SPOC asks of a detection.", True
    if value < 12:
        return f"A detection, though not a strong one: {value:.1f} sigma; SPOC asks 7.1.", False
    return f"A sure detection: {value:,.0f} sigma.", False


def _transits(value, error, period_d, shared=False):
    also = (
        " Those of another object of this star fall on them and were left in: the same signal twice?" if shared else ""
    )
    if value < 1:
        return f"No transit has enough of its cadences to be measured by itself.{also}", None
    if period_d is None:
        return f"A single transit: the period is unknown.{also}", None
    if value < 2:
        return f"Only {value:.0f} whole transit in these data: the period cannot be checked here.{also}", None
    return f"{value:.0f} whole transits.{also}", None if shared else False


def _depth_scatter(value, error, freedom):
    # Wilson & Hilferty 1931, PNAS 17, 684: the cube root of a reduced chi2 is nearly normal
    sigma = (value ** (1 / 3) - 1 + 2 / (9 * freedom)) / (2 / (9 * freedom)) ** 0.5
    if sigma > SIGNIFICANT_SCATTER:
        return "The depths differ from transit to transit more than the noise explains.", True
    return "The depths agree with each other.", False


def _odd_even(value, error, odd_ppm, even_ppm):
    if value > SIGNIFICANT_ODD_EVEN:
        return (
            f"Odd and even transits differ by {value:.1f} sigma ({odd_ppm:,.0f} and {even_ppm:,.0f} ppm):"
            " an eclipsing binary at twice the period?"
        ), True
    return f"Odd and even transits agree ({odd_ppm:,.0f} and {even_ppm:,.0f} ppm, {value:.1f} sigma apart).", False


def _secondary_sigma(value, error, primary_ppm, phase, sigma, places):
    if sigma < SIGNIFICANT_SECONDARY:
        return f"No second dip stands out: the deepest of {places} places reaches {sigma:.1f} sigma.", False
    return (
        f"A second dip at phase {phase:.2f}, {sigma:.1f} sigma: the companion shines, as a star does, or a very hot planet.",
        True,
    )


def _secondary_depth(value, error, primary_ppm, phase, sigma, places):
    if sigma < SIGNIFICANT_SECONDARY:
        return f"Any eclipse of the companion is shallower than about {max(value, 0) + 3 * error:,.0f} ppm.", False
    if value > primary_ppm:
        return (
            "The second dip is deeper than the one at the transit's time: an eclipsing binary, or another object's transit.",
            True,
        )
    share = value / primary_ppm
    if share > 0.1:
        return f"The second dip has {100 * share:.0f} % of the transit's depth: an eclipsing binary.", True
    return (
        f"The second dip has {100 * share:.1f} % of the transit's depth: a faint companion or a very hot planet.",
        None,
    )


def _secondary_phase(value, error, primary_ppm, phase, sigma, places):
    if sigma < SIGNIFICANT_SECONDARY:
        return "Where the deepest second dip, not significant, lies.", None
    if abs(phase - 0.5) > 3 * max(error, 0.01):
        return f"At phase {phase:.2f}, not half-way: the orbit is eccentric, or this is another object's transit.", None
    return "Half-way between transits, as on a circular orbit.", None


def _half_way(value, error):
    if value > SIGNIFICANT_HALF_WAY * error:
        return (
            f"A dip of {value:,.0f} ± {error:,.0f} ppm, {value / error:.1f} sigma, where a circular orbit has its eclipse: the companion shines, as"
            " a star does, or a very hot planet."
        ), True
    return f"No dip there: {value:,.0f} ± {error:,.0f} ppm.", False


def _v_shape(value, error, radius_ratio):
    if value > V_INGRESS and value - 3 * error > FLAT_INGRESS and radius_ratio > 0.05:
        return "V-shaped: the transit has no flat floor, as when two stars graze.", True
    if value > V_INGRESS:
        return "V-shaped, but shallow or noisy enough that this says little.", None
    if value > FLAT_INGRESS:
        return "Rounded, but no V: as when a small disc crosses near the edge of a large one.", False
    return "A flat floor: the shape of a small disc before a large one.", False


def _duration(value, error, catalogue_h):
    if abs(value - catalogue_h) > max(5 * error, 0.3 * catalogue_h):
        return f"The fold shows {value:.2f} h; the catalogue says {catalogue_h:.2f} h.", None
    return f"As in the catalogue ({catalogue_h:.2f} h).", False


def _duration_ratio(value, error, expected_h):
    if value - 3 * error > 1.6:
        return (
            f"Longer than the {expected_h:.1f} h of a central transit: another, larger star, or an eccentric orbit.",
            True,
        )
    if value + 3 * error < 0.3:
        return f"Far shorter than the {expected_h:.1f} h of a central transit: a grazing one, or another star.", None
    return f"Possible for this star: a central transit takes {expected_h:.1f} h.", False


def _companion_radius(value, error):
    if value > LARGEST_PLANET_REARTH:
        return f"{value:.1f} Earth radii: larger than any planet known; a star or a brown dwarf.", True
    return f"{value:.1f} Earth radii: the size of a planet, if no other star adds its light.", False


def _single_event(value, error, transits, strongest_sigma):
    if strongest_sigma < SIGNIFICANT_TRANSIT:
        return f"No transit stands out by itself: the strongest reaches {strongest_sigma:.1f} sigma.", None
    if value > max(0.6, 2.5 / transits):
        return f"One of {transits} transits makes {100 * value:.0f} % of the signal: a glitch, not a period?", True
    return "No single transit makes the signal.", False


def _variability(value, error, ratio, depth_ppm):
    if ratio > NOTABLE_AMPLITUDE_RATIO and value > 0.02 * depth_ppm:
        return (
            f"The star varies by {value:,.0f} ppm in step with the orbit ({ratio:.0f} times its neighbours): tides, or spots?",
            True,
        )
    return "The star does not vary in step with the orbit.", False


def _centroid_shift(value, error, sigma, lever):
    source_px, farthest_px = value * lever, (value + 3 * error) * lever
    moved = f"{1000 * value:.2f} ± {1000 * error:.2f} millipixels, {sigma:.1f} sigma"
    if sigma > CENTROID_SIGMA and source_px > CENTROID_OFFSET_PX:
        return (
            f"The image moves in transit ({moved}): the dip may come from a star about {TESS_PIXEL_ARCSEC * source_px:.0f} arcsec away."
        ), True
    if farthest_px > CENTROID_OFFSET_PX:
        far = f"{TESS_PIXEL_ARCSEC * farthest_px:,.0f} arcsec" if farthest_px < 10 else "any distance"
        return (
            f"The image does not move enough to tell ({moved}): this leaves room for another star within {far}.",
            None,
        )
    nearest = max(TESS_PIXEL_ARCSEC * farthest_px, CENTROID_FLOOR_ARCSEC)
    return f"The dip comes from within {nearest:.1f} arcsec of the image's centre: the image moves by {moved}.", False
