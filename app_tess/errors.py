"""The errors of this application: each has a code, a word that never changes, and a message safe to show to anyone.

Raise the most precise class with a sentence. Where one input is at fault, name it as `field`, not in the text: the web
adds its parameter, the command line its option.
"""

from collections.abc import Sequence
from threading import Event


class AppTessError(Exception):
    """Base of all errors that a user may be shown. `str(error)` is the message.

    Parameters
    ----------
    message : str
        One or more sentences.
    field : str
        Name of the input at fault; empty where no single one is.
    """

    code = "error"

    def __init__(self, message: str = "", *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class InvalidInput(AppTessError):
    """The input cannot be used; `field` names it."""

    code = "bad_request"


class MissingData(AppTessError):
    """There is no such star, file, picture or run; the message says why."""

    code = "not_found"


class NotAllowed(AppTessError):
    """The admin token is missing or wrong."""

    code = "forbidden"


class AlreadyRunning(AppTessError):
    """A run of the same kind is queued or executing; `run_id` is that run, if it is still known."""

    code = "conflict"

    def __init__(self, message: str, run_id: int | None = None) -> None:
        super().__init__(message)
        self.run_id = run_id


class RunEnded(AppTessError):
    """The run was cancelled or given up meanwhile: the process that executes it may store nothing."""

    code = "run_ended"


class OutdatedInput(AppTessError):
    """The catalogue was replaced while results were computed from it: they are not stored."""

    code = "outdated"


class ConfigurationError(AppTessError):
    """A setting is missing or wrong; the message names it."""

    code = "configuration"


class SiteBusy(AppTessError):
    """Too many requests wait for expensive results; after `retry_after_s` seconds the same request may succeed."""

    code = "busy"

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class TooManyRequests(SiteBusy):
    """A client asks for something more often than it may."""

    code = "too_many_requests"


class ArchiveError(AppTessError):
    """An archive failed or sent an unusable response; the message names the host."""

    code = "archive_error"


class ArchiveUnavailable(ArchiveError):
    """An archive cannot be reached, or answers that it cannot answer now: the same request may succeed later."""


class ArchiveTimeout(ArchiveUnavailable):
    """An archive did not respond in time."""

    code = "archive_timeout"


class BeingFetched(AppTessError):
    """A file is on its way from an archive; `done` are events that are set when it is there or has failed."""

    code = "being_fetched"

    def __init__(self, message: str, done: Sequence[Event] = ()) -> None:
        super().__init__(message)
        self.done = tuple(done)


class BeingLoaded(AppTessError):
    """The model is not in this process's memory yet: the same request succeeds a moment later."""

    code = "being_loaded"


class CacheError(AppTessError):
    """The site's cache folder cannot be written; the message says why."""

    code = "cache_error"


class DiskFull(CacheError):
    """The disk has no room for more files; nothing is wrong with the star whose file was to be kept."""


class SurveyStopped(AppTessError):
    """The survey ended before its last star; the same command resumes it."""

    code = "survey_stopped"


class ClusterLost(AppTessError):
    """A survey's scheduler cannot be reached, or the connection to it broke; stars that are not stored wait."""

    code = "cluster_lost"


class FileFormatError(AppTessError):
    """A file does not have the expected format; the message names the file and the problem."""

    code = "file_format"


class EphemerisError(AppTessError):
    """A fold needs a positive period and an epoch (a single transit has no period)."""

    code = "no_ephemeris"


class TrainingError(AppTessError):
    """An input of training or evaluation cannot be used; the message names the file and the column."""

    code = "training"


class ArtifactError(AppTessError):
    """A stored model is missing, altered, or of another version."""

    code = "artifact"
