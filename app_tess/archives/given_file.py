"""A file that somebody gives to a command: plain, or compressed with gzip."""

import gzip
import io
import zlib
from pathlib import Path

from app_tess.errors import FileFormatError


def unpack(data: bytes, path: Path, largest_bytes: int, hint: str = "") -> bytes:
    """Return the content of a file, decompressed where it is compressed.

    Parameters
    ----------
    data : bytes
        The file as it is.
    path : Path
        For messages.
    largest_bytes : int
        Of the content.
    hint : str
        What a content that is too large says of the file, as the end of the message.

    Raises
    ------
    FileFormatError
        The compressed file is damaged, or its content is too large.
    """
    if data[:2] == b"\x1f\x8b":
        try:
            with gzip.open(io.BytesIO(data)) as file:
                data = file.read(largest_bytes + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise FileFormatError(f"{path}: the compressed file is damaged: {error}.") from error
    if len(data) > largest_bytes:
        raise FileFormatError(f"{path}: more than {largest_bytes // 1_000_000} MB{hint}.")
    return data
