"""The columns of the exported table of detected signals."""

from app_tess.fields import units
from app_tess.web.api.exports.columns import SCORE_COLUMNS, TIC_ID, Column

CLASS_COLUMNS = tuple(column for column in SCORE_COLUMNS if column.name.startswith("light_curve_"))

SIGNAL_COLUMNS = (
    TIC_ID,
    Column("number", "int", "meta.number", "In order of detection; signals are not TOIs", True),
    *CLASS_COLUMNS,
    Column("same_as", "text", "meta.id.cross", "The TOI with the same period and transit times; null: it is new"),
    Column("period_d", "double", "time.period", "Period; null for a single transit", measured_in=units.DAY),
    Column(
        "epoch_btjd", "double", "time.epoch", "A mid-transit time, BJD - 2457000 (TDB)", True, measured_in=units.BTJD
    ),
    Column("depth_ppm", "double", "phot.flux;arith.ratio", "Depth", True, measured_in=units.PARTS_PER_MILLION),
    Column("snr", "double", "stat.snr", "Depth over its error, with red noise", True),
    Column("sde", "double", "stat.value", "Signal detection efficiency; null for a single transit"),
    Column("searched_at", "text", "time.processing", "When the star was searched, UTC", True),
    Column("simulated", "boolean", "meta.code", "True: in simulated light curves, not a measurement", True),
)
