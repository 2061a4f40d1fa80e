"""gunicorn's own lines, of its workers' starts and ends, in the form of the site's."""

from gunicorn.glogging import Logger

from app_tess import logs
from app_tess.config import Config


class SiteLogger(Logger):
    """Passes gunicorn's lines on to the root logger, which `logs.configure` has given its form."""

    def setup(self, cfg):
        """Configure gunicorn, then the form of all lines."""
        super().setup(cfg)
        config = Config.from_env()
        logs.configure(config.log_format, config.secrets)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
