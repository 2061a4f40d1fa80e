"""TESS Planet Finder: `create_app` is the only place where things are wired together."""

from flask import Flask

from app_tess.config import Config
from app_tess.one_import import import_one_at_a_time


def create_app(config=None):
    """Return the application; without a `Config` it reads the environment.

    That of a command has no pages, and gets its database when the command is run: `--help` starts without SQLAlchemy.
    """
    import_one_at_a_time()

    from app_tess import cli

    config = config or Config.from_env()
    app = Flask(__name__, instance_path=str(config.instance_dir.resolve()))
    config.instance_dir.mkdir(parents=True, exist_ok=True)
    app.config.update(
        TESS=config,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.sqlalchemy_url,
        SQLALCHEMY_ENGINE_OPTIONS=config.engine_options,
        TRUSTED_HOSTS=list(config.trusted_hosts) or None,
        MAX_CONTENT_LENGTH=64 * 1024,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.environment == "production",
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    if cli.is_starting():
        cli.init_app(app, before=lambda: _add_database(app, config))
    else:
        cli.init_app(app)
        _add_database(app, config)
        _add_pages(app, config)
    return app


def _add_database(app, config):
    from app_tess.storage import all_tables  # noqa: F401
    from app_tess.storage.database import add_replica, db

    db.init_app(app)
    if config.database_read_url:
        add_replica(app, config.sqlalchemy_read_url, config.engine_options)


def _add_pages(app, config):
    from werkzeug.middleware.proxy_fix import ProxyFix

    from app_tess import web
    from app_tess.tasks.downloads import Downloads
    from app_tess.web.http import request_log

    app.extensions["downloads"] = Downloads()
    request_log.init_app(app, trusts_proxy=config.proxy_hops > 0)
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    web.init_app(app)
