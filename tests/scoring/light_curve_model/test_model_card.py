"""The card of the network, which is written by hand, agrees with the files beside it."""

from app_tess.scoring.light_curve_model.network_manifest import ARTIFACTS, read_network_manifest
from app_tess.scoring.light_curve_model.real_files import read_real_files
from app_tess.scoring.light_curve_model.trained_network import load_network


def test_the_card_is_short_and_has_the_figures_of_the_manifest():
    card = (ARTIFACTS / "MODEL_CARD.md").read_text()
    assert len(card.split()) <= 550
    for _, question, figures in read_network_manifest().questions():
        for figure in (figures.auc, figures.ap):
            assert f"{figure.value:.3f} ({figure.low:.3f}-{figure.high:.3f})" in card, question


def test_the_card_lists_every_miss_on_real_files():
    card, found = (ARTIFACTS / "MODEL_CARD.md").read_text(), read_real_files()
    assert found.network == load_network().version
    assert len(found.files) == len(found.classified) + len(found.unclassified) + sum(
        file.best is not None and file.expected == "any" for file in found.files
    )
    for file in found.misses:
        assert f"{file.name} ({file.best}, {file.probability:.2f})" in card
    assert all(file.name in card for file in found.unclassified)
