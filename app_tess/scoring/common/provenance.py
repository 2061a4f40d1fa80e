"""What a trained model was made from, and the check that its files are still those its manifest names."""

import hashlib
import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from app_tess.errors import ArtifactError


@dataclass(frozen=True)
class SourceFile:
    """A file that a model was trained on."""

    name: str
    sha256: str
    rows: int


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of bytes as a hexadecimal string."""
    return hashlib.sha256(content).hexdigest()


def describe_source(path: Path, rows: int) -> SourceFile:
    """Describe a training file by its name, the SHA-256 of its bytes on disk, and its number of rows."""
    return SourceFile(path.name, sha256_of(path.read_bytes()), rows)


def installed_version(package: str) -> str | None:
    """Return the installed version of a package, or None."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def installed_versions(packages) -> dict[str, str | None]:
    """Return the installed version of each package."""
    return {package: installed_version(package) for package in packages}


def python_version() -> str:
    """Return the version of the running Python."""
    return platform.python_version()


def short_path(path: Path) -> str:
    """Return the end of a path, enough to recognize the file in a message that a page may show."""
    return "/".join(path.parts[-3:])


def read_verified(path: Path, sha256: str, command: str) -> bytes:
    """Read a file of a trained model, after checking it against the SHA-256 in the manifest.

    Parameters
    ----------
    path : Path
    sha256 : str
        As the manifest records it.
    command : str
        The command that writes the file, for the message.

    Raises
    ------
    ArtifactError
        The file is missing, or its content is not what the manifest describes.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ArtifactError(f"{short_path(path)} is missing; `{command}` writes it.") from error
    found = sha256_of(content)
    if found != sha256:
        raise ArtifactError(
            f"{short_path(path)} has been altered: its SHA-256 is {found[:12]}..., but {sha256[:12]}... in the "
            "manifest. It was not opened."
        )
    return content
