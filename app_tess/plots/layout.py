"""Arrange a figure's axes so that no label is cut: lone axes at once, several by matplotlib's constrained layout.

Constrained layout measures everything twice. What surrounds lone axes hardly depends on their size, so it is measured
once, and after that only what may have changed: the labels of the ticks.
"""

PAD_IN = 0.04167
"""Room around everything [inches]: constrained layout's three points."""

LEAST_PX = 0.5
"""Smallest part of a label outside the figure that moves the axes [pixel]."""


def lay_out(figure):
    """Arrange the figure's axes now; `savefig` would draw everything once before it does so, and then again."""
    engine = figure.get_layout_engine()
    if figure.axes and engine is not None:
        if _has_lone_axes(figure):
            _fill_figure(figure.axes[0], figure.canvas.get_renderer())
        else:
            engine.execute(figure)
    figure.set_layout_engine(None)


def _has_lone_axes(figure):
    """Return whether one pair of axes, of any shape, is all that needs room: no title or legend of the figure."""
    [axes, *others] = figure.axes
    is_plain = not others and not axes.child_axes and axes.get_aspect() == "auto"
    return is_plain and not figure.legends and not figure.get_suptitle()


def _fill_figure(axes, renderer):
    """Give axes all of the figure but the room for what surrounds them."""
    around = _overhang(axes.get_tightbbox(renderer, for_layout_only=True), axes.bbox)
    _leave_room(axes, around)
    ticks = [axis.get_tightbbox(renderer, for_layout_only=True) for axis in (axes.xaxis, axes.yaxis)]
    beyond = [_overhang(box, axes.bbox) for box in ticks if box is not None]
    wanted = [max(lengths) for lengths in zip(around, *beyond, strict=True)]
    if max(new - old for new, old in zip(wanted, around, strict=True)) > LEAST_PX:
        _leave_room(axes, wanted)


def _overhang(box, inner):
    """Return how far a box reaches beyond another to the left, below, to the right and above [pixel]."""
    return inner.x0 - box.x0, inner.y0 - box.y0, box.x1 - inner.x1, box.y1 - inner.y1


def _leave_room(axes, lengths):
    """Place axes in the figure with room at the left, below, at the right and above [pixel], and a pad."""
    size = axes.figure.bbox
    pad = PAD_IN * axes.figure.dpi
    left, bottom, right, top = (max(length, 0) + pad for length in lengths)
    width, height = max(size.width - left - right, 1), max(size.height - bottom - top, 1)
    axes.set_position((left / size.width, bottom / size.height, width / size.width, height / size.height))
