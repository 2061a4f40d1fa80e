"""What the network says of real light-curve files at their true ephemerides: real_files.json beside its manifest."""

from dataclasses import dataclass
from pathlib import Path

from app_tess.scoring.common.json_records import read_record
from app_tess.scoring.light_curve_model.network_manifest import ARTIFACTS

REAL_FILES_NAME = "real_files.json"

COMMAND = "python -m benchmarks.real_light_curves --out FILE"


@dataclass(frozen=True)
class RealFile:
    """One object in one file, or in several files together."""

    group: str
    """archive, toi_hosts, eclipsing_binaries or quiet."""
    name: str
    expected: str
    """The right class, several with "or" between them, or "any" where the answer is not known."""
    best: str | None
    """The most probable class; None if the file does not allow any."""
    probability: float | None
    """Of that class."""
    why: str | None
    """Why there is no class."""

    @property
    def is_miss(self) -> bool:
        """Whether the most probable class is a wrong one."""
        return self.best is not None and self.expected != "any" and self.best not in self.expected.split(" or ")


@dataclass(frozen=True)
class RealFiles:
    """All objects of one run, with the version of the network."""

    network: str
    files: list[RealFile]

    @property
    def classified(self) -> list[RealFile]:
        """Those with a known answer that could be classified."""
        return [file for file in self.files if file.best is not None and file.expected != "any"]

    @property
    def misses(self) -> list[RealFile]:
        """Those classified wrongly."""
        return [file for file in self.files if file.is_miss]

    @property
    def unclassified(self) -> list[RealFile]:
        """Those without a class."""
        return [file for file in self.files if file.best is None]


def read_real_files(directory: Path = ARTIFACTS) -> RealFiles:
    """Read real_files.json beside a network; ArtifactError names what is wrong with the file."""
    return read_record(directory / REAL_FILES_NAME, RealFiles, COMMAND)
