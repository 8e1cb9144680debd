"""schemathesis calls every operation of the spec with what fits it and what does not, and holds the answers against it."""

import json
import os
import pathlib
import re
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).parent
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)


def run(specification: dict, emulator, folder: pathlib.Path, *more: str) -> subprocess.CompletedProcess:
    file = folder / "openapi.json"
    file.write_text(json.dumps(specification))
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(file), "--url", emulator.base_url]
    command += ["--checks", ",".join(CHECKS), "--continue-on-failure", "--max-examples", "15"]
    # Without the stateful phase, whose cases differ from run to run.
    command += ["--generation-deterministic", "--phases", "examples,coverage,fuzzing"]
    command += ["--generation-with-security-parameters", "false", "--warnings", "off", "--no-color", *more]
    environment = {**os.environ, "EMULATOR": json.dumps(emulator.account), "PYTHONPATH": str(HERE), "PYTHONHASHSEED": "0"}
    environment["SCHEMATHESIS_HOOKS"] = "schemathesis_hooks"
    return subprocess.run(command, cwd=folder, env=environment, text=True, capture_output=True, check=False)


# Their properties are another page's for each of their types, and the spec lists those that satisfaction needs.
OPEN = {"AuditEvent"}


@pytest.fixture
def closed(specification) -> dict:
    """The spec, with nothing in an answer allowed that it does not list."""
    spec = json.loads(specification.read_text())
    for name, schema in spec["components"]["schemas"].items():
        if schema.get("properties") and name not in OPEN:
            schema.setdefault("additionalProperties", False)
    return spec


def answered(emulator) -> set[tuple[str, str]]:
    """Operations that were answered 200, with their ids taken out."""
    ids = re.compile(r"/(\d+|[0-9A-Z]{26})(?=/|$)")
    requests = emulator.control("journal")["requests"]
    return {
        (request["method"], ids.sub("/ID", request["path"].removesuffix(".json")))
        for request in requests
        if request["status"] == 200
    }


def test_no_server_error_and_no_answer_outside_the_spec(closed, emulator, tmp_path):
    judged = run(closed, emulator, tmp_path)
    print(judged.stdout, judged.stderr)
    assert judged.returncode == 0
    # The hooks must have led to the records, or most of the spec was never held against anything.
    operations = answered(emulator)
    for method, path in [
        ("GET", "satisfaction_ratings"),
        ("GET", "satisfaction_ratings/count"),
        ("GET", "satisfaction_ratings/ID"),
        ("GET", "satisfaction_reasons"),
        ("GET", "satisfaction_reasons/ID"),
        ("GET", "guide/survey_responses"),
        ("POST", "guide/survey_responses"),
        ("POST", "guide/survey_responses/ID"),
        ("GET", "incremental/tickets"),
        ("GET", "incremental/tickets/cursor"),
        ("GET", "tickets/ID/audits"),
        ("GET", "tickets/show_many"),
        ("GET", "groups"),
        ("GET", "users"),
        ("GET", "users/show_many"),
        ("GET", "users/me"),
        ("GET", "brands"),
        ("GET", "ticket_forms"),
        ("GET", "organizations/show_many"),
    ]:
        assert (method, f"/api/v2/{path}") in operations
    assert ("POST", "/oauth/tokens") in operations
    assert any(path.startswith("/api/v2/guide/") and path.endswith("/survey_responses/ID") for _, path in operations)
    assert any(path.endswith("/surveys") for _, path in operations)


def test_rating_a_ticket_stays_within_the_spec(closed, legacy_emulator, tmp_path):
    judged = run(closed, legacy_emulator, tmp_path, "--include-operation-id", "create_satisfaction_rating")
    print(judged.stdout, judged.stderr)
    assert judged.returncode == 0
    assert ("POST", "/api/v2/tickets/ID/satisfaction_rating") in answered(legacy_emulator)


@pytest.mark.parametrize("schema", [{"type": "boolean"}, None])
def test_an_answer_outside_the_spec_is_found(closed, emulator, tmp_path, schema):
    properties = closed["components"]["schemas"]["SatisfactionRating"]["properties"]
    if schema:
        properties["requester_id"] = schema
    else:
        del properties["requester_id"]
    judged = run(closed, emulator, tmp_path, "--include-operation-id", "show_satisfaction_rating")
    assert judged.returncode == 1
    assert "Response violates schema" in judged.stdout
