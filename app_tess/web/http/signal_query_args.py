"""URL parameters of lists of detected signals -> SignalQuery."""

from app_tess.astro.light_curve_classes import LIGHT_CURVE_CLASSES
from app_tess.errors import InvalidInput
from app_tess.storage.survey_lists import KINDS, NO_CLASS, SignalQuery
from app_tess.web.http.parameters import (
    LARGEST_ID,
    read_choice,
    read_number,
    read_page,
    read_texts,
    read_whole_number,
    read_yes_no,
    reject_unknown,
)

CLASSES = (*LIGHT_CURVE_CLASSES, NO_CLASS)
KNOWN = ("light_curve_class", "new", "kind", "sde_min", "survey", "page", "page_size")
LARGEST_PAGE_SIZE = 500


def parse_signal_query(args, also_known=()):
    """Return the SignalQuery of an address; InvalidInput names the parameter at fault."""
    reject_unknown(args, (*KNOWN, *also_known))
    classes = [part.strip() for text in read_texts(args, "light_curve_class") for part in text.split(",")]
    for code in classes:
        if code not in CLASSES:
            raise InvalidInput(f"'{code}' is not one of {', '.join(CLASSES)}.", field="light_curve_class")
    return SignalQuery(
        tuple(dict.fromkeys(classes)),
        read_yes_no(args, "new"),
        read_choice(args, "kind", KINDS, None),
        read_number(args, "sde_min", 0),
        read_whole_number(args, "survey", 1, LARGEST_ID),
        read_page(args),
        read_whole_number(args, "page_size", 1, LARGEST_PAGE_SIZE, SignalQuery.page_size),
    )
