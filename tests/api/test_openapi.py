"""The OpenAPI document and its page."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from playwright.sync_api import sync_playwright

from api.endpoints import ENDPOINTS
from api.openapi import document

CHROMIUM = Path("/usr/bin/chromium")
DOCUMENT = document(ENDPOINTS, version="1")


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [found for child in node.values() for found in _references(child)]
    if isinstance(node, list):
        return [found for child in node for found in _references(child)]
    return []


def test_every_schema_is_json_schema_and_every_reference_leads_somewhere() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    assert {reference.removeprefix("#/components/schemas/") for reference in _references(DOCUMENT)} <= schemas.keys()


def test_every_operation_is_described() -> None:
    operations = [operation for path in DOCUMENT["paths"].values() for operation in path.values()]
    assert len(operations) == len(ENDPOINTS)
    tags = {tag["name"] for tag in DOCUMENT["tags"]}
    for operation in operations:
        assert operation["summary"]
        assert operation["description"]
        assert set(operation["tags"]) <= tags
        assert all(answer["description"] for answer in operation["responses"].values())
        for parameter in operation["parameters"]:
            assert parameter["description"], parameter["name"]
            Draft202012Validator.check_schema(parameter["schema"])


def test_path_parameters_are_those_of_the_path() -> None:
    for path, operations in DOCUMENT["paths"].items():
        for operation in operations.values():
            named = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"}
            assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}


def test_it_is_served(lonely: httpx.Client) -> None:
    served = lonely.get("/openapi.json").json()
    assert served["openapi"].startswith("3.1.")
    assert served["paths"] == DOCUMENT["paths"]


@pytest.mark.parametrize("name", ["swagger-ui.css", "swagger-ui-bundle.js", "initializer.js"])
def test_the_page_needs_no_other_host(lonely: httpx.Client, name: str) -> None:
    page = lonely.get("/docs").text
    assert f'"/docs/{name}"' in page
    assert "//" not in page.replace("<!doctype", "")
    assert lonely.get(f"/docs/{name}").status_code == 200


def test_an_absent_parameter_is_not_called_null() -> None:
    parameters = DOCUMENT["paths"]["/v1/commands"]["get"]["parameters"]
    command = next(parameter for parameter in parameters if parameter["name"] == "command")
    assert command["schema"] == {"type": "string", "maxLength": 256}


@pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")
def test_a_browser_shows_every_operation_and_asks_nobody_else(lonely: httpx.Client) -> None:
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        page = browser.new_page()
        asked: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(str(lonely.base_url.join("/docs")))
        page.wait_for_selector(".opblock")
        assert page.locator(".opblock").count() == len(ENDPOINTS)
        assert all(url.startswith((str(lonely.base_url), "data:")) for url in asked)
        assert not complaints
        browser.close()
