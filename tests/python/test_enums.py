"""Enumerations: texts that know their names and keep what is new."""

from __future__ import annotations

import copy
import inspect
import json
import pickle

import pytest
from zendesk_csat import Client, types
from zendesk_csat.types import AuditEventType, OpenEnum, RatingCategory, RatingFilter, RatingScore, SatisfactionRating

ENUMS = [
    item for item in vars(types).values() if inspect.isclass(item) and issubclass(item, OpenEnum) and item is not OpenEnum
]


def rating(score: str) -> SatisfactionRating:
    return SatisfactionRating.from_json(json.dumps({"id": 7, "score": score}))


def test_a_known_value_is_its_member() -> None:
    score = rating("good").score
    assert score is RatingScore.GOOD and score == "good" and score != RatingScore.BAD
    assert isinstance(score, RatingScore) and isinstance(score, str) and score.is_known
    assert f"{score}" == str(score) == "good" and repr(score) == "'good'" and hash(score) == hash("good")
    assert {"good": 1}[score] == 1 and json.dumps(score) == '"good"'


def test_an_unknown_value_survives_as_itself() -> None:
    score = rating("superb").score
    assert isinstance(score, RatingScore) and score == "superb" == RatingScore("superb") and not score.is_known
    assert rating("superb") == rating("superb") != rating("fine")
    assert json.loads(rating("superb").to_json())["score"] == "superb"
    assert RatingScore.members() == ("offered", "unoffered", "good", "bad")


@pytest.mark.parametrize("text", ["good", "superb"])
def test_copies_are_the_same_value(text: str) -> None:
    score = RatingScore(text)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(score, protocol))
        assert type(again) is RatingScore and again == text
        assert again is score or not score.is_known
    for copied in (copy.copy(score), copy.deepcopy(score)):
        assert type(copied) is RatingScore and copied == text


def test_dicts_hold_plain_texts(client: Client) -> None:
    for score in ("good", "superb"):
        assert type(rating(score).to_dict()["score"]) is str
    survey = client.surveys.list().first()
    assert survey is not None and survey.questions
    assert type(survey.to_dict()["questions"][0]["type"]) is str


def test_values_match() -> None:
    match rating("bad").score:
        case RatingScore.GOOD:
            said = "up"
        case RatingScore.BAD:
            said = "down"
        case _:
            said = "?"
    assert said == "down"


def test_arguments_take_members_and_texts(client: Client) -> None:
    by_text = client.satisfaction_ratings.list(score="bad_with_comment").collect()
    by_member = client.satisfaction_ratings.list(score=RatingFilter.BAD_WITH_COMMENT).collect()
    assert by_text == by_member and by_text
    assert AuditEventType.SURVEY_RESPONSE_SUBMITTED == "SurveyResponseSubmitted"


@pytest.mark.parametrize("enum", ENUMS)
def test_every_enumeration_has_its_members(enum: type[OpenEnum]) -> None:
    members = enum.members()
    assert members and len(set(members)) == len(members)
    named = [value for value in vars(enum).values() if isinstance(value, enum)]
    assert named == list(members)
    assert all(enum(str(member)) is member for member in members)


def test_there_are_enumerations() -> None:
    assert {RatingScore, RatingCategory, AuditEventType} <= set(ENUMS) and len(ENUMS) > 15
