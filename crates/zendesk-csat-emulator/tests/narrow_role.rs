//! An admin who is an agent of one group for a while.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use support::{account, basic, bearer, exchange, export, get, get_as, get_json, post_as};
use zendesk_csat_emulator::Emulator;

const HOUR: u64 = 3_600;

fn groups(tickets: &[Value]) -> BTreeSet<String> {
    tickets
        .iter()
        .map(|ticket| ticket["group_id"].to_string())
        .collect()
}

fn role(zendesk: &Emulator) -> Value {
    get_json(zendesk, "/api/v2/users/me")["user"]["role"].clone()
}

#[test]
fn an_admin_sees_what_an_agent_of_one_group_does() {
    let zendesk = account(7, 400);
    let whole = export(&zendesk, "&include=users");
    assert!(groups(&whole).len() > 5 && role(&zendesk) == "admin");
    zendesk
        .set_faults(&json!({"seed": 3, "narrow_role": 1.0}))
        .unwrap();
    let fewer = export(&zendesk, "");
    assert_eq!((groups(&fewer).len(), role(&zendesk)), (1, json!("agent")));
    let own = &fewer[0];
    let expected: Vec<&Value> = whole
        .iter()
        .filter(|ticket| ticket["group_id"] == own["group_id"])
        .collect();
    assert_eq!(fewer.iter().collect::<Vec<_>>(), expected);
    let by_time = get_json(&zendesk, "/api/v2/incremental/tickets?start_time=0");
    assert_eq!(by_time["tickets"], json!(fewer));
    let alive = |ticket: &&Value| ticket["status"] != "deleted";
    let own = fewer.iter().find(alive).unwrap();
    let other = whole
        .iter()
        .filter(alive)
        .find(|ticket| ticket["group_id"] != own["group_id"])
        .unwrap();
    let shown = get_json(
        &zendesk,
        &format!("/api/v2/tickets/show_many?ids={},{}", other["id"], own["id"]),
    );
    assert_eq!(shown["tickets"], json!([own]));
    let audits = |ticket: &Value| get(&zendesk, &format!("/api/v2/tickets/{}/audits", ticket["id"])).status;
    assert_eq!((audits(own), audits(other)), (200, 403));
    for forbidden in [
        "satisfaction_ratings",
        "satisfaction_ratings/count",
        "satisfaction_reasons",
        "guide/survey_responses",
        "guide/en-us/surveys",
    ] {
        assert_eq!(
            get(&zendesk, &format!("/api/v2/{forbidden}")).status,
            403,
            "{forbidden}"
        );
    }
    let info = zendesk.account();
    let token = post_as(
        &zendesk,
        &info.oauth_token,
        "/api/v2/guide/survey_responses",
        &json!({}),
    );
    assert_eq!(token.status, 403);
    let authorization = basic(&info.email, &info.api_token);
    let by_api_token = exchange(
        &zendesk,
        "GET",
        "/api/v2/satisfaction_reasons",
        &[("Authorization", &authorization)],
        "",
    );
    assert_eq!(by_api_token.unwrap().status, 403);
    let on_behalf = [
        ("Authorization", authorization.as_str()),
        ("X-On-Behalf-Of", info.users.end_user.email.as_str()),
    ];
    assert_eq!(
        exchange(&zendesk, "GET", "/api/v2/users/me", &on_behalf, "")
            .unwrap()
            .status,
        403
    );
    let agent = get_as(
        &zendesk,
        &info.users.agent.oauth_token,
        &format!("/api/v2/tickets/{}/audits", other["id"]),
    );
    assert_eq!(agent.status, 200, "who was an agent before is one as before");
    zendesk.clear_faults();
    assert_eq!(
        (export(&zendesk, "&include=users"), role(&zendesk)),
        (whole, json!("admin"))
    );
}

#[test]
fn it_holds_for_hours_of_the_accounts_clock() {
    let roles = |seed: u64| {
        let zendesk = account(7, 20);
        zendesk
            .set_faults(&json!({"seed": seed, "narrow_role": 0.3}))
            .unwrap();
        let hours = (0..60).map(|_| {
            let narrow = [0, 1_799].map(|wait| {
                zendesk.advance(wait);
                role(&zendesk) == "agent"
            });
            assert_eq!(narrow[0], narrow[1], "a whole hour");
            zendesk.advance(HOUR - 1_799);
            narrow[0]
        });
        hours.collect::<Vec<bool>>()
    };
    let first = roles(1);
    assert_eq!(first, roles(1));
    assert_ne!(first, roles(2));
    let narrow = first.iter().filter(|narrow| **narrow).count();
    assert!((8..30).contains(&narrow), "{narrow} of 60 at a rate of 0.3");
}

#[test]
fn a_step_of_a_script_is_for_its_request_only() {
    let zendesk = account(7, 50);
    zendesk
        .set_faults(&json!({"script": [{"kind": "narrow_role", "path": "reasons", "times": 2}]}))
        .unwrap();
    let status = |path: &str| get(&zendesk, path).status;
    let (reasons, ratings) = ("/api/v2/satisfaction_reasons", "/api/v2/satisfaction_ratings");
    assert_eq!(
        [reasons, ratings, reasons, reasons].map(status),
        [403, 200, 403, 200]
    );
    let authorization = bearer(&zendesk.account().users.agent.oauth_token);
    zendesk.set_faults(&json!({"script": ["narrow_role"]})).unwrap();
    let show = exchange(
        &zendesk,
        "GET",
        "/api/v2/tickets/show_many?ids=1,2,3",
        &[("Authorization", &authorization)],
        "",
    );
    assert_eq!(show.unwrap().json()["count"], 3, "an agent is no admin to narrow");
}
