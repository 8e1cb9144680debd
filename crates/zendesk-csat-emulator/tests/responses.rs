//! Survey responses and surveys over HTTP.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use serde_json::{Value, json};
use support::{account, get, get_as, get_json, walk};

const PATH: &str = "/api/v2/guide/survey_responses";

fn all(zendesk: &zendesk_csat_emulator::Emulator) -> Vec<Value> {
    walk(zendesk, PATH, "page%5Bsize%5D=50", "survey_responses")
}

fn ulid_millis(id: &Value) -> u64 {
    ulid::Ulid::from_string(id.as_str().unwrap())
        .unwrap()
        .timestamp_ms()
}

#[test]
fn the_list_is_newest_first_and_has_no_links() {
    let zendesk = account(7, 800);
    let newest_first = all(&zendesk);
    let mut oldest_first = walk(&zendesk, PATH, "page%5Bsize%5D=13&sort=id", "survey_responses");
    assert!(
        newest_first
            .windows(2)
            .all(|pair| pair[0]["id"].as_str() > pair[1]["id"].as_str())
    );
    oldest_first.reverse();
    assert_eq!(newest_first, oldest_first);
    let page = get_json(&zendesk, PATH);
    assert_eq!(page["survey_responses"].as_array().unwrap().len(), 50);
    assert!(page.get("links").is_none());
    assert_eq!(page["meta"]["after_cursor"].as_str().unwrap().len(), 26);
}

#[test]
fn more_than_fifty_a_page_is_an_error() {
    let zendesk = account(7, 50);
    for size in ["51", "100", "0", "many"] {
        let answer = get(&zendesk, &format!("{PATH}?page[size]={size}"));
        assert_eq!(
            (answer.status, &answer.json()["error"]["title"]),
            (400, &json!("Invalid attribute")),
            "{size}"
        );
    }
    assert_eq!(get(&zendesk, &format!("{PATH}?page[after]=x")).status, 400);
    assert_eq!(get(&zendesk, &format!("{PATH}?sort=created_at")).status, 400);
}

#[test]
fn an_id_holds_the_time_of_sending_and_the_survey_ends_28_days_later() {
    let zendesk = account(7, 500);
    for response in all(&zendesk) {
        let expires = chrono::DateTime::parse_from_rfc3339(response["expires_at"].as_str().unwrap())
            .unwrap()
            .timestamp_millis();
        assert_eq!(
            ulid_millis(&response["id"]),
            u64::try_from(expires).unwrap() - 28 * 86_400_000
        );
        assert!(response["expires_at"].as_str().unwrap().contains('.'));
        assert!(response["responder_id"].is_string());
    }
}

#[test]
fn times_filter_on_sending_in_milliseconds() {
    let zendesk = account(7, 800);
    let everything = all(&zendesk);
    let (end, start) = (
        ulid_millis(&everything[10]["id"]),
        ulid_millis(&everything[30]["id"]),
    );
    let query =
        format!("page%5Bsize%5D=50&filter%5Bcreated_at_start%5D={start}&filter%5Bcreated_at_end%5D={end}");
    assert_eq!(
        walk(&zendesk, PATH, &query, "survey_responses"),
        everything[10..=30]
    );
    let in_seconds = get_json(
        &zendesk,
        &format!("{PATH}?filter[created_at_end]={}", end / 1_000),
    );
    assert_eq!(
        in_seconds["survey_responses"],
        json!([]),
        "seconds are long ago when read as milliseconds"
    );
    assert_eq!(
        in_seconds["meta"],
        json!({"has_more": false, "after_cursor": null, "before_cursor": null})
    );
}

#[test]
fn subjects_filter_with_either_prefix() {
    let zendesk = account(7, 2_000);
    let everything = all(&zendesk);
    let of_ticket = everything
        .iter()
        .find(|response| response["subjects"][0]["type"] == "ticket")
        .unwrap();
    let of_conversation = everything
        .iter()
        .find(|response| {
            response["subjects"]
                .as_array()
                .is_some_and(|s| s.len() == 1 && s[0]["type"] == "conversation")
        })
        .unwrap();
    let ticket = of_ticket["subjects"][0]["id"].as_str().unwrap();
    let conversation = of_conversation["subject_zrns"][0].as_str().unwrap();
    for prefix in ["zen", "zrn"] {
        let found = get_json(
            &zendesk,
            &format!("{PATH}?filter[subject_zrns]={prefix}:ticket:{ticket}"),
        );
        assert!(found["survey_responses"].as_array().unwrap().contains(of_ticket));
    }
    let both = get_json(
        &zendesk,
        &format!("{PATH}?filter%5Bsubject_zrns%5D=zen:ticket:{ticket},{conversation},zen:ticket:999999"),
    );
    let both = both["survey_responses"].as_array().unwrap();
    assert!(both.contains(of_ticket) && both.contains(of_conversation));
    let responder = of_ticket["responder_id"].as_str().unwrap();
    let theirs = get_json(&zendesk, &format!("{PATH}?filter[responder_ids]={responder},17"));
    let theirs = theirs["survey_responses"].as_array().unwrap().clone();
    assert_eq!(
        theirs,
        everything
            .iter()
            .filter(|response| response["responder_id"] == responder)
            .cloned()
            .collect::<Vec<_>>()
    );
}

#[test]
fn responses_come_in_all_their_shapes() {
    let zendesk = account(7, 10_000);
    let everything = all(&zendesk);
    let any = |test: &dyn Fn(&Value) -> bool| everything.iter().any(test);
    let answer = |test: &dyn Fn(&Value) -> bool| {
        everything
            .iter()
            .any(|response| response["answers"].as_array().unwrap().iter().any(test))
    };
    assert!(any(&|response| response["answers"] == json!([])));
    assert!(any(&|response| response["survey_id"].is_string()
        && response["survey_version"] == 1
        && response.get("subjects").is_none()));
    assert!(any(&|response| response["subject_zrns"][0]
        .as_str()
        .unwrap()
        .starts_with("zrn:ticket:")));
    assert!(any(&|response| response["subjects"]
        .as_array()
        .is_some_and(|subjects| subjects.len() == 2)));
    assert!(any(&|response| response["survey"]["state"] == "disabled"));
    for kind in ["rating_scale", "closed_ended", "open_ended", "skipped"] {
        assert!(answer(&|answer| answer["type"] == kind), "{kind}");
    }
    assert!(answer(
        &|answer| answer["type"] == "skipped" && answer["question"]["type"] == "open_ended"
    ));
    assert!(answer(&|answer| answer["rating_category"] == "neutral"));
    assert!(
        answer(&|answer| answer["question"]["sub_type"] == "other"),
        "a scale that is not about satisfaction"
    );
    assert!(
        answer(&|answer| answer["updated_at"].as_str() > answer["created_at"].as_str()),
        "an edit"
    );
    assert!(answer(&|answer| answer["selections"] == json!([])));
    assert!(answer(&|answer| answer["selections"]
        .as_array()
        .is_some_and(|chosen| chosen.len() == 2)));
    assert!(answer(&|answer| answer["value"] == ""));
    let late = |answer: &Value, response: &Value| {
        let updated = chrono::DateTime::parse_from_rfc3339(answer["updated_at"].as_str().unwrap())
            .unwrap()
            .timestamp_millis();
        u64::try_from(updated).unwrap() > ulid_millis(&response["id"]) + 20 * 86_400_000
    };
    assert!(
        any(&|response| response["answers"]
            .as_array()
            .unwrap()
            .iter()
            .any(|answer| late(answer, response))),
        "a late edit"
    );
}

#[test]
fn show_adds_texts_in_the_language_asked_for() {
    let zendesk = account(7, 3_000);
    let everything = all(&zendesk);
    let answered = everything
        .iter()
        .find(|response| response["survey"]["version"] == 5 && response["answers"][0].is_object())
        .unwrap();
    let id = answered["id"].as_str().unwrap();
    let shown =
        get_json(&zendesk, &format!("/api/v2/guide/de/survey_responses/{id}.json"))["survey_response"]
            .clone();
    let question = &shown["answers"][0]["question"];
    assert_eq!(question["options"][0]["label"]["value"], "Sehr unzufrieden");
    assert_eq!(question["alias"], "customer satisfaction rating");
    assert!(
        answered["answers"][0]["question"].get("options").is_none(),
        "the list gives questions in short"
    );
    let missing = get(
        &zendesk,
        "/api/v2/guide/de/survey_responses/01J1WB51MG6HXTYWE6Q0C93RNW",
    );
    assert_eq!(
        (missing.status, &missing.json()["errors"][0]["status"]),
        (404, &json!("404"))
    );
    let third = everything
        .iter()
        .find(|response| {
            response["survey"]["version"] == 3
                && response["survey"]["state"] == "enabled"
                && response["answers"][0].is_object()
        })
        .unwrap();
    let shown = get_json(
        &zendesk,
        &format!(
            "/api/v2/guide/en-us/survey_responses/{}",
            third["id"].as_str().unwrap()
        ),
    );
    assert_eq!(
        shown["survey_response"]["answers"][0]["question"]["headline"],
        Value::Null
    );
}

#[test]
fn surveys_are_listed_as_they_stand() {
    let zendesk = account(7, 100);
    let surveys = get_json(&zendesk, "/api/v2/guide/fr/surveys?page[size]=2");
    let list = surveys["surveys"].as_array().unwrap();
    assert_eq!(
        (list.len(), &list[0]["version"], &list[0]["state"]),
        (2, &json!(5), &json!("enabled"))
    );
    assert_eq!(
        list[0]["questions"][0]["options"][4]["label"]["value"],
        "Très satisfait"
    );
    assert_eq!(
        walk(
            &zendesk,
            "/api/v2/guide/fr/surveys",
            "page%5Bsize%5D=1",
            "surveys"
        )
        .len(),
        3
    );
}

#[test]
fn responders_see_their_own() {
    let zendesk = account(7, 500);
    let user = &zendesk.account().users.end_user;
    let own_id = user.id.to_string();
    let listed = get_as(&zendesk, &user.oauth_token, PATH).json();
    let own = listed["survey_responses"].as_array().unwrap();
    assert!(!own.is_empty() && own.iter().all(|response| response["responder_id"] == own_id));
    let id = own[0]["id"].as_str().unwrap();
    assert_eq!(
        get_as(
            &zendesk,
            &user.oauth_token,
            &format!("/api/v2/guide/en-us/survey_responses/{id}")
        )
        .status,
        200
    );
    let other = all(&zendesk)
        .into_iter()
        .find(|response| response["responder_id"] != own_id)
        .unwrap();
    let refused = get_as(
        &zendesk,
        &user.oauth_token,
        &format!(
            "/api/v2/guide/en-us/survey_responses/{}",
            other["id"].as_str().unwrap()
        ),
    );
    assert_eq!(
        (refused.status, &refused.json()["errors"][0]["code"]),
        (403, &json!("Forbidden"))
    );
    assert_eq!(
        get_as(&zendesk, &zendesk.account().users.agent.oauth_token, PATH).status,
        403
    );
}

#[test]
fn the_samples_empty_parameters_ask_for_nothing() {
    let zendesk = account(7, 100);
    assert_eq!(
        get_json(&zendesk, &format!("{PATH}?filter=&page=&sort=")),
        get_json(&zendesk, PATH)
    );
}
