"""The archives as the settings configure them: which hosts may be asked, and what an answer may cost."""

import math


def open_archives(config, session_s=math.inf):
    """Return an HTTP session for one thread that asks only the configured archives, and where MAST redirects to.

    `session_s`: how long all of its requests may take together [s].
    """
    from app_tess.archives import http

    return http.open_session(
        http.Limits(
            origins=http.allow(
                config.exofop_url, config.mast_url, config.planets_url, hosts=config.archive_redirect_hosts
            ),
            silence_s=config.archive_timeout_s,
            total_s=config.archive_total_s,
            retries=config.archive_retries,
            backoff_s=config.archive_backoff_s,
            session_s=session_s,
        )
    )
