"""What a web process loads after it has begun to serve."""

import gc

import pytest

from app_tess.web import warm_up
from tests.support import catalogues
from tests.support.loaded import filled_app


@pytest.fixture(scope="module", autouse=True)
def let_the_applications_go():
    """A process that has begun to serve keeps what it has; that of the tests goes on."""
    yield
    gc.unfreeze()


@pytest.fixture
def warm(config, make_app):
    app = filled_app(make_app, config)
    warm_up._warm_up(app.jinja_env)
    return app


@pytest.mark.parametrize("address", ["/", "/stars/{star}", "/tonight?lat=-29&lon=-70", "/scoreboard", "/classes"])
def test_a_first_page_compiles_no_template(warm, monkeypatch, address):
    monkeypatch.setattr(warm.jinja_env, "compile", lambda *_, **__: pytest.fail("a template was compiled"))
    assert warm.test_client().get(address.format(star=catalogues.WASP46)).status_code == 200


def test_every_template_is_loaded_and_kept(warm):
    templates = warm.jinja_env.list_templates(extensions=["html"])
    assert len(warm.jinja_env.cache) == len(templates) < warm.jinja_env.cache.capacity
