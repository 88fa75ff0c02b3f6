"""What a browser is told of the page and its files."""

import re
from importlib.resources import files

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from api.dashboard import routes


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=routes))


def test_the_page_comes_with_a_policy_that_lets_nothing_foreign_in(client: TestClient) -> None:
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_page_has_no_inline_script_or_style(client: TestClient) -> None:
    page = client.get("/").text
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page)


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("js/main.js", "text/javascript; charset=utf-8"),
        ("css/tokens.css", "text/css; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
        ("vendor/uplot.iife.min.js", "text/javascript; charset=utf-8"),
        ("vendor/uplot.min.css", "text/css; charset=utf-8"),
    ],
)
def test_files_have_their_type_and_are_revalidated(client: TestClient, path: str, media_type: str) -> None:
    answer = client.get(f"/assets/{path}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == "no-cache"

    tag = answer.headers["etag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}'):
        again = client.get(f"/assets/{path}", headers={"If-None-Match": given})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(f"/assets/{path}", headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_gives_the_headers_alone(client: TestClient) -> None:
    answer = client.head("/")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("path", ["", "index.html", "../asset.py", "vendor/__init__.py", "js/../../asset.py", "js"])
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    assert client.get(f"/assets/{path}").status_code == 404


def test_uplot_is_the_installed_one_and_not_a_copy(client: TestClient) -> None:
    installed = (files("youplot") / "vendor" / "uplot.iife.min.js").read_bytes()
    assert client.get("/assets/vendor/uplot.iife.min.js").content == installed
    assert not list((files("api.dashboard") / "static").glob("**/*uplot*"))  # type: ignore[attr-defined]


def test_every_file_that_the_page_names_is_there(client: TestClient) -> None:
    page = client.get("/").text
    named = re.findall(r'(?:href|src)="(/assets/[^"]+)"', page)
    assert len(named) > 10
    for path in named:
        assert client.get(path).status_code == 200, path
