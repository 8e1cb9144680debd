"""Models: typed, frozen, equal by what they hold, lenient towards what is new."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from zendesk_csat import Client
from zendesk_csat.types import Answer, AuditEvent, RatingScore, SatisfactionRating, SurveyResponse, Ticket

RATING = """{"id": 7, "score": "superb", "comment": null, "created_at": "2026-03-01T01:30:00+01:00",
    "assignee_id": "12345678901234", "colour": "green"}"""


def test_values_are_pythons_own() -> None:
    rating = SatisfactionRating.from_json(RATING)
    assert (rating.id, rating.score, rating.comment) == (7, "superb", None)
    assert rating.assignee_id == 12345678901234
    assert rating.created_at is not None
    assert rating.created_at == datetime(2026, 3, 1, 0, 30, tzinfo=timezone.utc)
    assert rating.created_at.tzinfo is timezone.utc
    assert rating.requester_id is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T23:59:59Z",
        "2026-12-31T00:00:00.123456Z",
        "1969-07-20T20:17:40.000001Z",
        "2000-02-29T12:30:00+05:30",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z",
    ],
)
def test_times_are_the_same_whatever_they_are(text: str) -> None:
    time = SatisfactionRating.from_json(f'{{"id": 7, "created_at": "{text}"}}').created_at
    assert time is not None
    assert (time, time.tzinfo) == (datetime.fromisoformat(text), timezone.utc)
    assert type(time) is datetime and time.fold == 0


@pytest.mark.filterwarnings("ignore:.*leap")
def test_a_leap_second_is_the_one_before_it() -> None:
    rating = SatisfactionRating.from_json('{"id": 7, "created_at": "2016-12-31T23:59:60Z"}')
    assert rating.created_at is not None
    assert rating.created_at.replace(microsecond=0) == datetime(2016, 12, 31, 23, 59, 59, tzinfo=timezone.utc)


def test_models_are_frozen_and_equal_by_value() -> None:
    one, same = SatisfactionRating.from_json(RATING), SatisfactionRating.from_json(RATING.encode())
    other = SatisfactionRating.from_json('{"id": 8}')
    assert one == same and one != other and len({one, same, other}) == 2
    assert one != "SatisfactionRating"
    with pytest.raises(AttributeError):
        one.score = RatingScore.GOOD  # type: ignore[misc] # pyright: ignore[reportAttributeAccessIssue]
    assert repr(other) == "SatisfactionRating(id=8)"
    assert one.to_dict()["score"] == "superb" and one.to_dict()["reason"] is None


def test_json_of_another_shape_is_refused_and_not_shown() -> None:
    for text in ("{}", '{"id": "private"}', "private", "[]"):
        with pytest.raises(ValueError, match="line 1") as caught:
            SatisfactionRating.from_json(text)
        assert "private" not in str(caught.value)


def test_parts_outlive_the_whole(client: Client) -> None:
    def an_answer() -> Answer | None:
        return next(response.csat_answer for response in client.survey_responses.list() if response.csat_answer)

    answer = an_answer()
    assert answer is not None and answer.question is not None
    assert answer.question.id == answer.question.to_dict()["id"]
    assert Answer.from_json(answer.to_json()) == answer


def test_answers_match_by_type() -> None:
    answer = Answer.from_json('{"type": "open_ended", "value": "Quick!"}')
    match answer:
        case Answer(type="rating_scale"):
            said = "a number"
        case Answer(type="open_ended", value=value):
            said = value or ""
        case _:
            said = "nothing"
    assert said == "Quick!"


def test_both_shapes_of_a_survey_response_say_the_same() -> None:
    new = SurveyResponse.from_json(
        """{"id": "01J0Z3NDEKTSV4RRFFQ69G5FAV", "subjects": [{"id": "7", "type": "ticket"}],
            "survey": {"id": "S", "version": 3}, "expires_at": "2024-08-14T12:00:00.000Z"}"""
    )
    old = SurveyResponse.from_json(
        """{"id": "01J0Z3NDEKTSV4RRFFQ69G5FAV", "subject_zrns": ["zrn:ticket:7"],
            "survey_id": "S", "survey_version": 3, "expires_at": "2024-08-14T12:00:00.000Z"}"""
    )
    for response in (new, old):
        assert (response.ticket_id, response.survey_id, response.survey_version) == (7, "S", 3)
        assert response.sent_at == datetime(2024, 6, 22, 4, 35, 53, 427000, tzinfo=timezone.utc), "the time in its id"
        assert response.csat_answer is None and response.answered_at is None


def test_what_is_new_in_an_event_is_kept() -> None:
    event = AuditEvent.from_json('{"id": 1, "type": "Teleport", "value": {"x": [1, 2.5, null]}, "to": true}')
    assert (event.type, event.value, dict(event.extra)) == ("Teleport", {"x": [1, 2.5, None]}, {"to": True})


def test_names_that_python_reserves_have_an_underscore(client: Client) -> None:
    ticket = Ticket.from_json('{"id": 1, "via": {"channel": "email", "source": {"from": {"name": "Ada"}}}}')
    assert ticket.via is not None and ticket.via.source is not None and ticket.via.source.from_ is not None
    assert ticket.via.source.from_.name == "Ada"
    assert ticket.to_dict()["via"]["source"]["from"]["name"] == "Ada"
