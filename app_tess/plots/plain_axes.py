"""Axes whose ticks are drawn together.

Matplotlib keeps five artists for each tick, some of them invisible; making and placing them takes most of the time of a
small picture. Here an axis has one path for its grid, one for its tick marks, and its labels. Ticks are at the bottom
and at the left, and their labels are not turned; for anything else there are matplotlib's own axes.
"""

from typing import Any

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis, YAxis
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.ticker import NullLocator
from matplotlib.transforms import IdentityTransform

DEFAULTS: Any = rcParams

EDGE = 1e-10
"""Share of the interval by which a tick may lie outside, since its place is rounded."""


class TickGroup:
    """The major or the minor ticks of an axis, in their places.

    Parameters
    ----------
    axis : Axis
    look : dict
        As given to `tick_params`; what it lacks is matplotlib's default.
    kind : str
        "major" or "minor".
    places : ndarray, shape (N,)
        Along the axis [pixel].
    labels : list of str
    """

    def __init__(self, axis, look, kind, places, labels):
        self.axis, self.look, self.name, self.kind = axis, look, f"{axis.axis_name}tick", kind
        self.places, box = places, axis.axes.bbox
        self.ends = box.intervaly if axis.axis_name == "x" else box.intervalx
        self.labels = [
            self._label(place, text)
            for place, text in zip(places, labels, strict=True)
            if text and self._shows("label1On")
        ]
        self._boxes = None

    def _shows(self, part, usual=True):
        return self.look.get(part, usual)

    def _points(self, name):
        """Return a length of the look [points]."""
        return self.look.get(name, DEFAULTS[f"{self.name}.{self.kind}.{name}"])

    def _start(self, *lengths):
        """Return where something begins that is some lengths away from the axes [pixel]."""
        return self.ends[0] - sum(map(self._points, lengths)) * self.axis.axes.figure.dpi / 72

    def _label(self, place, text):
        below = self._start("size", "pad")
        is_x = self.axis.axis_name == "x"
        label = Text(
            *((place, below) if is_x else (below, place)),
            text,
            fontsize=self.look.get("labelsize", DEFAULTS[f"{self.name}.labelsize"]),
            color=self.look.get("labelcolor", DEFAULTS[f"{self.name}.color"]),
            horizontalalignment="center" if is_x else "right",
            verticalalignment="top" if is_x else "center_baseline",
        )
        label.set_figure(self.axis.axes.figure)
        return label

    def boxes(self, renderer):
        """Return the extent of each label [pixel]."""
        if self._boxes is None:
            self._boxes = [label.get_window_extent(renderer) for label in self.labels]
        return self._boxes

    def draw(self, renderer):
        """Draw grid, tick marks and labels."""
        if self._shows("gridOn", usual=False):
            color, alpha, width = (
                self.look.get(f"grid_{name}", DEFAULTS[f"grid.{name}"]) for name in ("color", "alpha", "linewidth")
            )
            self._stroke(renderer, self.ends, color, width, alpha, self.axis.axes.bbox)
        if self._shows("tick1On"):
            color = self.look.get("color", DEFAULTS[f"{self.name}.color"])
            self._stroke(renderer, (self._start("size"), self.ends[0]), color, self._points("width"))
        for label in self.labels:
            label.draw(renderer)

    def _stroke(self, renderer, ends, color, width, alpha=None, clip=None):
        """Draw a line across the axis at each place, from one end to the other [pixel]."""
        lines = np.empty((2 * len(self.places), 2))
        along, across = (0, 1) if self.axis.axis_name == "x" else (1, 0)
        lines[:, along] = np.repeat(self.places, 2)
        lines[:, across] = np.tile(ends, len(self.places))
        gc = renderer.new_gc()
        gc.set_alpha(alpha)
        gc.set_foreground(color)
        gc.set_linewidth(width)
        gc.set_capstyle("butt")
        gc.set_clip_rectangle(clip)
        codes = np.tile(np.array([Path.MOVETO, Path.LINETO], Path.code_type), len(self.places))
        renderer.draw_path(gc, Path(lines, codes), IdentityTransform())
        gc.restore()


class PlainTicks(Axis):
    """An axis with TickGroups in place of matplotlib's ticks, of which it has none."""

    axis_name: str
    _major_tick_kw: dict[str, Any]
    _minor_tick_kw: dict[str, Any]
    _tick_group_visible: Any
    majorTicks: Any = ()
    minorTicks: Any = ()
    _placed: Any = (None, [])

    def get_major_ticks(self, numticks=None):
        """Return no tick."""
        return []

    get_minor_ticks = get_major_ticks

    def get_ticks_position(self):
        """Return the side with the ticks."""
        return "bottom" if self.axis_name == "x" else "left"

    def get_children(self):
        """Return the texts of the axis as it was last placed."""
        return [self.label, self.offsetText, *(label for group in self._placed[1] for label in group.labels)]

    def _update_ticks(self):
        """Return the TickGroups in their present places, which several steps of a layout and a drawing ask for."""
        groups = (("major", self.major, self._major_tick_kw), ("minor", self.minor, self._minor_tick_kw))
        state = (
            self.axes.bbox.bounds,
            tuple(self.get_view_interval()),
            self.get_transform(),
            [(ticker.locator, ticker.formatter, dict(look)) for _, ticker, look in groups],
        )
        if state != self._placed[0]:
            self._placed = (state, [self._place(*group) for group in groups if self._is_drawn(*group[1:])])
        return self._placed[1]

    def _is_drawn(self, ticker, look):
        return self._tick_group_visible(look) and not isinstance(ticker.locator, NullLocator)

    def _place(self, kind, ticker, look):
        """Return the TickGroup of the ticks inside the present interval."""
        values = np.asarray(self.get_majorticklocs() if kind == "major" else self.get_minorticklocs(), dtype=float)
        labels = ticker.formatter.format_ticks(values)
        low, high = np.sort(self.get_transform().transform(np.asarray(self.get_view_interval(), dtype=float)))
        scaled = self.get_transform().transform(values)
        margin = EDGE * (high - low)
        inside = (scaled >= low - margin) & (scaled <= high + margin)
        start, length = (
            (self.axes.bbox.x0, self.axes.bbox.width)
            if self.axis_name == "x"
            else (self.axes.bbox.y0, self.axes.bbox.height)
        )
        share = (scaled[inside] - low) / (high - low)
        if self.get_inverted():
            share = 1 - share
        shown = [label for label, is_inside in zip(labels, inside, strict=True) if is_inside]
        return TickGroup(self, look, kind, start + length * share, shown)

    def _get_ticklabel_bboxes(self, ticks, renderer):
        return [box for group in ticks for box in group.boxes(renderer)], []


class PlainXAxis(PlainTicks, XAxis):
    """A horizontal axis."""


class PlainYAxis(PlainTicks, YAxis):
    """A vertical axis."""


class PlainAxes(Axes):
    """Axes with plain ticks."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for spine in self.spines.values():
            spine.set_position(("outward", 0))  # otherwise done for the first tick that is made

    def _init_axis(self):
        self.xaxis, self.yaxis = PlainXAxis(self, clear=False), PlainYAxis(self, clear=False)
        for side, axis in (("bottom", self.xaxis), ("top", self.xaxis), ("left", self.yaxis), ("right", self.yaxis)):
            self.spines[side].register_axis(axis)
