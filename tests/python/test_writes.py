"""What people write: ratings, surveys and answers."""

from __future__ import annotations

import pytest
from zendesk_csat import OAuthToken, PermissionDeniedError, Secret, ZendeskError
from zendesk_csat.testing import Emulator
from zendesk_csat.types import (
    ClosedEndedAnswerInput,
    OpenEndedAnswerInput,
    Question,
    RatingScaleAnswerInput,
    SelectionInput,
    SkippedAnswerInput,
)


def test_a_customer_rates_a_ticket() -> None:
    with Emulator(seed=3, tickets=1000, surveys=False, clock_speed=0) as zendesk, zendesk.client() as admin:
        user = zendesk.account["users"]["end_user"]
        tickets = admin.tickets.export(start_time="2020-01-01T00:00:00Z")
        solved = [t for t in tickets if t.requester_id == user["id"] and t.status == "solved"]
        with zendesk.client(credentials=OAuthToken(user["oauth_token"])) as customer:
            rating = customer.satisfaction_ratings.create(solved[0].id, score="bad", comment="Late.")
            with pytest.raises(PermissionDeniedError):
                customer.satisfaction_ratings.list().collect()
        assert (rating.score, rating.comment, rating.ticket_id) == ("bad", "Late.", solved[0].id)
        assert admin.satisfaction_ratings.show(rating.id) == rating
        with pytest.raises(ZendeskError):
            admin.satisfaction_ratings.create(solved[0].id, score="good")


def test_a_survey_is_offered_and_answered(changing: Emulator) -> None:
    with changing.client() as client:
        survey = next(survey for survey in client.surveys.list() if survey.state == "enabled")
        about = next(response for response in client.survey_responses.list() if response.ticket_id)
        assert about.responder_id is not None and survey.questions
        offered = client.survey_responses.create(
            survey_id=survey.id,
            responder_id=about.responder_id,
            subject_zrns=[f"zen:ticket:{about.ticket_id}"],
        )
        assert offered.links is not None and isinstance(offered.links.url_path, Secret)
        token = Secret(offered.links.url_path.expose().partition("access_token=")[2])
        by_type: dict[str, Question] = {question.type: question for question in survey.questions}
        scale, closed, words = (
            by_type[kind] for kind in ("rating_scale_emoji", "closed_ended", "open_ended")
        )
        assert closed.options and closed.options[0].id
        response = client.survey_responses.submit(
            offered.id,
            answers=[
                RatingScaleAnswerInput(type="rating_scale", question_id=scale.id, rating=2),
                ClosedEndedAnswerInput(
                    type="closed_ended",
                    question_id=closed.id,
                    selections=[SelectionInput(type="pre_defined", value=closed.options[0].id)],
                ),
                OpenEndedAnswerInput(type="open_ended", question_id=words.id, value="Too slow"),
            ],
            access_token=token,
        )
        assert response.csat_answer is not None
        assert (response.csat_answer.rating, response.csat_answer.rating_category) == (2, "bad")
        again = client.survey_responses.submit(
            offered.id,
            answers=(SkippedAnswerInput(type="skipped", question_id=words.id) for _ in range(1)),
            access_token=token,
        )
        assert {answer.type for answer in again.answers or []} >= {"rating_scale", "skipped"}
