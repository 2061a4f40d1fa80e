"""The periodogram's picture and its words."""

import numpy as np
import pytest

from app_tess.plots.search import render_periodogram

PERIOD = np.geomspace(0.3, 13, 50).tolist()
PERIODOGRAM = {"period_d": PERIOD, "sde": [1.0] * 49 + [9.5], "snr": [4.0] * 50, "window": [0.1] * 50}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_detected_and_known_signals_are_named_in_words(theme):
    picture = render_periodogram(
        PERIODOGRAM, [("signal 1", 3.0)], [("TOI-1.01", 3.1), ("TOI-1.02", 99.0)], "TIC 7", 6.0, theme=theme
    )
    assert picture.png.startswith(b"\x89PNG")
    for words in ("efficiency 9.5 at 13 d", "signal 1 at 3 d", "TOI-1.01 at 3.1 d", "TOI-1.02 at 99 d", "threshold 6"):
        assert words in picture.alt
    assert "SIMULATED" not in picture.alt


def test_a_simulated_light_curve_is_called_so_and_no_signal_is_said():
    picture = render_periodogram(PERIODOGRAM, [], [], "TIC 7", 6.0, simulated=True)
    assert picture.alt.startswith("SIMULATED") and "Detected here: none" in picture.alt


def test_a_search_too_short_for_a_period_has_an_empty_picture():
    picture = render_periodogram({"period_d": [], "sde": [], "snr": [], "window": []}, [], [], "TIC 7", 6.0)
    assert "too short" in picture.alt
