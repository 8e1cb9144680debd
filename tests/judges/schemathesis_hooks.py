"""Leads seven in eight of schemathesis's calls to records that are there, by a caller who may make them.

What it makes up by itself names no ticket of the account, and would be refused every time.
"""

import functools
import json
import os
import zlib

import requests
import schemathesis

ACCOUNT = json.loads(os.environ["EMULATOR"])
BASE_URL = ACCOUNT["base_url"]


def ask(path: str) -> dict:
    answer = requests.get(BASE_URL + path, headers={"Authorization": f"Bearer {ACCOUNT['oauth_token']}"}, timeout=60)
    answer.raise_for_status()
    return answer.json()


@functools.cache
def ratings() -> list[dict]:
    return ask("/api/v2/satisfaction_ratings?page[size]=100&sort=-created_at")["satisfaction_ratings"]


@functools.cache
def reasons() -> list[dict]:
    return ask("/api/v2/satisfaction_reasons")["reasons"]


@functools.cache
def responses() -> list[dict]:
    return ask("/api/v2/guide/survey_responses?page[size]=50")["survey_responses"]


@functools.cache
def surveys() -> list[dict]:
    return ask("/api/v2/guide/en-us/surveys?page[size]=50")["surveys"]


@functools.cache
def organizations() -> list[int]:
    return [organization["id"] for organization in ask("/_emulator/truth")["names"]["organizations"]]


def ids(path: str, draw: int) -> list[int]:
    """Ids of what `show_many` of that path shows."""
    records = ratings()[: draw % 100 + 1]
    if "/organizations/" in path:
        return organizations()[: draw % 40 + 1]
    if "/users/" in path:
        found = [rating["requester_id" if draw % 2 else "assignee_id"] for rating in records]
        return [user for user in found if user is not None]
    return [rating["ticket_id"] for rating in records]


@functools.cache
def token(user_id: int) -> str:
    return ask(f"/_emulator/users/{user_id}")["user"]["oauth_token"]


def answers(response: dict) -> list[dict] | None:
    """An answer to the CSAT question, where the survey has the version that the response is of."""
    survey = next((survey for survey in surveys() if survey["id"] == response.get("survey", {}).get("id")), None)
    if survey is None:
        return None
    question = next(question for question in survey["questions"] if question.get("sub_type") == "customer_satisfaction")
    return [{"type": "rating_scale", "question_id": question["id"], "rating": question["options"][0]["rating"]}]


def likely_query(path: str, draw: int) -> dict[str, str]:
    """Values that are not refused; an empty one counts as none."""
    records = ratings()
    return {
        "start_time": str(1_700_000_000 + draw % 60_000_000),
        "page[size]": str(draw % 50 + 1),
        "per_page": str(draw % 100 + 1),
        "page": "",
        "page[after]": "",
        "page[before]": "",
        "cursor": "",
        "sort": "",
        # Side-loaded users and groups come in lists that the spec leaves out.
        "include": "metric_sets",
        "ids": ",".join(map(str, ids(path, draw))),
        "role[]": ("agent", "admin", "end-user")[draw % 3],
        "exclude_deleted": ("true", "false")[draw % 2],
        "filter[responder_ids]": ",".join(str(response["responder_id"]) for response in responses()[: draw % 10]),
        "filter[subject_zrns]": ",".join(f"zen:ticket:{rating['ticket_id']}" for rating in records[: draw % 10]),
    }


@schemathesis.hook
def before_call(context, case, kwargs):
    # The same case meets the same record in every run.
    body = case.body if isinstance(case.body, dict | list | str) else None
    draw = zlib.crc32(repr((case.method, case.path, case.path_parameters, case.query, body)).encode())
    # Without anything to draw from, the call is the same each time.
    alike = not (case.path_parameters or case.query or body)
    if draw % 8 == 0 and not alike:
        return
    draw //= 8
    callers = [ACCOUNT["oauth_token"]] * 12 + [user["oauth_token"] for user in ACCOUNT["users"].values()]
    caller = callers[0 if alike else draw % len(callers)]
    if case.operation.path.startswith("/oauth"):
        if isinstance(case.body, dict):
            case.body["grant_type"] = "client_credentials"
            case.body["client_id"] = ACCOUNT["oauth_client_id"]
            case.body["client_secret"] = ACCOUNT["oauth_client_secret"]
        return
    rating = ratings()[draw % len(ratings())]
    parameters = case.path_parameters or {}
    if "satisfaction_rating_id" in parameters:
        parameters["satisfaction_rating_id"] = rating["id"]
    if "satisfaction_reason_id" in parameters:
        parameters["satisfaction_reason_id"] = reasons()[draw % len(reasons())]["id"]
    if "ticket_id" in parameters:
        parameters["ticket_id"] = rating["ticket_id"]
        if case.method == "POST":
            caller = token(rating["requester_id"])
    if "survey_response_id" in parameters:
        response = responses()[draw % len(responses())]
        parameters["survey_response_id"] = response["id"]
        if case.method == "POST":
            caller = token(response["responder_id"])
            if answers(response):
                case.body = {"survey_response": {"answers": answers(response)}}
    elif case.operation.path.endswith("/survey_responses") and case.method == "POST":
        survey = surveys()[draw % len(surveys())]
        subjects = [f"zen:ticket:{rating['ticket_id']}"]
        create = {"survey_id": survey["id"], "responder_id": str(rating["requester_id"]), "subject_zrns": subjects}
        case.body = {"survey_response": create}
    if draw % 3 and case.query:
        for name, value in likely_query(case.operation.path, draw).items():
            if name in case.query:
                case.query[name] = value
    case.headers["Authorization"] = f"Bearer {caller}"
