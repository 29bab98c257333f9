"""Every method of the five APIs is found by its path, and no other is."""

import re

import pytest
import requests
from google.auth.transport.requests import Request

from simulator.discovery import all_methods, router


def example_path(method, template: str) -> str:
    """Make a path the method's own parameters allow."""

    def hole(match: re.Match[str]) -> str:
        pattern = method.parameters[match[2]].get("pattern") if match[1] else None
        if pattern is None:
            return "x%2Fy"
        return re.sub(r"\[\^/\]\+", "x1", pattern.strip("^$")).replace(".*", "a/b")

    return re.sub(r"\{(\+?)([^}]+)\}", hole, template)


def test_all_methods_of_the_five_apis_are_known():
    count = {}
    for method in all_methods().values():
        count[method.api.name] = count.get(method.api.name, 0) + 1
    assert count == {"chat": 55, "drive": 64, "sheets": 17, "gmail": 79, "calendar": 38}


@pytest.mark.parametrize("method_id", all_methods())
def test_an_example_path_leads_to_exactly_its_method(method_id):
    method = all_methods()[method_id]
    for path in [method.path, *method.upload_paths]:
        route = router().find(method.verb, example_path(method, path))
        assert route.method.id == method_id
        assert route.is_upload == (path != method.path)


def test_no_method_of_any_api_answers_with_a_server_error(simulator, credentials):
    scopes = sorted(set().union(*(method.scopes for method in all_methods().values())))
    token = credentials(scopes)
    with requests.Session() as session:
        token.refresh(Request(session=session))
        headers = {"Authorization": f"Bearer {token.token}", "Content-Length": "0"}
        for method in all_methods().values():
            url = simulator.origin + example_path(method, method.path)
            answer = session.request(method.verb, url, headers=headers)
            assert answer.status_code < 500, method.id
    logged = [call["method"] for call in simulator.world.calls.to_json()]
    assert logged == list(all_methods())


def test_a_slash_inside_a_parameter_stays_inside():
    route = router().find("GET", "/v4/spreadsheets/abc/values/A1%3AB2%2FC")
    assert route.method.id == "sheets.spreadsheets.values.get"
    assert route.path_parameters["range"] == "A1:B2/C"


def test_an_unknown_path_is_no_method():
    assert router().find("GET", "/drive/v3/nothing") is None
    assert router().find("TRACE", "/drive/v3/files") is None
