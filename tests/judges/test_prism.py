"""Stoplight Prism serves the spec, and finds no fault with any request that the client sends.

Prism does not look at parameters with brackets in their names, so each request is judged a second time with parentheses
in their place, in the spec as in the request.
"""

import json
import pathlib
import re
import subprocess
import time
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode

import pytest
import requests
from conftest import ROOT

PRISM = ROOT / "target/judges/node/node_modules/.bin/prism"
REQUESTS = sorted((ROOT / "tests/snapshots").glob("wire_*.snap"))


def recorded(snapshot: pathlib.Path) -> tuple[str, str, dict[str, str], str | None]:
    """The request of a snapshot: method, target, headers, body."""
    _, _, request = snapshot.read_text().split("---\n", 2)
    head, brace, body = request.partition("\n{\n")
    line, *headers = head.strip().splitlines()
    method, target = line.split(" ", 1)
    return method, target, dict(header.split(": ", 1) for header in headers), f"{{{body}" if brace else None


def without_brackets(text: str) -> str:
    return text.replace("[", "(").replace("]", ")")


def target_without_brackets(target: str) -> str:
    path, _, query = target.partition("?")
    parameters = [(without_brackets(name), value) for name, value in parse_qsl(query, keep_blank_values=True)]
    return f"{path}?{urlencode(parameters)}"


class Prism:
    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def violations(self, method: str, target: str, headers: dict[str, str], body: str | None) -> list[str]:
        answer = requests.request(method, self.base_url + target, headers=headers, data=body, timeout=60)
        if answer.status_code == 200:
            return json.loads(answer.headers.get("sl-violations", "[]"))
        return [f"{answer.status_code} {answer.headers.get('sl-violations', answer.text)}"]


def serve(specification: pathlib.Path, log: pathlib.Path) -> Iterator[Prism]:
    with log.open("w") as output:
        command = ["node", str(PRISM), "mock", "--errors", "--port", "0", str(specification)]
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            until = time.monotonic() + 120
            while not (listening := re.search(r"listening on (http://\S+)", log.read_text())):
                assert process.poll() is None and time.monotonic() < until, log.read_text()
                time.sleep(0.1)
            yield Prism(listening[1])
        finally:
            process.terminate()
            process.wait()


@pytest.fixture(scope="module")
def prism(specification, tmp_path_factory) -> Iterator[Prism]:
    yield from serve(specification, tmp_path_factory.mktemp("prism") / "log")


@pytest.fixture(scope="module")
def prism_without_brackets(specification, tmp_path_factory) -> Iterator[Prism]:
    folder = tmp_path_factory.mktemp("prism")
    spec = json.loads(specification.read_text())
    parameters = list(spec["components"]["parameters"].values())
    for path in spec["paths"].values():
        for operation in path.values():
            parameters += operation.get("parameters", [])
    for parameter in parameters:
        if "name" in parameter:
            parameter["name"] = without_brackets(parameter["name"])
    renamed = folder / "openapi.json"
    renamed.write_text(json.dumps(spec))
    yield from serve(renamed, folder / "log")


def test_every_operation_is_among_the_requests(specification):
    paths = json.loads(specification.read_text())["paths"]
    assert len(REQUESTS) >= sum(len(operations) for operations in paths.values())


@pytest.mark.parametrize("snapshot", REQUESTS, ids=lambda snapshot: snapshot.stem)
def test_a_request_of_the_client_is_accepted(prism, prism_without_brackets, snapshot):
    method, target, headers, body = recorded(snapshot)
    assert prism.violations(method, target, headers, body) == []
    assert prism_without_brackets.violations(method, target_without_brackets(target), headers, body) == []


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("GET", "/api/v2/satisfaction_ratings?score=splendid", None),
        ("GET", "/api/v2/satisfaction_ratings?page[size]=many", None),
        ("GET", "/api/v2/satisfaction_ratings/one", None),
        ("GET", "/api/v2/tickets/show_many", None),
        ("GET", "/api/v2/guide/survey_responses?filter[created_at_start]=today", None),
        ("GET", "/api/v2/elsewhere", None),
        ("POST", "/api/v2/tickets/7/satisfaction_rating", '{"satisfaction_rating": {"score": "offered"}}'),
        ("POST", "/api/v2/guide/survey_responses", "{}"),
    ],
)
def test_a_request_outside_the_spec_is_found(prism_without_brackets, method, target, body):
    headers = {"authorization": "Bearer TOKEN", "content-type": "application/json"}
    assert prism_without_brackets.violations(method, without_brackets(target), headers, body)
