//! Names, and what tickets belong to, against those that the account itself knows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use zendesk_csat_emulator::Emulator;
use zendesk_csat_history::export::{ExportOptions, Format, Table};
use zendesk_csat_history::{CsatQuery, NoProgress, Step, SyncOptions};

use crate::account::{Account, DAY, impatient};
use crate::service::{RESPONSES, Script, TICKETS, page, response, tickets};

/// Ids with their names, and whether they still are.
type Names = BTreeMap<i64, (Option<String>, Option<bool>)>;

fn exported(account: &Account, table: Table) -> Vec<Value> {
    let mut lines = Vec::new();
    let query = CsatQuery::default();
    account
        .history
        .export_to(
            &mut lines,
            Format::JsonLines,
            &ExportOptions {
                table,
                rows: query,
                ..ExportOptions::default()
            },
        )
        .unwrap();
    let text = String::from_utf8(lines).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn known(account: &Account, table: Table) -> Names {
    names(&exported(account, table), "active")
}

fn truth(account: &Account, kind: &str) -> Names {
    names(account.zendesk.names()[kind].as_array().unwrap(), "is_active")
}

fn names(names: &[Value], active: &str) -> Names {
    let of = |name: &Value| (name["name"].as_str().map(str::to_owned), name[active].as_bool());
    names
        .iter()
        .map(|name| (name["id"].as_i64().unwrap(), of(name)))
        .collect()
}

/// How often each path that gives names was asked for since the journal was forgotten.
fn asked(account: &Account) -> BTreeMap<String, usize> {
    let mut asked = BTreeMap::new();
    for call in account.zendesk.journal() {
        let path = call.path.trim_start_matches("/api/v2/").trim_end_matches(".json");
        if ["users", "groups", "brands", "organizations", "ticket_forms"]
            .iter()
            .any(|names| path.starts_with(names))
        {
            *asked.entry(path.to_owned()).or_insert(0) += 1;
        }
    }
    account.zendesk.clear_journal();
    asked
}

#[tokio::test]
async fn every_name_is_the_accounts_own_in_a_call_a_hundred() {
    let mut account = Account::new(7, 400);
    account.sync().await;
    let calls = asked(&account);
    let once = [
        "brands",
        "groups",
        "organizations/show_many",
        "ticket_forms",
        "users/show_many",
    ];
    assert_eq!(calls, once.map(|path| (path.to_owned(), 1)).into());
    for (table, kind) in [
        (Table::Groups, "groups"),
        (Table::Brands, "brands"),
        (Table::TicketForms, "ticket_forms"),
    ] {
        assert_eq!(known(&account, table), truth(&account, kind), "{kind}");
    }
    for (table, kind) in [(Table::Agents, "agents"), (Table::Organizations, "organizations")] {
        let (known, truth) = (known(&account, table), truth(&account, kind));
        assert!(known.len() > 5, "{kind}");
        for (id, name) in &known {
            assert_eq!(truth.get(id), Some(name), "{kind} {id}");
        }
    }
    // Deleted ones keep their ratings, and have names all the same.
    for table in [Table::Agents, Table::Groups] {
        assert!(
            known(&account, table)
                .values()
                .any(|(name, active)| name.is_some() && *active == Some(false))
        );
    }
    assert_eq!(known(&account, Table::Requesters), Names::new());
}

#[tokio::test]
async fn a_later_sync_asks_for_what_is_new_or_a_day_old_and_for_no_more_than_two_pages() {
    let mut account = Account::new(7, 400);
    account.sync().await;
    asked(&account);
    account.sync().await;
    assert_eq!(asked(&account), BTreeMap::new());
    account.zendesk.advance(3 * DAY);
    let before = known(&account, Table::Agents);
    account.sync().await;
    account.assert_equals_truth();
    let calls = asked(&account);
    assert_eq!(calls.get("users/show_many"), Some(&1), "{calls:?}");
    assert!(calls.values().sum::<usize>() <= 2, "{calls:?}");
    // One has taken another name meanwhile.
    let renamed = |names: &Names| {
        before
            .iter()
            .filter(|(id, name)| names.get(id) != Some(name))
            .count()
    };
    assert_eq!(renamed(&known(&account, Table::Agents)), 1);
    // In turn, every name is read again.
    let mut seen = BTreeSet::new();
    for _ in 0..4 {
        account.zendesk.advance(2 * DAY);
        account.sync().await;
        account.assert_equals_truth();
        let calls = asked(&account);
        assert!(calls.values().sum::<usize>() <= 2, "{calls:?}");
        seen.extend(calls.into_keys());
    }
    assert_eq!(seen.len(), 5, "{seen:?}");
}

#[tokio::test]
async fn customers_names_come_only_where_they_are_asked_for() {
    let mut account = Account::new(3, 150);
    let options = SyncOptions {
        requesters: true,
        ..impatient()
    };
    let plan = account.history.plan(&account.client, &options).await.unwrap();
    let without = account.history.plan(&account.client, &impatient()).await.unwrap();
    assert!(plan.calls.support > without.calls.support);
    account
        .history
        .sync(&account.client, options, &mut NoProgress)
        .await
        .unwrap();
    let named = known(&account, Table::Requesters);
    let asked_for: BTreeSet<i64> = account
        .zendesk
        .truth()
        .iter()
        .filter_map(|row| row["requester_id"].as_i64())
        .collect();
    assert!(asked_for.len() > 50 && asked_for.iter().all(|id| named[id].0.is_some()));
}

#[tokio::test]
async fn what_a_role_may_not_read_is_a_line_and_no_failure() {
    let service = Script::default()
        .on(RESPONSES, |_, _| {
            (
                200,
                page(RESPONSES, json!([response("01A", 1, &["scale"])]), None),
            )
        })
        .on(TICKETS, |_, _| {
            let ticket = json!({ "id": 1, "status": "open", "assignee_id": 6, "group_id": 7, "brand_id": 8,
                "organization_id": 9, "ticket_form_id": 10, "generated_timestamp": 1_772_532_000 });
            (200, tickets(json!([ticket]), "end", true))
        })
        .on("/api/v2/groups", |_, _| (403, json!({ "error": "Forbidden" })))
        .on("/api/v2/ticket_forms", |_, _| {
            (404, json!({ "error": "RecordNotFound" }))
        })
        .on("/api/v2/brands", |_, _| (500, json!({})))
        .on("/api/v2/users/show_many", |count, _| match count {
            0 => (200, json!({ "users": [{ "id": 6, "name": ["Uma"] }] })),
            _ => (200, json!({ "users": [{ "id": 6, "name": "Uma" }] })),
        })
        .start();
    let mut history = zendesk_csat_history::History::open(":memory:").unwrap();
    for _ in 0..2 {
        let summary = history
            .sync(&service.client(), impatient(), &mut NoProgress)
            .await
            .unwrap();
        let lacks: BTreeSet<Step> = summary.unavailable.iter().map(|part| part.step).collect();
        assert_eq!(lacks, [Step::Groups, Step::Brands, Step::TicketForms].into());
        assert_eq!(summary.to_string().matches(" left out: ").count(), 3, "{summary}");
        assert!(
            summary.reconciliation.malformed > 0 || summary.is_complete(),
            "{summary}"
        );
    }
    let row = history.csat(&CsatQuery::default()).unwrap().remove(0);
    assert_eq!(
        (row.agent.as_deref(), row.group, row.brand),
        (Some("Uma"), None, None)
    );
    assert_eq!(
        (row.group_id, row.brand_id, row.organization_id),
        (Some(7), Some(8), Some(9))
    );
    assert!(history.gaps(None).unwrap().iter().all(|gap| gap.part.is_none()));
    // Refused, they are asked for again; an organization that is not shown is not.
    assert_eq!(service.asked("/groups").len(), 2);
    assert_eq!(service.asked("/organizations").len(), 1);
}

#[tokio::test]
async fn who_is_shown_no_more_keeps_the_last_name() {
    let service = Script::default()
        .on(RESPONSES, |count, _| {
            let sent = [response("01A", 1, &["scale"]), response("01B", 2, &["scale"])];
            (200, page(RESPONSES, json!(sent[..=count.min(1)]), None))
        })
        .on(TICKETS, |count, _| {
            let ticket = |id: i64, agent: i64| {
                json!({ "id": id, "status": "open", "assignee_id": agent, "group_id": null,
                "generated_timestamp": 1_772_532_000 })
            };
            let ticket = match count {
                0 => ticket(1, 6),
                _ => ticket(2, 66),
            };
            (200, tickets(json!([ticket]), "end", true))
        })
        .on("/api/v2/users/show_many", |count, _| match count {
            0 => (200, json!({ "users": [{ "id": 6, "name": "Uma" }] })),
            // With the new one the known one is asked for, and is gone.
            _ => (200, json!({ "users": [{ "id": 66, "name": "Ida" }] })),
        })
        .start();
    let mut history = zendesk_csat_history::History::open(":memory:").unwrap();
    for _ in 0..2 {
        history
            .sync(&service.client(), impatient(), &mut NoProgress)
            .await
            .unwrap();
    }
    let agents: Vec<_> = history
        .csat(&CsatQuery::default())
        .unwrap()
        .into_iter()
        .map(|row| row.agent.unwrap())
        .collect();
    assert_eq!(agents, ["Uma", "Ida"]);
    let asked = service.asked("/users/show_many");
    assert!(asked[1].contains("66") && asked[1].contains('6'), "{asked:?}");
    let mut text = Vec::new();
    history
        .export_to(
            &mut text,
            Format::Csv,
            &ExportOptions {
                table: Table::Agents,
                ..ExportOptions::default()
            },
        )
        .unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(
        text.contains("6,Uma,false") && text.contains("66,Ida,true"),
        "{text}"
    );
}

#[tokio::test]
async fn a_sync_in_full_keeps_the_names_it_has() {
    let mut account = Account::of(Emulator::builder().seed(5).tickets(200).start().unwrap());
    account.sync().await;
    let before = known(&account, Table::Brands);
    let connection = rusqlite::Connection::open(account.history.path()).unwrap();
    connection
        .execute(
            "INSERT INTO brands SELECT id, 5, 'Acme of old', 0, 0 FROM accounts",
            [],
        )
        .unwrap();
    let options = SyncOptions {
        full: true,
        ..impatient()
    };
    account
        .history
        .sync(&account.client, options, &mut NoProgress)
        .await
        .unwrap();
    account.assert_equals_truth();
    let mut after = known(&account, Table::Brands);
    assert_eq!(
        after.remove(&5),
        Some((Some("Acme of old".to_owned()), Some(false)))
    );
    assert_eq!(after, before);
}
