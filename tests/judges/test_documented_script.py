"""What the documented way finds, one ticket after another, is what the account holds."""

import pytest
from documented_script import DocumentedScript

LONG_AGO = 0


def csat_answer(response: dict) -> dict | None:
    for answer in response["answers"]:
        if answer["type"] == "rating_scale" and answer["question"].get("sub_type") == "customer_satisfaction":
            return answer
    return None


def comment(response: dict) -> str | None:
    return next((a["value"] for a in response["answers"] if a["type"] == "open_ended" and a["value"]), None)


def reason(response: dict) -> str | None:
    # What it was about, everyone is asked: that is no reason.
    answers = (answer for answer in response["answers"] if answer["question"].get("alias") != "area")
    closed = next((answer for answer in answers if answer["type"] == "closed_ended"), None)
    if closed is None:
        return None
    labels = {option["id"]: option["label"]["value"] for option in closed["question"]["options"]}
    chosen = [labels[selection["option_id"]] for selection in closed["selections"]]
    return "; ".join(label for label in chosen if label) or None


@pytest.mark.parametrize("days", [None, 90])
def test_each_answer_is_in_the_truth_and_equal(emulator, days):
    start_time = LONG_AGO if days is None else int(emulator.now().timestamp()) - days * 86_400
    truth = {row["id"]: row for row in emulator.truth() if row["source"] == "survey"}
    script = DocumentedScript(emulator.base_url, emulator.api_token)
    found = {response["id"]: (ticket, response) for ticket, response in script.answered(start_time)}
    for response_id, (ticket, response) in found.items():
        row, answer = truth[response_id], csat_answer(response)
        assert (row["ticket_id"], row["ticket_subject"]) == (ticket["id"], ticket["subject"])
        # A survey that names its conversation alone has them from the rating that copies its answer, as they were then.
        if row["attribution"] == "ticket":
            assert (row["assignee_id"], row["group_id"]) == (ticket["assignee_id"], ticket["group_id"])
        assert (row["score"], row["rating"]) == (answer["rating_category"], answer["rating"])
        assert row["scale"] == len(answer["question"]["options"])
        assert (row["comment"], row["reason"]) == (comment(response), reason(response))
    answered = {
        row["id"]
        for row in truth.values()
        if row["score"] and row["ticket_id"] and row["ticket_status"] != "deleted"
    }
    assert found.keys() <= answered
    if days is None:
        # It finds one answer a ticket, and every ticket that has one.
        tickets = {truth[response_id]["ticket_id"] for response_id in answered}
        assert {truth[response_id]["ticket_id"] for response_id in found} == tickets
    else:
        assert 0 < len(found) < len(answered)
