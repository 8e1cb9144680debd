"""What the service sends and the package does not know is kept."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Mapping
from typing import Any

import pytest
from service import Answer, scripted
from zendesk_csat import types
from zendesk_csat.testing import Emulator
from zendesk_csat.types import CreatedSurveyResponse, SatisfactionRating, SurveyResponse, Ticket

RATING = {"id": 7, "score": "good", "mood": {"of": ["the day", 1.5, None]}, "weather": "private words"}


def rating(**properties: object) -> SatisfactionRating:
    return SatisfactionRating.from_json(json.dumps(RATING | properties))


def test_extra_is_a_mapping_that_cannot_be_changed() -> None:
    extra = rating().extra
    assert isinstance(extra, Mapping)
    assert dict(extra) == {"mood": {"of": ["the day", 1.5, None]}, "weather": "private words"}
    with pytest.raises(TypeError):
        extra["mood"] = None  # type: ignore[index] # pyright: ignore[reportIndexIssue]
    assert dict(SatisfactionRating.from_json('{"id": 7}').extra) == {}


def test_it_is_part_of_the_record() -> None:
    assert rating() == rating() and hash(rating()) == hash(rating())
    assert rating() != rating(mood="bad")
    for again in (
        SatisfactionRating.from_json(rating().to_json()),
        pickle.loads(pickle.dumps(rating())),
        copy.deepcopy(rating()),
    ):
        assert again == rating() and again.extra == rating().extra
    assert json.loads(rating().to_json())["mood"] == RATING["mood"]
    plain = rating().to_dict()
    assert plain["mood"] == RATING["mood"] and "extra" not in plain
    assert SatisfactionRating.from_json(json.dumps(plain)) == rating()


def test_its_values_do_not_show() -> None:
    shown = repr(rating())
    assert "weather" in shown and "private" not in shown


def test_parts_of_records_have_theirs() -> None:
    response = SurveyResponse.from_json('{"id": "01J", "survey": {"id": "S", "tone": "kind"}}')
    assert response.survey is not None and dict(response.survey.extra) == {"tone": "kind"}
    assert dict(response.extra) == {} and response.to_dict()["survey"]["tone"] == "kind"


@pytest.mark.parametrize(
    "model", [model for model in vars(types).values() if isinstance(model, type) and hasattr(model, "to_dict")]
)
def test_every_model_has_it(model: Any) -> None:
    assert hasattr(model, "extra")
    if model is not CreatedSurveyResponse and hasattr(model, "from_json"):
        assert model.extra.__doc__


@pytest.mark.parametrize("skip", [False, True])
def test_it_comes_with_listings_too(skip: bool) -> None:
    records = [RATING] if not skip else [RATING, {"id": "not a number"}]
    body = {"satisfaction_ratings": records, "meta": {"has_more": False}}
    with scripted(Answer(body=body)) as service, service.client() as client:
        listing = client.satisfaction_ratings.list(on_malformed="skip")
        (read,) = listing.collect()
    assert read == rating() and len(listing.malformed) == skip


def test_what_the_account_adds_is_kept(changing: Emulator) -> None:
    with changing.client() as client:
        ticket = client.tickets.export(start_time="2020-01-01T00:00:00Z").first()
    assert isinstance(ticket, Ticket)
    assert set(ticket.to_dict()) >= {"id", "status"} | set(ticket.extra)
