//! What is hard about real accounts is in this one, and nothing that nobody could decide.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use support::{account, control, export, walk};
use zendesk_csat_emulator::Emulator;

/// How many seconds an answer and its copy lie apart at most, and less than two answers of a customer do.
const MINUTES: i64 = 300;

/// All that an account tells, with its truth.
struct Told {
    zendesk: Emulator,
    rows: Vec<Value>,
    ratings: BTreeMap<String, Value>,
    responses: BTreeMap<String, Value>,
    tickets: BTreeMap<String, Value>,
    /// The survey response that a rating is a copy of.
    copies: BTreeMap<String, String>,
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn by_id(records: Vec<Value>) -> BTreeMap<String, Value> {
    records
        .into_iter()
        .map(|record| (text(&record["id"]), record))
        .collect()
}

fn told(zendesk: Emulator) -> Told {
    let list = |path: &str, size: u8, name: &str| {
        by_id(walk(&zendesk, path, &format!("page%5Bsize%5D={size}"), name))
    };
    Told {
        rows: zendesk.truth(),
        ratings: list("/api/v2/satisfaction_ratings", 100, "satisfaction_ratings"),
        responses: list("/api/v2/guide/survey_responses", 50, "survey_responses"),
        tickets: by_id(export(&zendesk, "&support_type_scope=all")),
        copies: zendesk
            .copies()
            .iter()
            .map(|copy| (text(&copy["rating_id"]), text(&copy["survey_response_id"])))
            .collect(),
        zendesk,
    }
}

/// Milliseconds since the epoch.
fn time(value: &Value) -> Option<i64> {
    let time = chrono::DateTime::parse_from_rfc3339(value.as_str()?).unwrap();
    Some(time.timestamp_millis())
}

fn csat(response: &Value) -> Option<&Value> {
    let answers = response["answers"].as_array().unwrap();
    answers
        .iter()
        .find(|answer| answer["question"]["sub_type"] == "customer_satisfaction")
}

fn chosen(response: &Value) -> impl Iterator<Item = &Value> {
    let answers = response["answers"].as_array().unwrap();
    answers
        .iter()
        .filter(|answer| answer["type"] == "closed_ended")
        .flat_map(|answer| answer["selections"].as_array().unwrap())
}

/// The kinds of subject of a response.
fn kinds(response: &Value) -> BTreeSet<String> {
    response["subject_zrns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|zrn| zrn.as_str().unwrap().split(':').nth(1).unwrap().to_owned())
        .collect()
}

impl Told {
    fn row(&self, id: &str) -> &Value {
        self.rows.iter().find(|row| row["id"] == id).unwrap()
    }

    fn pairs(&self) -> impl Iterator<Item = (&Value, &Value)> {
        self.copies
            .iter()
            .map(|(rating, response)| (&self.ratings[rating], &self.responses[response]))
    }

    /// How often each hard case is in the account.
    fn cases(&self) -> BTreeMap<&'static str, usize> {
        let mut cases = BTreeMap::new();
        let mut count = |case, is: bool| *cases.entry(case).or_default() += usize::from(is);
        for (copy, response) in self.pairs() {
            let answered = time(&csat(response).unwrap()["created_at"]).unwrap();
            let apart = time(&copy["created_at"]).unwrap() - answered / 1_000 * 1_000;
            count("a copy stamped a second before the answer", apart < 0);
            count("a copy stamped seconds after", (1..30_000).contains(&apart));
            count("a copy stamped minutes after", apart >= 60_000);
            count(
                "an answer that was edited, with its copy",
                copy["created_at"] != copy["updated_at"],
            );
            let neutral = csat(response).unwrap()["rating_category"] == "neutral";
            count("a neutral answer, whose copy is bad", neutral);
            let alone = kinds(response) == ["conversation".to_owned()].into();
            count(
                "an answered survey that names its conversation alone, of a ticket",
                alone,
            );
        }
        for response in self.responses.values() {
            count("a request as the subject", kinds(response).contains("request"));
            count("a ticket as the subject", kinds(response).contains("ticket"));
            let row = self.row(response["id"].as_str().unwrap());
            let conversation = kinds(response).contains("conversation") && row["ticket_id"].is_null();
            count("a conversation without a ticket that is known", conversation);
            count("several reasons", chosen(response).count() > 1);
            for scale in [2, 3, 5] {
                let case = ["", "", "two points", "three points", "", "five points"][scale];
                count(case, row["scale"] == scale);
            }
        }
        for row in self.rows.iter().filter(|row| row["source"] == "survey") {
            for reason in row["reasons"].as_array().unwrap() {
                let label = reason["label"].as_str().unwrap();
                count("an option with an empty label", label.is_empty());
                count("a label with a semicolon", label.contains("; "));
                let was = row["reason"].as_str().unwrap_or_default();
                count("a renamed option", !was.contains(label));
            }
        }
        let mut first_survey = BTreeMap::<i64, (i64, bool)>::new();
        for row in self.rows.iter().filter(|row| row["source"] == "survey") {
            if let Some(ticket) = row["ticket_id"].as_i64() {
                let sent = time(&row["sent_at"]).unwrap();
                let entry = first_survey.entry(ticket).or_insert((sent, false));
                *entry = (sent.min(entry.0), entry.1 || !row["score"].is_null());
            }
        }
        let first = self.rows.iter().filter(|row| row["source"] == "survey");
        let first = first.filter_map(|row| time(&row["sent_at"])).min().unwrap();
        let staff: BTreeSet<i64> = self
            .tickets
            .values()
            .filter_map(|ticket| ticket["assignee_id"].as_i64())
            .collect();
        for row in self.rows.iter().filter(|row| row["source"] == "rating") {
            let rating = &self.ratings[row["id"].as_str().unwrap()];
            let created = time(&rating["created_at"]).unwrap();
            count(
                "legacy ratings after the first surveys",
                created > first + 60 * 86_400_000,
            );
            if let (Some((sent, answered)), false) = (
                first_survey.get(&row["ticket_id"].as_i64().unwrap()),
                row["score"].is_null(),
            ) {
                count(
                    "a real rating after an unanswered survey",
                    *sent < created && !answered,
                );
                count(
                    "a real rating after an answered survey",
                    *sent < created && *answered,
                );
            }
            count("a re-rating", row["is_offer"] == false);
        }
        for row in &self.rows {
            let answered = !row["score"].is_null();
            count(
                "an agent as the customer",
                answered && staff.contains(&row["requester_id"].as_i64().unwrap()),
            );
            let merged = self
                .tickets
                .get(&row["ticket_id"].to_string())
                .is_some_and(|ticket| {
                    ticket["tags"]
                        .as_array()
                        .unwrap()
                        .contains(&"closed_by_merge".into())
                });
            count("a rating on a merged ticket", answered && merged);
        }
        cases
    }
}

#[test]
fn each_hard_case_occurs_among_1_000_tickets() {
    for seed in [1, 2, 3, 7, 42] {
        let cases = told(account(seed, 1_000)).cases();
        let missing: Vec<_> = cases.iter().filter(|(_, times)| **times == 0).collect();
        assert!(cases.len() > 20 && missing.is_empty(), "seed {seed}: {cases:#?}");
    }
}

/// What a copy of that answer says.
fn verdict(score: &Value) -> &'static str {
    if score == "good" { "good" } else { "bad" }
}

#[test]
fn a_copy_lies_within_minutes_of_its_answer_and_agrees_with_it() {
    for (seed, days) in [(1, 0), (5, 9), (8, 40)] {
        let zendesk = account(seed, 2_000);
        zendesk.advance(days * 86_400);
        let told = told(zendesk);
        let mut furthest = 0;
        for (copy, response) in told.pairs() {
            let csat = csat(response).unwrap();
            let is_near = |name: &str| {
                let apart = (time(&copy[name]).unwrap() - time(&csat[name]).unwrap()).abs();
                (apart <= MINUTES * 1_000).then_some(apart)
            };
            furthest = furthest.max(is_near("created_at").unwrap());
            // A change of a comment alone moves the copy and not the rating.
            assert!(
                is_near("updated_at").is_some() || copy["updated_at"].as_str() > csat["updated_at"].as_str()
            );
            let score = copy["score"].as_str().unwrap().to_lowercase();
            assert_eq!(score, verdict(&csat["rating_category"]), "{copy} {response}");
            assert_eq!(copy["requester_id"].to_string(), text(&response["responder_id"]));
        }
        assert!(furthest > 60_000);
    }
}

#[test]
fn nobody_can_take_a_real_rating_or_another_answer_for_a_copy() {
    for seed in [1, 2, 3, 4, 5, 6] {
        let zendesk = account(seed, 3_000);
        zendesk.advance(9 * 86_400);
        let told = told(zendesk);
        // By customer: the times of each answer, and whose they are, a copy's being its original's.
        let mut times = BTreeMap::<String, Vec<(i64, String)>>::new();
        for (id, rating) in &told.ratings {
            if !matches!(rating["score"].as_str().unwrap(), "offered" | "unoffered") {
                let whose = told.copies.get(id).unwrap_or(id);
                let of_customer = times.entry(rating["requester_id"].to_string()).or_default();
                // An offer's time of creation is no time of an answer, and can be near one nevertheless.
                for name in ["created_at", "updated_at"] {
                    of_customer.extend(time(&rating[name]).map(|time| (time, whose.clone())));
                }
            }
        }
        for (id, response) in &told.responses {
            if let Some(csat) = csat(response) {
                let of_customer = times.entry(text(&response["responder_id"])).or_default();
                for name in ["created_at", "updated_at"] {
                    of_customer.push((time(&csat[name]).unwrap(), id.clone()));
                }
            }
        }
        for (customer, mut times) in times {
            times.sort();
            for pair in times.windows(2) {
                let is_near = pair[1].0 - pair[0].0 <= MINUTES * 1_000;
                assert!(!is_near || pair[0].1 == pair[1].1, "{seed} {customer} {pair:?}");
            }
        }
    }
}

#[test]
fn reasons_come_with_negative_answers_alone() {
    let zendesk = account(7, 5_000);
    zendesk.advance(20 * 86_400);
    let told = told(zendesk);
    let (mut several, mut one) = (BTreeSet::new(), 0);
    // Of the question that everyone is asked.
    let (mut no_reasons, mut reasons) = (BTreeSet::new(), BTreeSet::new());
    for response in told.responses.values() {
        let row = told.row(response["id"].as_str().unwrap());
        if csat(response).is_some_and(|answer| answer["rating_category"] == "good") {
            assert_eq!(row["reasons"], serde_json::json!([]), "{response}");
            no_reasons.extend(chosen(response).map(|selection| text(&selection["option_id"])));
        }
        let listed = row["reasons"].as_array().unwrap();
        reasons.extend(listed.iter().map(|reason| text(&reason["id"])));
        match row["reasons"].as_array().unwrap().len() {
            0 => {}
            1 => one += 1,
            _ => {
                several.insert(row["survey_version"].as_u64().unwrap());
            }
        }
    }
    assert!(one > 50, "{one}");
    assert_eq!(
        (no_reasons.len(), no_reasons.intersection(&reasons).count()),
        (3, 0)
    );
    assert_eq!(several, [4, 5].into(), "the versions that allow several");
}

#[test]
fn a_merged_ticket_is_closed_and_keeps_its_rating() {
    let told = told(account(7, 2_000));
    let mut rated = 0;
    for ticket in told.tickets.values() {
        if ticket["tags"]
            .as_array()
            .unwrap()
            .contains(&"closed_by_merge".into())
        {
            assert!(
                ticket["status"] == "closed" || ticket["status"] == "deleted",
                "{ticket}"
            );
            let row = told
                .rows
                .iter()
                .find(|row| row["ticket_id"] == ticket["id"] && !row["score"].is_null());
            rated += usize::from(row.is_some());
        }
    }
    assert!(rated > 10, "{rated}");
}

#[test]
fn a_conversation_has_its_ticket_agent_and_group_from_its_copy() {
    let told = told(account(7, 3_000));
    let (mut from_copy, mut none) = (0, 0);
    for response in told.responses.values() {
        if kinds(response) != ["conversation".to_owned()].into() {
            continue;
        }
        let id = response["id"].as_str().unwrap();
        let row = told.row(id);
        let copy = told.copies.iter().find(|(_, original)| *original == id);
        let Some((rating, _)) = copy else {
            none += 1;
            for column in [
                "ticket_id",
                "assignee_id",
                "group_id",
                "attribution",
                "ticket_subject",
            ] {
                assert!(row[column].is_null(), "{row}");
            }
            continue;
        };
        from_copy += 1;
        let copy = &told.ratings[rating];
        for column in ["ticket_id", "assignee_id", "group_id"] {
            assert_eq!(row[column], copy[column], "{row}");
        }
        assert_eq!(row["attribution"], "rating");
        assert_eq!(
            row["ticket_subject"],
            told.tickets[&copy["ticket_id"].to_string()]["subject"]
        );
    }
    assert!(from_copy > 20 && none > 50, "{from_copy} {none}");
}

#[test]
fn what_can_still_be_answered_is_told() {
    let told = told(account(7, 2_000));
    let truth = control(&told.zendesk, "GET", "truth", "").json();
    let now = control(&told.zendesk, "GET", "clock", "").json()["now"].clone();
    let open: BTreeSet<String> = truth["open"]
        .as_array()
        .unwrap()
        .iter()
        .map(|open| text(&open["id"]))
        .collect();
    assert!(open.len() > 20, "{}", open.len());
    for row in &told.rows {
        let id = row["id"].as_str().unwrap();
        let is_open = if row["source"] == "survey" {
            row["expires_at"].as_str() > now.as_str()
        } else {
            !matches!(row["ticket_status"].as_str(), Some("closed" | "deleted"))
        };
        assert_eq!(open.contains(id), row["score"].is_null() && is_open, "{row}");
    }
}
