"""VOTable 1.3 in its TABLEDATA serialization: the format of the Virtual Observatory.

1.3 rather than 1.4: its units are the CDS standard's, which can say Earth radii, ppm and dex.
Source: https://www.ivoa.net/documents/VOTable/20130920/
"""

import re
from xml.sax.saxutils import escape, quoteattr

from app_tess.storage.database import batches
from app_tess.web.api.exports.values import by_column, texts
from app_tess.web.api.exports.writers import CHUNK_ROWS

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<VOTABLE version="1.3" xmlns="http://www.ivoa.net/xml/VOTable/v1.3"\n'
    '  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\n'
    '  xsi:schemaLocation="http://www.ivoa.net/xml/VOTable/v1.3 '
    'http://www.ivoa.net/xml/VOTable/v1.3">\n'
)
TYPES = {
    "long": 'datatype="long"',
    "int": 'datatype="int"',
    "double": 'datatype="double"',
    "boolean": 'datatype="boolean"',
    "text": 'datatype="unicodeChar" arraysize="*"',
    "date": 'datatype="char" arraysize="*"',
}
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that are not allowed in XML 1.0, even escaped."""
ICRS = '<COOSYS ID="icrs" system="ICRS" epoch="J2000"/>\n'


def write_votable(columns, rows, about, overflow=False):
    """Write one RESOURCE with one TABLE; `overflow` marks a truncated result (DALI 1.1, sec. 4.4.1)."""
    yield HEAD + '<RESOURCE type="results">\n<INFO name="QUERY_STATUS" value="OK"/>\n'
    yield (
        "".join(
            f"<INFO name={_attribute(name)} value={_attribute(value)}/>\n"
            for name, value in about.items()
            if value is not None
        )
        + ICRS
    )
    yield f"<TABLE name={_attribute(about.get('table', 'results'))}>\n" + "".join(_field(column) for column in columns)
    yield "<DATA><TABLEDATA>\n"
    for chunk in batches(rows, CHUNK_ROWS):
        yield "".join(map(_row, by_column(columns, chunk, _cells)))
    yield "</TABLEDATA></DATA>\n</TABLE>\n"
    yield ('<INFO name="QUERY_STATUS" value="OVERFLOW"/>\n' if overflow else "") + "</RESOURCE>\n</VOTABLE>\n"


def error_votable(message):
    """Write the error response of a Simple Cone Search (version 1.03, sec. 2.3): an INFO named Error, and no table.

    The VOTable schema requires the empty RESOURCE.
    """
    return (
        f"{HEAD}<DESCRIPTION>TESS Planet Finder cone search</DESCRIPTION>\n"
        f'<INFO ID="Error" name="Error" value={_attribute(message)}/>\n<RESOURCE type="results"/>\n</VOTABLE>\n'
    )


def _field(column):
    unit = f" unit={_attribute(column.cds_unit)}" if column.unit else ""
    frame = ' ref="icrs"' if column.ucd.startswith("pos.eq.") else ""
    xtype = ' xtype="timestamp"' if column.datatype == "date" else ""
    return (
        f"<FIELD name={_attribute(column.name)} ID={_attribute(column.name)} ucd={_attribute(column.ucd)} "
        f"{TYPES[column.datatype]}{xtype}{unit}{frame}><DESCRIPTION>{_text(column.description)}</DESCRIPTION></FIELD>\n"
    )


def _row(cells):
    return f"<TR><TD>{'</TD><TD>'.join(cells)}</TD></TR>\n"


def _cells(column, values):
    return texts(column, values, _text)


def _text(value):
    return escape(NOT_XML.sub(" ", str(value)))


def _attribute(value):
    return quoteattr(NOT_XML.sub(" ", str(value)))
