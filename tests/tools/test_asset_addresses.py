"""Browsers may keep an asset for ever, because its address changes when it does."""

import pytest
from flask import Flask

from hia_app.web import assets


@pytest.fixture
def app() -> Flask:
    app = Flask("assets_only", static_folder=assets.STATIC_FOLDER, static_url_path="/static")
    assets.register(app)
    return app


def test_a_page_names_the_built_file_and_the_browser_may_keep_it(app: Flask) -> None:
    with app.test_request_context():
        address = assets.asset_url("govuk-frontend.min.css")
    answer = app.test_client().get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.mimetype == "text/css"
    answer.close()


def test_what_carries_no_content_in_its_name_is_asked_for_again(app: Flask) -> None:
    answer = app.test_client().get("/static/manifest.json")
    assert answer.headers["Cache-Control"] == "no-cache"
    answer.close()


def test_an_asset_that_was_never_built_is_named(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(assets.UnknownAsset, match=r"nothing\.css"):
        assets.asset_url("nothing.css")
