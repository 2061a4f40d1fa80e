"""The five classes of a folded light curve (Yu et al. 2019, AJ 158, 25, sec. 2.3)."""

LIGHT_CURVE_CLASSES = {
    "PC": "planet candidate",
    "EB": "eclipsing binary",
    "V": "variable star",
    "IS": "instrumental systematic",
    "J": "other junk",
}
"""Code -> meaning, in the order in which they are listed everywhere."""

AGREEING_DISPOSITIONS = {
    "PC": ("CP", "KP"),
    "EB": ("FP",),
    "V": ("FP", "FA"),
    "IS": ("FA",),
    "J": ("FP", "FA"),
}
"""Code -> the final TFOPWG dispositions that agree with it; a disposition does not name the kind of false positive."""
