"""Which classes an event may belong to, from three sources of different weight."""

import numpy as np

from app_tess.astro.dispositions import CANDIDATES, PLANETS
from app_tess.scoring.light_curve_model.views_file import ANY_JUNK, CLASSES, JUNK_LABELS


def possible_classes(label, disposition, catalogued_binary):
    """Return which of CLASSES each event may belong to, by the source with precedence.

    1. TFOPWG: a confirmed or known planet is PC, also where a catalogue of binaries lists it. A false positive or
       false alarm is EB if it is listed as a binary; what else it is the disposition does not say.
    2. The catalogue of binaries: EB, unless TFOPWG still calls the signal a candidate. Where the fold shows junk to the
       eye the class may be either: an eclipse that noise hides is no example of one.
    3. The label given by eye. A PC that TFOPWG has rejected is no longer one, and its class is unknown.

    Parameters
    ----------
    label : array_like of str, shape (N,)
        One of CLASSES, ANY_JUNK, "O" or "" (unknown).
    disposition : array_like of str, shape (N,)
        TFOPWG disposition, or "".
    catalogued_binary : array_like of bool, shape (N,)

    Returns
    -------
    ndarray of bool, shape (N, 5)
        One True: the class is known. Several: one of them. All: unknown.
    """
    label, disposition = np.asarray(label, dtype=str), np.asarray(disposition, dtype=str)
    binary = np.asarray(catalogued_binary, dtype=bool)
    names = np.array(CLASSES)
    planet, open_ = np.isin(disposition, PLANETS), np.isin(disposition, CANDIDATES)
    rejected = (disposition != "") & ~planet & ~open_
    possible = np.where((label == ANY_JUNK)[:, None], np.isin(names, JUNK_LABELS), label[:, None] == names)
    contradicted = (rejected & (label == "PC")) | (open_ & binary & (label != "PC"))
    unknown = ~possible.any(axis=1) | contradicted
    possible = np.where(unknown[:, None], True, possible)
    hidden = np.isin(label, JUNK_LABELS)
    possible = np.where((binary & ~open_)[:, None], (names == "EB") | (possible & hidden[:, None]), possible)
    return np.where(planet[:, None], names == "PC", possible)
