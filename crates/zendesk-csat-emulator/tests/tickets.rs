//! Exports, audits and `show_many`.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use support::{account, encoded, export, get, get_as, get_json, walk};

const NOW: i64 = 1_780_300_800;
const CURSOR: &str = "/api/v2/incremental/tickets/cursor";
const TIME: &str = "/api/v2/incremental/tickets";

#[test]
fn the_cursor_export_gives_every_ticket_once_with_a_cursor_to_keep() {
    let zendesk = account(7, 700);
    let tickets = export(&zendesk, "&per_page=97&support_type_scope=all");
    let ids: BTreeSet<u64> = tickets
        .iter()
        .map(|ticket| ticket["id"].as_u64().unwrap())
        .collect();
    assert_eq!((ids.len(), tickets.len()), (700, 700));
    assert!(
        tickets
            .windows(2)
            .all(|pair| pair[0]["generated_timestamp"].as_u64() <= pair[1]["generated_timestamp"].as_u64())
    );
    let all = get_json(
        &zendesk,
        &format!("{CURSOR}.json?start_time=0&support_type_scope=all"),
    );
    assert_eq!(all["end_of_stream"], true);
    let cursor = all["after_cursor"].as_str().unwrap();
    assert!(
        all["after_url"].as_str().unwrap().contains(&encoded(cursor))
            && all["after_url"]
                .as_str()
                .unwrap()
                .contains("support_type_scope=all")
    );
    let nothing = get_json(&zendesk, &format!("{CURSOR}?cursor={}", encoded(cursor)));
    assert_eq!(
        (
            &nothing["tickets"],
            &nothing["after_cursor"],
            &nothing["end_of_stream"]
        ),
        (&json!([]), &json!(cursor), &json!(true))
    );
}

#[test]
fn what_changes_comes_again_after_the_kept_cursor() {
    let zendesk = account(7, 400);
    let all = get_json(&zendesk, &format!("{CURSOR}?start_time=0"));
    let cursor = encoded(all["after_cursor"].as_str().unwrap());
    zendesk.advance(5 * 86_400);
    let new = get_json(&zendesk, &format!("{CURSOR}?cursor={cursor}"));
    let new = new["tickets"].as_array().unwrap();
    assert!(!new.is_empty());
    let known: BTreeSet<u64> = all["tickets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|ticket| ticket["id"].as_u64().unwrap())
        .collect();
    assert!(
        new.iter()
            .any(|ticket| known.contains(&ticket["id"].as_u64().unwrap())),
        "a new version of a known ticket"
    );
    assert!(
        new.iter()
            .any(|ticket| !known.contains(&ticket["id"].as_u64().unwrap())),
        "a new ticket"
    );
}

#[test]
fn starts_must_be_over_a_minute_old() {
    let zendesk = account(7, 50);
    for path in [CURSOR, TIME] {
        assert_eq!(
            get(&zendesk, &format!("{path}?start_time={}", NOW - 60)).status,
            200
        );
        let recent = get(&zendesk, &format!("{path}?start_time={}", NOW - 59));
        assert_eq!(
            (recent.status, &recent.json()["error"]),
            (400, &json!("StartTimeTooRecent"))
        );
        assert_eq!(get(&zendesk, path).status, 400);
        assert_eq!(
            get(&zendesk, &format!("{path}?start_time=0&per_page=1001")).status,
            400
        );
        assert_eq!(get(&zendesk, &format!("{path}?start_time=x")).status, 400);
    }
    assert_eq!(get(&zendesk, &format!("{CURSOR}?cursor=nonsense")).status, 400);
}

#[test]
fn the_time_based_export_gives_a_next_page_at_the_end_and_loops_on_it() {
    let zendesk = account(7, 300);
    let page = get_json(
        &zendesk,
        &format!("{TIME}.json?start_time=0&per_page=1000&support_type_scope=all"),
    );
    assert_eq!(
        (&page["end_of_stream"], page["count"].as_u64()),
        (
            &json!(true),
            Some(page["tickets"].as_array().unwrap().len() as u64)
        )
    );
    let next = page["next_page"]
        .as_str()
        .unwrap()
        .strip_prefix(zendesk.base_url())
        .unwrap();
    let again = get_json(&zendesk, next);
    assert_eq!(again["next_page"], page["next_page"]);
    assert!(
        !again["tickets"].as_array().unwrap().is_empty(),
        "the last second comes again"
    );
}

#[test]
fn a_second_with_more_tickets_than_a_page_holds_up_the_time_based_export() {
    let zendesk = account(7, 3_000);
    let all = export(&zendesk, "");
    let stamps: Vec<u64> = all
        .iter()
        .map(|ticket| ticket["generated_timestamp"].as_u64().unwrap())
        .collect();
    let shared = stamps.windows(4).find(|stamps| stamps[0] == stamps[3]).unwrap()[0];
    let page = get_json(&zendesk, &format!("{TIME}?start_time={shared}&per_page=3"));
    assert_eq!(
        (&page["end_time"], &page["end_of_stream"]),
        (&json!(shared), &json!(false))
    );
    let by_cursor = get_json(&zendesk, &format!("{CURSOR}?start_time={shared}&per_page=3"));
    let more = get_json(
        &zendesk,
        &format!(
            "{CURSOR}?per_page=3&cursor={}",
            encoded(by_cursor["after_cursor"].as_str().unwrap())
        ),
    );
    assert_ne!(by_cursor["tickets"], more["tickets"]);
}

#[test]
fn scopes_leave_gaps_in_pages() {
    let zendesk = account(7, 800);
    let everything = export(&zendesk, "&support_type_scope=all");
    let of = |query: &str| export(&zendesk, query).len();
    let count = |test: &dyn Fn(&Value) -> bool| everything.iter().filter(|ticket| test(ticket)).count();
    let bots = count(&|ticket| ticket["support_type"] == "ai_agent");
    let deleted = count(&|ticket| ticket["status"] == "deleted" && ticket["support_type"] == "agent");
    assert!(bots > 0 && deleted > 0);
    assert_eq!(of(""), 800 - bots);
    assert_eq!(of("&support_type_scope=ai_agent"), bots);
    assert_eq!(of("&exclude_deleted=true"), 800 - bots - deleted);
    let page = get_json(
        &zendesk,
        &format!("{CURSOR}?start_time=0&per_page=1&support_type_scope=ai_agent"),
    );
    assert_eq!(
        (&page["tickets"], &page["end_of_stream"]),
        (&json!([]), &json!(false)),
        "empty before the end"
    );
    assert_eq!(
        get(
            &zendesk,
            &format!("{CURSOR}?start_time=0&support_type_scope=robots")
        )
        .status,
        400
    );
}

#[test]
fn tickets_show_their_satisfaction_in_all_forms() {
    let zendesk = account(7, 1_500);
    let tickets = export(&zendesk, "");
    let any = |test: &dyn Fn(&Value) -> bool| tickets.iter().any(test);
    let rating = |ticket: &Value| ticket["satisfaction_rating"].clone();
    assert!(any(&|ticket| rating(ticket).is_null()));
    assert!(any(&|ticket| rating(ticket) == json!({"score": "unoffered"})));
    assert!(any(&|ticket| rating(ticket) == json!({"score": "offered"})));
    assert!(any(
        &|ticket| rating(ticket)["score"] == "good" && rating(ticket)["reason"].is_null()
    ));
    assert!(any(
        &|ticket| rating(ticket)["score"] == "bad" && rating(ticket)["reason"].is_string()
    ));
    assert!(any(&|ticket| ticket["generated_timestamp"].as_i64()
        > Some(
            chrono::DateTime::parse_from_rfc3339(ticket["updated_at"].as_str().unwrap())
                .unwrap()
                .timestamp()
        )));
    assert!(any(&|ticket| ticket["assignee_id"].is_null()) && any(&|ticket| ticket["group_id"].is_null()));
    let values: BTreeSet<&str> = tickets
        .iter()
        .flat_map(|ticket| ticket["custom_fields"].as_array().unwrap())
        .map(|field| match field["value"] {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            _ => "array",
        })
        .collect();
    assert_eq!(values.len(), 5);
}

#[test]
fn a_neutral_answer_is_a_bad_mirror() {
    let zendesk = account(7, 1_500);
    let rows = zendesk.truth();
    let tickets = export(&zendesk, "");
    let neutral = rows
        .iter()
        .filter(|row| row["score"] == "neutral" && !row["ticket_id"].is_null());
    let mut seen = 0;
    for row in neutral {
        let ticket = tickets
            .iter()
            .find(|ticket| ticket["id"] == row["ticket_id"])
            .unwrap();
        if ticket["satisfaction_rating"]["id"].is_u64()
            && rows
                .iter()
                .filter(|other| other["ticket_id"] == row["ticket_id"])
                .count()
                == 1
        {
            assert_eq!(ticket["satisfaction_rating"]["score"], "bad");
            seen += 1;
        }
    }
    assert!(seen > 3, "{seen}");
}

#[test]
fn side_loads_come_when_asked_for() {
    let zendesk = account(7, 200);
    let page = get_json(
        &zendesk,
        &format!("{CURSOR}?start_time=0&per_page=20&include=users,groups,metric_sets"),
    );
    let users: BTreeSet<u64> = page["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["id"].as_u64().unwrap())
        .collect();
    for ticket in page["tickets"].as_array().unwrap() {
        assert!(users.contains(&ticket["requester_id"].as_u64().unwrap()));
        assert_eq!(ticket["metric_set"]["ticket_id"], ticket["id"]);
    }
    assert!(!page["groups"].as_array().unwrap().is_empty());
}

fn audited(zendesk: &zendesk_csat_emulator::Emulator, archived: bool) -> Value {
    let closed = export(zendesk, "");
    let rows = zendesk.truth();
    let rated: BTreeSet<u64> = rows
        .iter()
        .filter(|row| row["source"] == "survey" && !row["score"].is_null())
        .filter_map(|row| row["ticket_id"].as_u64())
        .collect();
    let found = closed.into_iter().find(|ticket| {
        let old = ticket["generated_timestamp"].as_i64().unwrap() < NOW - 130 * 86_400;
        let fits = if archived {
            ticket["status"] == "closed" && old
        } else {
            ticket["status"] == "solved"
        };
        rated.contains(&ticket["id"].as_u64().unwrap()) && fits
    });
    found.unwrap()
}

#[test]
fn audits_tell_of_the_survey_and_page_by_cursor() {
    let zendesk = account(7, 1_500);
    let ticket = audited(&zendesk, false);
    let path = format!("/api/v2/tickets/{}/audits", ticket["id"]);
    let audits = walk(&zendesk, &path, "page%5Bsize%5D=1", "audits");
    let times: Vec<&str> = audits
        .iter()
        .map(|audit| audit["created_at"].as_str().unwrap())
        .collect();
    assert!(times.windows(2).all(|pair| pair[0] <= pair[1]));
    let events: Vec<&Value> = audits
        .iter()
        .flat_map(|audit| audit["events"].as_array().unwrap())
        .collect();
    assert!(events.iter().any(|event| event["type"] == "SurveyOffered"));
    let submitted = events
        .iter()
        .find(|event| event["type"] == "SurveyResponseSubmitted")
        .unwrap();
    let row = zendesk
        .truth()
        .into_iter()
        .find(|row| row["id"] == submitted["survey_response_id"])
        .unwrap();
    assert_eq!(row["ticket_id"], ticket["id"]);
    let narrowed = get_json(
        &zendesk,
        &format!("{path}?filter_events[]=SurveyResponseSubmitted"),
    );
    let narrowed = narrowed["audits"].as_array().unwrap();
    assert!(!narrowed.is_empty() && narrowed.len() < audits.len());
    assert!(narrowed.iter().all(|audit| {
        audit["events"]
            .as_array()
            .unwrap()
            .iter()
            .all(|event| event["type"] == "SurveyResponseSubmitted")
    }));
    assert!(
        events.iter().any(|event| event["value"].is_array())
            && events.iter().any(|event| event["value"].is_null())
    );
    assert!(audits.iter().any(|audit| audit["author_id"] == -1));
}

#[test]
fn an_archived_tickets_audits_come_unpaginated_and_a_deleted_ones_not_at_all() {
    let zendesk = account(7, 1_500);
    let ticket = audited(&zendesk, true);
    let answer = get_json(
        &zendesk,
        &format!("/api/v2/tickets/{}/audits?page[size]=1", ticket["id"]),
    );
    assert!(answer["audits"].as_array().unwrap().len() > 1 && answer.get("meta").is_none());
    let deleted = export(&zendesk, "")
        .into_iter()
        .find(|ticket| ticket["status"] == "deleted")
        .unwrap();
    assert_eq!(
        get(&zendesk, &format!("/api/v2/tickets/{}/audits", deleted["id"])).status,
        404
    );
    let some = get_json(
        &zendesk,
        &format!(
            "/api/v2/tickets/show_many.json?ids={},{},999999",
            deleted["id"], ticket["id"]
        ),
    );
    assert_eq!(
        (some["tickets"].as_array().unwrap().len(), &some["tickets"][0]),
        (1, &ticket)
    );
}

#[test]
fn show_many_takes_a_hundred_ids_from_agents() {
    let zendesk = account(7, 300);
    let agent = &zendesk.account().users.agent.oauth_token;
    let ids = |count: usize| (1..=count).map(|id| id.to_string()).collect::<Vec<_>>().join(",");
    assert_eq!(
        get_as(
            &zendesk,
            agent,
            &format!("/api/v2/tickets/show_many?ids={}", ids(100))
        )
        .status,
        200
    );
    assert_eq!(
        get_as(
            &zendesk,
            agent,
            &format!("/api/v2/tickets/show_many?ids={}", ids(101))
        )
        .status,
        400
    );
    assert_eq!(get_as(&zendesk, agent, "/api/v2/tickets/show_many").status, 400);
    assert_eq!(
        get_as(
            &zendesk,
            &zendesk.account().users.end_user.oauth_token,
            "/api/v2/tickets/show_many?ids=1"
        )
        .status,
        403
    );
}
