"""Answers, events and links come in kinds, and `match` tells them apart."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
import zendesk_csat
from zendesk_csat import Client, types
from zendesk_csat.testing import Emulator
from zendesk_csat.types import (
    Answer,
    AuditEvent,
    ChangeEvent,
    ClosedEndedAnswer,
    CommentEvent,
    CustomTextRatingLinks,
    EmojiRatingLinks,
    OpenEndedAnswer,
    OtherEvent,
    OtherRatingLinks,
    RatingCategory,
    RatingScaleAnswer,
    SatisfactionRatingEvent,
    SkippedAnswer,
    SurveyOfferedEvent,
    SurveyResponseLinks,
    SurveyResponseSubmittedEvent,
    UnknownAnswer,
)


def read(**properties: object) -> Answer:
    return Answer.from_json(json.dumps(properties))


def say(answer: Answer) -> str:
    match answer:
        case RatingScaleAnswer(rating=5):
            return "the best"
        case RatingScaleAnswer(rating, RatingCategory.BAD):
            return f"bad: {rating}"
        case ClosedEndedAnswer(selections):
            return f"{len(selections or [])} options"
        case OpenEndedAnswer(value=str(words)):
            return words
        case SkippedAnswer():
            return "skipped"
        case UnknownAnswer(type=new):
            return f"new: {new}"
    return "other"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (read(type="rating_scale", rating=5), "the best"),
        (read(type="rating_scale", rating=1, rating_category="bad"), "bad: 1"),
        (read(type="rating_scale", rating=3, rating_category="neutral"), "other"),
        (read(type="closed_ended", selections=[{"type": "predefined"}]), "1 options"),
        (read(type="open_ended", value="Quick!"), "Quick!"),
        (read(type="open_ended"), "other"),
        # A skipped answer may still carry what an earlier answer said.
        (read(type="skipped", value="x"), "skipped"),
        (read(type="drawing", value="x"), "new: drawing"),
    ],
)
def test_answers_match_by_kind(answer: Answer, said: str) -> None:
    assert say(answer) == said
    assert isinstance(answer, Answer)


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        ("Create", ChangeEvent),
        ("Change", ChangeEvent),
        ("Comment", CommentEvent),
        ("SatisfactionRating", SatisfactionRatingEvent),
        ("SurveyOffered", SurveyOfferedEvent),
        ("SurveyResponseSubmitted", SurveyResponseSubmittedEvent),
        ("Notification", OtherEvent),
        ("Teleport", OtherEvent),
    ],
)
def test_events_are_of_their_kind(kind: str, event: type[AuditEvent]) -> None:
    read = AuditEvent.from_json(json.dumps({"id": 1, "type": kind, "to": {"x": 1}}))
    assert type(read) is event and read.type == kind and read.extra == {"to": {"x": 1}}


def test_events_match_by_kind(client: Client) -> None:
    answered = next(response for response in client.survey_responses.list() if response.csat_answer and response.ticket_id)
    assert answered.ticket_id is not None
    submitted = []
    for audit in client.tickets.audits(answered.ticket_id):
        for event in audit.events or []:
            match event:
                case SurveyResponseSubmittedEvent(survey_response_id=str(response_id)):
                    submitted.append(response_id)
                case ChangeEvent(field_name=str(name)):
                    assert name
    assert answered.id in submitted


def test_links_are_of_their_kind(changing: Emulator) -> None:
    found: dict[str | None, type[SurveyResponseLinks]] = {}
    with changing.client() as client:
        ticket = client.tickets.export(start_time="2020-01-01T00:00:00Z").first()
        assert ticket is not None and ticket.requester_id is not None
        for survey in client.surveys.list():
            if survey.state != "enabled":
                continue
            created = client.survey_responses.create(
                survey_id=survey.id, responder_id=ticket.requester_id, subject_zrns=[f"zen:ticket:{ticket.id}"]
            )
            assert created.links is not None
            found[created.links.type] = type(created.links)
            match created.links:
                case EmojiRatingLinks(rating_links) | CustomTextRatingLinks(rating_links) | OtherRatingLinks(_, rating_links):
                    assert rating_links and all(link.rating for link in rating_links)
                case other:
                    pytest.fail(f"{type(other).__name__} of {survey.id}")
    assert found == {"rating_link_emoji": EmojiRatingLinks, "rating_link_custom_text": CustomTextRatingLinks}


def test_the_csat_answer_is_a_rating(client: Client) -> None:
    answers = [response.csat_answer for response in client.survey_responses.list()]
    assert {type(answer) for answer in answers} == {RatingScaleAnswer, type(None)}
    kinds = {type(answer) for response in client.survey_responses.list() for answer in response.answers or []}
    assert {RatingScaleAnswer, ClosedEndedAnswer, OpenEndedAnswer, SkippedAnswer} <= kinds


def test_a_kind_is_kept_by_copies_and_json() -> None:
    answer = read(type="rating_scale", rating=5)
    for again in (
        pickle.loads(pickle.dumps(answer)),
        copy.copy(answer),
        copy.deepcopy(answer),
        Answer.from_json(answer.to_json()),
        RatingScaleAnswer.from_json(answer.to_json()),
    ):
        assert type(again) is RatingScaleAnswer and again == answer and hash(again) == hash(answer)
    assert repr(answer).startswith("RatingScaleAnswer(type='rating_scale'")
    with pytest.raises(ValueError, match="makes it a SkippedAnswer, not a RatingScaleAnswer"):
        RatingScaleAnswer.from_json('{"type": "skipped"}')


# What people match by position. What stands here stays where it is; a new one comes last.
POSITIONS = {
    "RatingScaleAnswer": ("rating", "rating_category"),
    "ClosedEndedAnswer": ("selections",),
    "OpenEndedAnswer": ("value",),
    "SkippedAnswer": (),
    "UnknownAnswer": ("type",),
    "ChangeEvent": ("field_name", "value", "previous_value"),
    "CommentEvent": ("body",),
    "SatisfactionRatingEvent": ("score", "assignee_id", "body"),
    "SurveyOfferedEvent": ("survey_type",),
    "SurveyResponseSubmittedEvent": ("survey_response_id", "assigned_user_id", "assigned_group_id"),
    "OtherEvent": ("type",),
    "EmojiRatingLinks": ("rating_links",),
    "NumericRatingLinks": ("rating_links",),
    "CustomTextRatingLinks": ("rating_links",),
    "OtherRatingLinks": ("type", "rating_links"),
}
RECORDS: dict[str, Any] = {
    name: item
    for module in (types, zendesk_csat)
    for name, item in vars(module).items()
    if isinstance(item, type) and hasattr(item, "to_dict") and hasattr(item, "__deepcopy__")
}


def test_kinds_alone_have_positions_and_keep_them() -> None:
    assert {"SatisfactionRating", "Answer", "SyncSummary", "CsatRow"} < RECORDS.keys() - POSITIONS.keys()
    found = {name: item.__match_args__ for name, item in RECORDS.items()}
    assert found == dict.fromkeys(RECORDS, ()) | POSITIONS
    assert all(hasattr(RECORDS[name], attribute) for name, attributes in POSITIONS.items() for attribute in attributes)


def test_a_model_is_matched_by_name_alone() -> None:
    rating = types.SatisfactionRating.from_json('{"id": 7, "score": "bad"}')
    match rating:
        case types.SatisfactionRating(id=7, score="bad"):
            pass
        case _:
            pytest.fail("it is that rating")
    with pytest.raises(TypeError, match="accepts 0 positional sub-patterns"):
        match rating:
            case types.SatisfactionRating(7):  # type: ignore[misc] # pyright: ignore
                pass
