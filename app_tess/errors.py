"""The errors of this application: each has a code, an HTTP status, and a message safe to show to anyone.

Raise the most precise class with a sentence that names the field, the file or the host.
"""


class AppTessError(Exception):
    """Base of all errors that a user may be shown. `str(error)` is the message."""

    code = "error"
    status = 500


class InvalidInput(AppTessError):
    """The input cannot be used; the message names the field."""

    code = "bad_request"
    status = 400


class MissingData(AppTessError):
    """There is no such star, file, picture or run; the message says why."""

    code = "not_found"
    status = 404


class NotAllowed(AppTessError):
    """The admin token is missing or wrong."""

    code = "forbidden"
    status = 403


class AlreadyRunning(AppTessError):
    """A run of the same kind is already under way."""

    code = "conflict"
    status = 409


class ConfigurationError(AppTessError):
    """A setting is missing or wrong; the message names it."""

    code = "configuration"


class ArchiveError(AppTessError):
    """An archive failed or answered what we cannot use; the message names the host."""

    code = "archive_error"
    status = 502


class ArchiveTimeout(ArchiveError):
    """An archive did not answer in time."""

    code = "archive_timeout"
    status = 504


class FileFormatError(AppTessError):
    """A file is not what it should be; the message names the file and what was wrong."""

    code = "file_format"
    status = 502


class EphemerisError(AppTessError):
    """A fold needs a positive period and an epoch (a single transit has none)."""

    code = "no_ephemeris"
    status = 404


class TrainingError(AppTessError):
    """A training or evaluation input cannot be used; the message names the file and the column."""

    code = "training"
    status = 400


class ArtifactError(AppTessError):
    """A stored model is missing, altered, or of another version."""

    code = "artifact"
