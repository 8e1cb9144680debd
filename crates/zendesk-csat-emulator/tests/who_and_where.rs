//! The names of agents, groups, brands, ticket forms and organizations, and what tickets belong to.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use support::{account, control, encoded, export, get, get_as, get_json, walk};
use zendesk_csat_emulator::Emulator;

const DAY: u64 = 86_400;

fn truth(zendesk: &Emulator) -> Value {
    control(zendesk, "GET", "truth", "").json()
}

fn list<'a>(names: &'a Value, kind: &str) -> &'a Vec<Value> {
    names[kind].as_array().unwrap()
}

/// Ids with their names, and whether they still are.
fn known(names: &Value, kind: &str) -> BTreeMap<u64, (String, bool)> {
    list(names, kind)
        .iter()
        .map(|name| {
            let (id, text) = (name["id"].as_u64().unwrap(), name["name"].as_str().unwrap());
            (id, (text.to_owned(), name["is_active"].as_bool().unwrap()))
        })
        .collect()
}

fn listed(records: &[Value], is_active: impl Fn(&Value) -> bool) -> BTreeMap<u64, (String, bool)> {
    records
        .iter()
        .map(|record| {
            let name = record["name"].as_str().unwrap().to_owned();
            (record["id"].as_u64().unwrap(), (name, is_active(record)))
        })
        .collect()
}

fn ids(ids: impl IntoIterator<Item = u64>) -> String {
    ids.into_iter()
        .map(|id| id.to_string())
        .collect::<Vec<_>>()
        .join(",")
}

#[test]
fn every_id_of_rows_and_tickets_has_a_name() {
    let zendesk = account(7, 400);
    let truth = truth(&zendesk);
    let names = &truth["names"];
    assert_eq!(names, &zendesk.names());
    for row in list(&truth, "rows") {
        for (id, kind) in [("assignee_id", "agents"), ("group_id", "groups")] {
            assert!(row[id].is_null() || known(names, kind).contains_key(&row[id].as_u64().unwrap()));
        }
    }
    // Who and what is there no more has ratings all the same.
    for (id, kind) in [("assignee_id", "agents"), ("group_id", "groups")] {
        let known = known(names, kind);
        let former = |row: &Value| row[id].as_u64().is_some_and(|id| !known[&id].1);
        assert!(list(&truth, "rows").iter().any(former), "{kind}");
    }
    let tickets = export(&zendesk, "");
    for (id, kind, can_lack) in [
        ("assignee_id", "agents", true),
        ("group_id", "groups", true),
        ("brand_id", "brands", false),
        ("organization_id", "organizations", true),
        ("ticket_form_id", "ticket_forms", true),
    ] {
        let known = known(names, kind);
        let named: BTreeSet<u64> = tickets.iter().filter_map(|ticket| ticket[id].as_u64()).collect();
        assert!(named.iter().all(|id| known.contains_key(id)), "{id}");
        assert!(named.len() > 1, "{id}: {named:?}");
        assert_eq!(
            tickets.iter().any(|ticket| ticket[id].is_null()),
            can_lack,
            "{id}"
        );
    }
    for field in ["type", "priority", "via"] {
        let values: BTreeSet<String> = tickets
            .iter()
            .map(|ticket| ticket[field].get("channel").unwrap_or(&ticket[field]).to_string())
            .collect();
        assert!(values.len() > 2, "{field}: {values:?}");
    }
}

#[test]
fn a_customers_tickets_belong_to_the_customers_organization() {
    let zendesk = account(7, 400);
    let mut of: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for ticket in export(&zendesk, "") {
        let (requester, organization) = (&ticket["requester_id"], &ticket["organization_id"]);
        of.entry(requester.to_string())
            .or_default()
            .insert(organization.to_string());
    }
    assert!(of.values().all(|organizations| organizations.len() == 1));
    let (requester, organizations) = of
        .iter()
        .find(|(_, organizations)| !organizations.contains("null"))
        .unwrap();
    let user = get_json(&zendesk, &format!("/api/v2/users/show_many?ids={requester}"))["users"][0].clone();
    assert_eq!(
        user["organization_id"].to_string(),
        *organizations.first().unwrap()
    );
}

#[test]
fn lists_and_ids_give_the_names_of_the_truth() {
    let zendesk = account(7, 50);
    let names = zendesk.names();
    let groups = walk(
        &zendesk,
        "/api/v2/groups",
        "page[size]=2&exclude_deleted=false",
        "groups",
    );
    assert_eq!(
        listed(&groups, |group| group["deleted"] == false),
        known(&names, "groups")
    );
    let live = walk(&zendesk, "/api/v2/groups", "page[size]=100", "groups");
    assert_eq!(live.len() + 1, groups.len());
    assert!(live.iter().all(|group| group["deleted"] == false));
    let brands = walk(&zendesk, "/api/v2/brands", "page[size]=2", "brands");
    assert_eq!(
        listed(&brands, |brand| brand["active"] == true),
        known(&names, "brands")
    );
    let forms = get_json(&zendesk, "/api/v2/ticket_forms");
    let listed_forms = listed(list(&forms, "ticket_forms"), |form| form["active"] == true);
    assert_eq!(listed_forms, known(&names, "ticket_forms"));
    assert!(forms["next_page"].is_null());
    let organizations = ids(known(&names, "organizations").into_keys());
    let found = get_json(
        &zendesk,
        &format!("/api/v2/organizations/show_many?ids={organizations},1"),
    );
    assert_eq!(
        listed(list(&found, "organizations"), |_| true),
        known(&names, "organizations")
    );
    let agents = ids(known(&names, "agents").into_keys());
    let found = get_json(&zendesk, &format!("/api/v2/users/show_many?ids={agents},1"));
    assert_eq!(
        listed(list(&found, "users"), |user| user["active"] == true),
        known(&names, "agents")
    );
}

#[test]
fn deleted_agents_are_in_no_list_and_suspended_ones_are() {
    let zendesk = account(7, 50);
    let agents = walk(
        &zendesk,
        "/api/v2/users",
        "role[]=agent&role[]=admin&page[size]=7",
        "users",
    );
    let all = known(&zendesk.names(), "agents");
    let active: BTreeSet<u64> = all.iter().filter(|(_, name)| name.1).map(|(id, _)| *id).collect();
    let listed: BTreeSet<u64> = agents.iter().map(|user| user["id"].as_u64().unwrap()).collect();
    assert_eq!((listed, active.len() + 1), (active, all.len()));
    assert_eq!(agents.iter().filter(|user| user["suspended"] == true).count(), 1);
    let admins = get_json(&zendesk, "/api/v2/users?role=admin");
    assert_eq!(
        (&admins["count"], &admins["users"][0]["role"]),
        (&json!(1), &json!("admin"))
    );
    let everybody = walk(&zendesk, "/api/v2/users", "page[size]=100", "users");
    assert!(everybody.len() > agents.len() + 10);
    assert!(everybody.is_sorted_by_key(|user| user["id"].as_u64()));
}

#[test]
fn an_agent_takes_another_name() {
    let zendesk = account(7, 50);
    let before = zendesk.names();
    let rows = zendesk.truth().len();
    zendesk.advance(DAY);
    assert_eq!(zendesk.names(), before);
    zendesk.advance(2 * DAY);
    let after = zendesk.names();
    let changed: Vec<_> = list(&before, "agents")
        .iter()
        .zip(list(&after, "agents"))
        .filter(|(before, after)| before != after)
        .collect();
    assert_eq!(changed.len(), 1);
    let (was, is) = changed[0];
    assert_eq!((&was["id"], &was["is_active"]), (&is["id"], &is["is_active"]));
    let user = get_json(&zendesk, &format!("/api/v2/users/show_many?ids={}", is["id"]))["users"][0].clone();
    assert_eq!(user["name"], is["name"]);
    assert!(user["updated_at"].as_str() > user["created_at"].as_str());
    assert!(zendesk.truth().len() >= rows);
}

#[test]
fn agents_may_read_names_and_customers_only_their_own() {
    let zendesk = account(7, 50);
    let users = &zendesk.account().users;
    for path in [
        "groups",
        "users?role=agent",
        "users/show_many?ids=1",
        "brands",
        "ticket_forms",
        "organizations/show_many?ids=1",
    ] {
        let status = |token: &str| get_as(&zendesk, token, &format!("/api/v2/{path}")).status;
        let statuses = [&users.admin, &users.agent, &users.end_user].map(|user| status(&user.oauth_token));
        assert_eq!(statuses, [200, 200, 403], "{path}");
        assert_eq!(status("wrong"), 401, "{path}");
    }
    let me = get_as(&zendesk, &users.end_user.oauth_token, "/api/v2/users/me").json();
    assert_eq!(
        (&me["user"]["id"], &me["user"]["role"]),
        (&json!(users.end_user.id), &json!("end-user"))
    );
    let too_many = ids(1..=101);
    for path in ["users", "organizations"] {
        let refused = get(&zendesk, &format!("/api/v2/{path}/show_many?ids={too_many}"));
        assert_eq!(refused.status, 400);
        assert_eq!(get(&zendesk, &format!("/api/v2/{path}/show_many")).status, 400);
    }
    assert_eq!(get(&zendesk, "/api/v2/groups?page[size]=101").status, 400);
}

#[test]
fn an_empty_page_before_the_end_leads_on() {
    let zendesk = account(7, 20);
    let whole = walk(&zendesk, "/api/v2/brands", "page[size]=2", "brands");
    zendesk
        .set_faults(&json!({"script": ["empty_page", null, "empty_page"]}))
        .unwrap();
    let walked = walk(&zendesk, "/api/v2/brands", "page[size]=2", "brands");
    assert_eq!(walked, whole);
    assert_eq!(zendesk.faults()["script"], json!([]));
    zendesk.set_faults(&json!({"script": ["unknown_value"]})).unwrap();
    let users = get_json(&zendesk, "/api/v2/users?role=agent");
    assert!(
        list(&users, "users")
            .iter()
            .any(|user| user["role"] == "contributor")
    );
    let cursor = encoded("nonsense");
    let refused = get(&zendesk, &format!("/api/v2/groups?page[after]={cursor}"));
    assert_eq!(refused.status, 400);
}

#[test]
fn side_loads_hold_the_organizations_of_their_tickets() {
    let zendesk = account(7, 100);
    let path = "/api/v2/incremental/tickets/cursor?start_time=0&include=organizations";
    let page = get_json(&zendesk, path);
    let named: BTreeSet<u64> = list(&page, "tickets")
        .iter()
        .filter_map(|ticket| ticket["organization_id"].as_u64())
        .collect();
    let loaded: BTreeSet<u64> = list(&page, "organizations")
        .iter()
        .map(|found| found["id"].as_u64().unwrap())
        .collect();
    assert!(!named.is_empty());
    assert_eq!(loaded, named);
}
