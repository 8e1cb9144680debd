"""schemathesis calls every operation of the spec with what fits it and what does not, and holds the answers against it."""

import json
import os
import pathlib
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


def run(specification: pathlib.Path, emulator, folder: pathlib.Path, *more: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(specification), "--url", emulator.base_url]
    command += ["--checks", ",".join(CHECKS), "--continue-on-failure", "--max-examples", "20"]
    command += ["--generation-deterministic", "--phases", "examples,coverage,fuzzing"]
    command += ["--generation-with-security-parameters", "false", "--warnings", "off", "--no-color", *more]
    environment = {**os.environ, "EMULATOR": json.dumps(emulator.account), "PYTHONPATH": str(HERE), "PYTHONHASHSEED": "0"}
    environment["SCHEMATHESIS_HOOKS"] = "schemathesis_hooks"
    return subprocess.run(command, cwd=folder, env=environment, text=True, capture_output=True, check=False)


def test_no_server_error_and_no_answer_outside_the_spec(specification, emulator, tmp_path):
    judged = run(specification, emulator, tmp_path)
    print(judged.stdout, judged.stderr)
    assert judged.returncode == 0
    answered = {
        (request["method"], request["path"].removesuffix(".json"))
        for request in emulator.control("journal")["requests"]
        if request["status"] == 200
    }
    # The hooks must have led to the records, or most of the spec was never held against anything.
    for method, path in [
        ("GET", "/satisfaction_ratings/"),
        ("GET", "/satisfaction_reasons/"),
        ("GET", "/audits"),
        ("GET", "/survey_responses/"),
        ("GET", "/show_many"),
        ("GET", "/incremental/tickets"),
        ("GET", "/incremental/tickets/cursor"),
        ("POST", "/guide/survey_responses"),
        ("POST", "/guide/survey_responses/"),
        ("POST", "/oauth/tokens"),
    ]:
        assert any(
            method == verb and (path in where if path.endswith("/") else where.endswith(path)) for verb, where in answered
        ), f"no {method} …{path} was answered 200"


@pytest.mark.parametrize("property", ["created_at", "requester_id"])
def test_an_answer_outside_the_spec_is_found(specification, emulator, tmp_path, property):
    other = json.loads(specification.read_text())
    other["components"]["schemas"]["SatisfactionRating"]["properties"][property] = {"type": "boolean"}
    changed = tmp_path / "openapi.json"
    changed.write_text(json.dumps(other))
    judged = run(
        changed, emulator, tmp_path, "--include-operation-id", "list_satisfaction_ratings", "--phases", "coverage"
    )
    assert judged.returncode == 1
    assert "Response violates schema" in judged.stdout
