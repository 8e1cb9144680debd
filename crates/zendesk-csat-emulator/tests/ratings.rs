//! Legacy ratings and reasons over HTTP.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use std::collections::BTreeSet;

use serde_json::Value;
use support::{account, encoded, get, get_json, walk};
use zendesk_csat_emulator::Emulator;

const PATH: &str = "/api/v2/satisfaction_ratings";

fn ids(items: &[Value]) -> Vec<u64> {
    items.iter().map(|item| item["id"].as_u64().unwrap()).collect()
}

#[test]
fn a_page_has_a_cursor_also_at_the_end() {
    let zendesk = account(7, 300);
    let all = walk(&zendesk, PATH, "page%5Bsize%5D=7", "satisfaction_ratings");
    let unique: BTreeSet<u64> = ids(&all).into_iter().collect();
    assert_eq!(unique.len(), all.len());
    let count = get_json(&zendesk, &format!("{PATH}/count"));
    assert_eq!(count["count"]["value"], all.len());
    assert_eq!(count["count"]["refreshed_at"], "2026-06-01T08:00:00Z");
    let newest = get_json(&zendesk, &format!("{PATH}.json?page[size]=100&sort=-created_at"));
    assert_eq!(newest["satisfaction_ratings"][0]["id"], *unique.last().unwrap());
    let last = get_json(&zendesk, &format!("{PATH}?page[size]=100&score=unoffered"));
    assert_eq!(last["meta"]["has_more"], false);
    if last["satisfaction_ratings"][0].is_object() {
        assert!(last["meta"]["after_cursor"].is_string() && last["links"]["next"].is_string());
    }
}

#[test]
fn pages_go_backwards_too() {
    let zendesk = account(7, 300);
    let first = get_json(&zendesk, &format!("{PATH}?page[size]=5"));
    let after = encoded(first["meta"]["after_cursor"].as_str().unwrap());
    let second = get_json(&zendesk, &format!("{PATH}?page[size]=5&page[after]={after}"));
    let before = encoded(second["meta"]["before_cursor"].as_str().unwrap());
    let again = get_json(&zendesk, &format!("{PATH}?page[size]=5&page[before]={before}"));
    assert_eq!(again["satisfaction_ratings"], first["satisfaction_ratings"]);
    assert_eq!(again["meta"]["has_more"], false);
    let link = second["links"]["prev"]
        .as_str()
        .unwrap()
        .strip_prefix(zendesk.base_url())
        .unwrap();
    assert_eq!(
        get_json(&zendesk, link)["satisfaction_ratings"],
        first["satisfaction_ratings"]
    );
}

#[test]
fn offset_pages_end_at_ten_thousand_records() {
    let zendesk = account(7, 300);
    let first = get_json(&zendesk, &format!("{PATH}.json?per_page=10"));
    assert!(first.get("meta").is_none());
    assert_eq!(first["previous_page"], Value::Null);
    let next = first["next_page"]
        .as_str()
        .unwrap()
        .strip_prefix(zendesk.base_url())
        .unwrap();
    let second = get_json(&zendesk, next);
    assert_eq!(ids(second["satisfaction_ratings"].as_array().unwrap()).len(), 10);
    assert_ne!(first["satisfaction_ratings"], second["satisfaction_ratings"]);
    assert_eq!(
        first["count"],
        get_json(&zendesk, &format!("{PATH}/count"))["count"]["value"]
    );
    assert_eq!(
        get_json(&zendesk, &format!("{PATH}?page=100"))["satisfaction_ratings"],
        serde_json::json!([])
    );
    let wall = get(&zendesk, &format!("{PATH}?page=101"));
    assert_eq!(wall.status, 400);
    assert_eq!(wall.json()["errors"][0]["code"], "InvalidPaginationDepth");
}

#[test]
fn bad_parameters_are_told_by_name() {
    let zendesk = account(7, 50);
    for (query, name) in [
        ("page[size]=101", "page.size"),
        ("page[size]=x", "page.size"),
        ("page[size]=0", "page.size"),
        ("page[size]=5&page[after]=nonsense", "page[after]"),
        ("score=great", "score"),
        ("score=offered_with_comment", "score"),
        ("start_time=yesterday", "start_time"),
        ("sort=score", "sort"),
    ] {
        let answer = get(&zendesk, &format!("{PATH}?{query}"));
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(answer.json()["error"]["title"], "Invalid attribute");
        assert!(
            answer.json()["error"]["message"].as_str().unwrap().contains(name),
            "{query}"
        );
    }
}

#[test]
fn score_filters_part_the_list() {
    let zendesk = account(7, 3_000);
    let of = |score: &str| {
        walk(
            &zendesk,
            PATH,
            &format!("page%5Bsize%5D=100&score={score}"),
            "satisfaction_ratings",
        )
    };
    let all = walk(&zendesk, PATH, "page%5Bsize%5D=100", "satisfaction_ratings").len();
    assert_eq!(
        of("offered").len() + of("unoffered").len() + of("received").len(),
        all
    );
    for group in ["received", "good", "bad"] {
        let (with, without) = (
            of(&format!("{group}_with_comment")),
            of(&format!("{group}_without_comment")),
        );
        assert_eq!(with.len() + without.len(), of(group).len());
        assert!(!with.is_empty() && !without.is_empty());
        assert!(with.iter().all(|rating| {
            rating["comment"]
                .as_str()
                .is_some_and(|comment| !comment.is_empty())
        }));
        assert!(
            without
                .iter()
                .all(|rating| rating["comment"].as_str().unwrap_or_default().is_empty())
        );
    }
    assert_eq!(of("good").len() + of("bad").len(), of("received").len());
    assert!(
        of("bad")
            .iter()
            .all(|rating| rating["score"].as_str().unwrap().eq_ignore_ascii_case("bad"))
    );
}

#[test]
fn times_are_seconds_of_the_creation_and_both_ends_count() {
    let zendesk = account(7, 1_000);
    let all = walk(&zendesk, PATH, "page%5Bsize%5D=100", "satisfaction_ratings");
    let created = |rating: &Value| {
        chrono::DateTime::parse_from_rfc3339(rating["created_at"].as_str().unwrap())
            .unwrap()
            .timestamp()
    };
    let (start, end) = (created(&all[20]), created(&all[40]));
    let part = walk(
        &zendesk,
        PATH,
        &format!("page%5Bsize%5D=100&start_time={start}&end_time={end}"),
        "satisfaction_ratings",
    );
    let expected: Vec<u64> = ids(&all
        .iter()
        .filter(|rating| (start..=end).contains(&created(rating)))
        .cloned()
        .collect::<Vec<_>>());
    assert_eq!(ids(&part), expected);
    assert!(
        all[0]["created_at"].as_str().unwrap().ends_with("Z")
            && !all[0]["created_at"].as_str().unwrap().contains('.')
    );
}

#[test]
fn records_have_the_shapes_that_break_naive_clients() {
    let zendesk = account(7, 5_000);
    let all = walk(&zendesk, PATH, "page%5Bsize%5D=100", "satisfaction_ratings");
    let any = |test: &dyn Fn(&Value) -> bool| all.iter().any(test);
    assert!(any(
        &|rating| rating["assignee_id"].is_null() && rating["group_id"].is_null()
    ));
    assert!(any(
        &|rating| rating["updated_at"].is_null() && rating.get("updated_at").is_some()
    ));
    assert!(any(&|rating| rating["comment"] == ""));
    assert!(
        any(&|rating| rating.get("reason").is_none()),
        "from before reasons were on"
    );
    assert!(
        any(&|rating| rating["reason"].is_null() && rating["reason_id"].is_u64()),
        "only the id"
    );
    assert!(
        any(&|rating| rating["reason"] == "Too many mails"),
        "a reason's former name"
    );
    let shown = get_json(&zendesk, &format!("{PATH}/{}.json", all[3]["id"]));
    assert_eq!(shown["satisfaction_rating"], all[3], "an object, not an array");
    let missing = get(&zendesk, &format!("{PATH}/35436"));
    assert_eq!(
        (
            missing.status,
            missing.json()["error"].as_str().unwrap().to_owned()
        ),
        (404, "RecordNotFound".to_owned())
    );
}

#[test]
fn reasons_come_on_one_page_with_the_deleted_one() {
    let zendesk = account(7, 50);
    let reasons = get_json(&zendesk, "/api/v2/satisfaction_reasons.json");
    let list = reasons["reasons"].as_array().unwrap();
    let codes: Vec<u64> = list
        .iter()
        .map(|reason| reason["reason_code"].as_u64().unwrap())
        .collect();
    assert_eq!(codes, [0, 5, 6, 7, 8, 1000, 1001, 1002]);
    assert_eq!(
        list.iter()
            .filter(|reason| reason.get("deleted_at").is_some())
            .count(),
        1
    );
    assert!(reasons.get("next_page").is_none());
    let shown = get_json(
        &zendesk,
        &format!("/api/v2/satisfaction_reasons/{}", list[2]["id"]),
    );
    assert_eq!(shown["reason"], list[2]);
    assert_eq!(get(&zendesk, "/api/v2/satisfaction_reasons/1").status, 404);
}

#[test]
fn the_count_is_that_of_the_list_with_and_without_mirrors() {
    for mirrors in [true, false] {
        let zendesk = Emulator::builder()
            .seed(11)
            .tickets(600)
            .clock_speed(0.0)
            .mirrors(mirrors)
            .start()
            .unwrap();
        for _ in 0..3 {
            let all = walk(&zendesk, PATH, "page%5Bsize%5D=100", "satisfaction_ratings");
            let count = get_json(&zendesk, &format!("{PATH}/count"))["count"].clone();
            let now = zendesk.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
            assert_eq!(
                count,
                serde_json::json!({"value": all.len(), "refreshed_at": now})
            );
            zendesk.advance(9 * 86_400 + 7);
        }
    }
}
