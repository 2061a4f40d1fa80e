"""Every setting, once: its default, its unit and why. Read from the environment or a `.env` file (python-decouple)."""

import datetime
import itertools
import re
from dataclasses import dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cronsim import CronSim, CronSimError
from decouple import AutoConfig, Csv

from app_tess.errors import ConfigurationError
from app_tess.logs import FORMATS as LOG_FORMATS
from app_tess.logs import passwords_of

PROJECT_ROOT = Path(__file__).resolve().parents[1]
EXOPLANET_ARCHIVE = "https://exoplanetarchive.ipac.caltech.edu"
BULK_SCRIPTS = "https://archive.stsci.edu"
DEFAULT_SECRET_KEY = "development-only-secret-key"

STRONG_LENGTH, STRONG_VARIETY = 32, 8
"""Characters, and different ones among them, of a text that is not guessed: 32 hexadecimal digits hold 128 bits."""

STRONG_TEXT = (
    f"set it to a random text of at least {STRONG_LENGTH} characters "
    "(python -c 'import secrets; print(secrets.token_urlsafe(32))')"
)

HOST_NAME = re.compile(r"\.?[\w-]+(\.[\w-]+)*(:\d{1,5})?|\[[0-9a-f:]+\](:\d{1,5})?", re.ASCII | re.IGNORECASE)
"""A host name or IP address, with a port or without; a dot in front adds its subdomains."""

POOL_TIMEOUT_S = 5
"""How long a request waits for a free database connection [s]; then it is answered 503."""

POOL_SIZE, MOST_CONNECTIONS = 10, 30
"""Connections to PostgreSQL that a process keeps, and has at most: a page holds one for some milliseconds."""


def is_strong(secret: str) -> bool:
    """Return whether a secret is long and varied enough not to be guessed: not a repeated part, no sequence."""
    steps = {ord(later) - ord(letter) for letter, later in itertools.pairwise(secret)}
    triples = {secret[start : start + 3] for start in range(len(secret) - 2)}
    is_varied = min(len(set(secret)), len(steps)) >= STRONG_VARIETY and len(triples) > len(secret) / 2
    return len(secret) >= STRONG_LENGTH and is_varied


def _with_driver(url: str) -> str:
    """Return a database URL with its driver: SQLAlchemy 2.1 would take psycopg 3 for `postgresql`."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg2://" + url.removeprefix(prefix)
    return url


@dataclass(frozen=True)
class Config:
    """The settings. `Config.from_env()` reads them; tests build one by hand."""

    environment: str = "development"
    """`development` or `production`. Production starts only with strong secrets and TRUSTED_HOSTS, always asks for
    the admin token, and sends cookies over HTTPS only."""

    secret_key: str = DEFAULT_SECRET_KEY
    """Signs the session cookie that carries the CSRF token: a random text of 32 characters or more."""

    admin_token: str = ""
    """`Authorization: Bearer <this>` may start runs from anywhere: a random text of 32 characters or more. In
    development a browser on the machine itself needs none."""

    database_url: str = ""
    """SQLAlchemy URL. Empty: SQLite, `<instance_dir>/tess.sqlite`. `postgres://` and `postgresql://` use psycopg2."""

    database_read_url: str = ""
    """SQLAlchemy URL of a read replica of the database: pages and exports are read from it, everything else from
    DATABASE_URL. Empty: all from DATABASE_URL."""

    instance_dir: Path = PROJECT_ROOT / "instance"
    """Folder for the embedded database, the job queue and the cache of downloads and pictures."""

    exofop_url: str = "https://exofop.ipac.caltech.edu"
    """Where the TOI table is: ExoFOP, or a sample archive (`flask --app app_tess archive serve`)."""

    exoplanet_archive_url: str = ""
    """Where published planets are, and a second TOI table. Empty: the NASA Exoplanet Archive, or the sample archive if
    EXOFOP_URL is one."""

    mast_url: str = "https://mast.stsci.edu"
    """Where TIC rows, product lists and files are: MAST, or a sample archive."""

    bulk_scripts_url: str = ""
    """Where the lists of a sector's light curves are. Empty: archive.stsci.edu, or the sample archive if MAST_URL is
    one."""

    archive_timeout_s: float = 60.0
    """Seconds without a byte after which an archive counts as silent: MAST takes up to half a minute for a batch."""

    archive_total_s: float = 300.0
    """Seconds that one answer may take with its retries, redirects and pages, even if bytes keep trickling in: a file
    of 200 MB at 0.7 MB/s."""

    archive_retries: int = 4
    """How often a time-out, 429 or 5xx is retried, after 1, 2, 4... times the back-off or the time that Retry-After
    states, up to a minute."""

    archive_backoff_s: float = 1.0
    """Seconds: the unit of that wait."""

    archive_batch_size: int = 400
    """TIC ids a MAST query: MAST publishes no limit; a few hundred keep each answer under half a minute."""

    archive_redirect_hosts: tuple[str, ...] = (
        "stpubdata.s3.us-east-1.amazonaws.com",
        "stpubdata.s3.amazonaws.com",
    )
    """Comma-separated host names that the archives may redirect to, over HTTPS: MAST's public bucket. No other host is
    asked."""

    update_schedule: str = ""
    """When the worker updates the catalogue, as in crontab (five fields, UTC), e.g. `17 4 * * *`; empty: never."""

    update_total_s: float = 3600.0
    """Seconds that all requests of a catalogue update may take together: it has about 50, and takes some minutes."""

    update_jitter_s: int = 900
    """Seconds: a scheduled update starts at a random moment within so long after its time."""

    cache_max_mb: int = 2000
    """Megabytes of downloaded files and pictures kept on disk; the oldest are dropped beyond that."""

    store_url: str = ""
    """fsspec URL (`file:///srv/tess`, `s3://bucket/tess`) of a store of downloaded files and pictures that several
    machines share, behind the cache of each. Empty: none. Needs `requirements-store.txt`; the store limits its size."""

    visitors_may_vet: bool = False
    """Whether a visitor may start the vetting of a star without the admin token, within the quotas that follow."""

    visitors_may_look_up: bool = False
    """Whether a visitor may have a star without a TOI looked up at MAST without the admin token, within the quotas."""

    visitor_queue: int = 10
    """Vetting runs, or look-ups, that may be queued or executing when a visitor asks for another one."""

    visitor_free_mb: int = 1000
    """Megabytes that must be free on the disk of INSTANCE_DIR when a visitor asks for a vetting run or a look-up."""

    trusted_hosts: tuple[str, ...] = ()
    """Comma-separated host names that the site accepts; empty: any. Set it in production."""

    proxy_hops: int = 0
    """Reverse proxies in front whose X-Forwarded-* headers are believed (Heroku: 1)."""

    log_format: str = "human"
    """`human` or `json`: how the site and its worker write their log lines to stderr."""

    metrics_token: str = ""
    """`Authorization: Bearer <this>` may read `/metrics` (Prometheus): a random text of 32 characters or more. Empty:
    nothing is measured, and there is no such address."""

    catalogue_max_age_d: float = 30.0
    """Days after which `/readyz` reports the catalogue as too old; 0: never."""

    @classmethod
    def from_env(cls) -> "Config":
        """Read the environment, then `.env` in the project's folder, then the defaults.

        Raises
        ------
        ConfigurationError
            A value has the wrong type or is not allowed; the message names the setting.
        """
        read = AutoConfig(search_path=PROJECT_ROOT)
        values = {}
        for field in fields(cls):
            kind, name = type(field.default), field.name.upper()
            cast = Path if isinstance(field.default, Path) else Csv(post_process=tuple) if kind is tuple else kind
            default = ",".join(getattr(cls, field.name)) if kind is tuple else field.default
            try:
                values[field.name] = read(name, default=default, cast=cast)
            except ValueError as error:
                raise ConfigurationError(f"Setting {name} cannot be read: {error}") from error
        return cls(**values).checked()

    def checked(self) -> "Config":
        """Return itself, or raise a ConfigurationError that names the setting."""
        if self.environment not in ("development", "production"):
            raise ConfigurationError(f"Setting ENVIRONMENT is {self.environment!r}: use development or production.")
        if self.environment == "production":
            self._check_production()
        if self.log_format not in LOG_FORMATS:
            raise ConfigurationError(f"Setting LOG_FORMAT is {self.log_format!r}: use {' or '.join(LOG_FORMATS)}.")
        if self.metrics_token and not is_strong(self.metrics_token):
            raise ConfigurationError(f"Setting METRICS_TOKEN is weak: {STRONG_TEXT}.")
        if self.catalogue_max_age_d < 0:
            raise ConfigurationError("Setting CATALOGUE_MAX_AGE_D must not be negative.")
        for name in ("exofop_url", "mast_url", "planets_url", "scripts_url"):
            if not getattr(self, name).startswith(("http://", "https://")):
                raise ConfigurationError(f"Setting {name.upper()} must start with http:// or https://.")
        self._check_store()
        self._check_schedule()
        not_negative = ("proxy_hops", "archive_retries", "archive_backoff_s", "update_jitter_s")
        for name in (*not_negative, "visitor_queue", "visitor_free_mb"):
            if getattr(self, name) < 0:
                raise ConfigurationError(f"Setting {name.upper()} must not be negative.")
        for name in ("archive_timeout_s", "archive_total_s", "update_total_s", "archive_batch_size", "cache_max_mb"):
            if getattr(self, name) <= 0:
                raise ConfigurationError(f"Setting {name.upper()} must be positive.")
        return self

    def _check_store(self) -> None:
        if not self.store_url:
            return
        protocol, found, _ = self.store_url.partition("://")
        if not found or not protocol:
            raise ConfigurationError(
                f"Setting STORE_URL is {self.store_url!r}: give an fsspec URL, e.g. s3://bucket/tess."
            )
        if find_spec("fsspec") is None:
            raise ConfigurationError(
                "Setting STORE_URL needs the package fsspec: pip install -r requirements-store.txt."
            )

    def _check_schedule(self) -> None:
        if not self.update_schedule:
            return
        try:
            if len(self.update_schedule.split()) != 5:
                raise CronSimError("Wrong number of fields")
            CronSim(self.update_schedule, datetime.datetime(2026, 1, 1))
        except CronSimError as error:
            raise ConfigurationError(
                f"Setting UPDATE_SCHEDULE is {self.update_schedule!r}: {error}. "
                "Give five crontab fields, e.g. 17 4 * * *."
            ) from error

    def _check_production(self) -> None:
        """Require what keeps strangers out: production starts only with it."""
        for name in ("secret_key", "admin_token"):
            if not is_strong(getattr(self, name)):
                raise ConfigurationError(
                    f"Setting {name.upper()} is missing or weak, and production refuses to start: {STRONG_TEXT}."
                )
        if not self.trusted_hosts:
            raise ConfigurationError(
                "Setting TRUSTED_HOSTS is empty, and production refuses to start: list the site's host names."
            )
        for host in self.trusted_hosts:
            if not HOST_NAME.fullmatch(host):
                raise ConfigurationError(
                    f"Setting TRUSTED_HOSTS has {host!r}, which is no host name: neither wildcards nor addresses with "
                    "http:// match any request."
                )

    @property
    def engine_options(self) -> dict[str, Any]:
        """How SQLAlchemy connects: a dead connection is replaced, and a silent server gives an error within seconds."""
        options: dict[str, Any] = {"pool_pre_ping": True, "pool_timeout": POOL_TIMEOUT_S}
        if self.sqlalchemy_url.startswith("postgresql"):
            options |= {"pool_size": POOL_SIZE, "max_overflow": MOST_CONNECTIONS - POOL_SIZE}
            options["connect_args"] = {"connect_timeout": 5, "tcp_user_timeout": 10_000, "keepalives_idle": 30}
        return options

    @property
    def sqlalchemy_url(self) -> str:
        """The database URL for SQLAlchemy."""
        return _with_driver(self.database_url or f"sqlite:///{self.instance_dir.resolve() / 'tess.sqlite'}")

    @property
    def sqlalchemy_read_url(self) -> str:
        """The URL of the read replica for SQLAlchemy, or an empty text."""
        return _with_driver(self.database_read_url)

    @property
    def _urls(self) -> tuple[str, str, str]:
        return self.database_url, self.database_read_url, self.store_url

    @property
    def planets_url(self) -> str:
        """The NASA Exoplanet Archive, or what stands in for it."""
        is_sample = self.exofop_url != Config.exofop_url
        return self.exoplanet_archive_url or (self.exofop_url if is_sample else EXOPLANET_ARCHIVE)

    @property
    def scripts_url(self) -> str:
        """Where MAST's bulk download scripts are, or what stands in for it."""
        is_sample = self.mast_url != Config.mast_url
        return self.bulk_scripts_url or (self.mast_url if is_sample else BULK_SCRIPTS)

    @property
    def metrics_dir(self) -> Path:
        """Where the processes keep what they count."""
        return self.instance_dir / "metrics"

    @property
    def secrets(self) -> list[str]:
        """The values that no log line may contain."""
        of_urls = [password for url in self._urls for password in passwords_of(url)]
        return [self.secret_key, self.admin_token, self.metrics_token, *of_urls]
