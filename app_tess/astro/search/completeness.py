"""Which share of injected planets the search recovers in one sector of a real quiet star.

Measured by `python -m benchmarks.search_completeness`; docs/science/search-completeness.md holds the whole result, also
by duration and for simulated stars. A test compares the two.
"""

INJECTED, RECOVERED = 400, 234
"""Planets injected into ten real quiet stars, log-uniform in period, depth and stellar density."""

COLUMNS = ("0.5 to 1.5 d", "1.5 to 4 d", "4 to 8 d", "8 to 13 d")
"""Ranges of the period."""

ROWS = {
    "100 to 200": ((26, 23), (14, 22), (8, 12), (7, 14)),
    "200 to 400": ((42, 19), (31, 26), (38, 13), (0, 12)),
    "400 to 800": ((80, 20), (42, 19), (54, 13), (29, 7)),
    "800 to 1600": ((100, 13), (58, 19), (67, 12), (73, 11)),
    "1600 to 3200": ((93, 15), (89, 18), (77, 13), (62, 8)),
    "3200 to 10000": ((100, 32), (95, 21), (88, 26), (75, 12)),
}
"""Range of the depth [ppm] -> for each range of the period, percent recovered and number injected."""
