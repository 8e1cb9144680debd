//! Custom fields that are named, against the tickets as the account itself sends them.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};
use zendesk_csat_emulator::Emulator;
use zendesk_csat_history::export::{ExportOptions, Format, Table};
use zendesk_csat_history::report::{Dimension, ReportOptions};
use zendesk_csat_history::{
    CsatQuery, CsatRow, Filter, HistoryError, NoProgress, Progress, SyncOptions, SyncSummary, TicketField,
    TicketFieldError, TicketsVia,
};

use crate::account::{Account, impatient};

/// The account's tickets as it sends them, by their ids.
fn raw_tickets(zendesk: &Emulator) -> BTreeMap<i64, Value> {
    let address = zendesk.base_url().trim_start_matches("http://");
    let token = &zendesk.account().oauth_token;
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!(
        "GET /api/v2/incremental/tickets/cursor?start_time=0&support_type_scope=all HTTP/1.1\r\nHost: {address}\r\n\
         Authorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let page: Value = serde_json::from_str(body).unwrap();
    assert_eq!(page["end_of_stream"], true);
    let tickets = page["tickets"].as_array().unwrap();
    let mut by_id = BTreeMap::new();
    for ticket in tickets {
        by_id.insert(ticket["id"].as_i64().unwrap(), ticket.clone());
    }
    by_id
}

/// The ids of fields that hold a truth value, a number, a word, a list.
fn ids(zendesk: &Emulator) -> [i64; 4] {
    let tickets = raw_tickets(zendesk);
    let of = |is: fn(&Value) -> bool| {
        let mut fields = tickets
            .values()
            .flat_map(|ticket| ticket["custom_fields"].as_array().unwrap());
        let field = fields.find(|field| is(&field["value"])).unwrap();
        field["id"].as_i64().unwrap()
    };
    [
        of(Value::is_boolean),
        of(Value::is_number),
        of(Value::is_string),
        of(Value::is_array),
    ]
}

fn fields(named: &[(i64, &str)]) -> Vec<TicketField> {
    named
        .iter()
        .map(|(id, name)| TicketField::new(*id, name).unwrap())
        .collect()
}

fn naming(named: &[(i64, &str)], tickets: TicketsVia) -> SyncOptions {
    SyncOptions {
        fields: fields(named),
        tickets,
        ..impatient()
    }
}

fn rows(account: &Account) -> Vec<CsatRow> {
    account.history.csat(&CsatQuery::default()).unwrap()
}

/// What the account itself says of these fields of a ticket, but for those without a value.
fn truth(ticket: Option<&Value>, named: &[(i64, &str)]) -> Value {
    let mut object = json!({});
    for (id, name) in named {
        let fields = ticket.and_then(|ticket| ticket["custom_fields"].as_array());
        let mut fields = fields.into_iter().flatten();
        let field = fields.find(|field| field["id"] == *id);
        if let Some(value) = field
            .map(|field| &field["value"])
            .filter(|value| !value.is_null())
        {
            object[name] = value.clone();
        }
    }
    object
}

/// Every row has the account's own values. How many have some.
fn assert_true(account: &Account, named: &[(i64, &str)]) -> usize {
    let tickets = raw_tickets(&account.zendesk);
    let mut with_values = 0;
    for row in rows(account) {
        let ticket = row.ticket_id.and_then(|id| tickets.get(&id));
        let is_known = row.ticket_subject.is_some();
        let expected = truth(ticket.filter(|_| is_known), named);
        assert_eq!(
            serde_json::to_value(&row.custom_fields).unwrap(),
            expected,
            "{}",
            row.id
        );
        with_values += usize::from(!row.custom_fields.is_empty());
    }
    with_values
}

/// Hears that tickets are read once more.
#[derive(Default)]
struct Again(Option<u64>);

impl Progress for Again {
    fn reads_tickets_again(&mut self, calls: u64) {
        self.0 = Some(calls);
    }
}

async fn sync(account: &mut Account, options: SyncOptions) -> (SyncSummary, Option<u64>) {
    let mut again = Again::default();
    let summary = account
        .history
        .sync(&account.client, options, &mut again)
        .await
        .unwrap();
    (summary, again.0)
}

async fn refused(account: &mut Account, named: &[(i64, &str)]) -> HistoryError {
    let options = naming(named, TicketsVia::Auto);
    let plan = account.history.plan(&account.client, &options).await.unwrap_err();
    let error = account
        .history
        .sync(&account.client, options, &mut NoProgress)
        .await
        .unwrap_err();
    assert_eq!(plan.to_string(), error.to_string());
    error
}

#[tokio::test]
async fn fields_that_are_named_first_have_the_tickets_own_values_either_way() {
    for way in [TicketsVia::Export, TicketsVia::ShowMany] {
        let mut account = Account::new(7, 300);
        let [flag, number, word, list] = ids(&account.zendesk);
        let named = [
            (flag, "flag"),
            (number, "amount"),
            (word, "Region"),
            (list, "plan"),
        ];
        let (_, again) = sync(&mut account, naming(&named, way)).await;
        assert_eq!(again, None);
        assert!(assert_true(&account, &named) > 50, "{way}");
        // The next sync remembers them.
        let (_, again) = sync(&mut account, naming(&[], way)).await;
        assert_eq!(again, None);
        assert!(assert_true(&account, &named) > 50, "{way}");
    }
}

#[tokio::test]
async fn where_no_field_is_named_there_is_none() {
    let mut account = Account::new(7, 300);
    account.sync().await;
    assert!(rows(&account).iter().all(|row| row.custom_fields.is_empty()));
}

#[tokio::test]
async fn a_field_that_is_named_later_has_all_tickets_read_again_once_as_planned() {
    for way in [TicketsVia::Export, TicketsVia::ShowMany, TicketsVia::Auto] {
        let mut account = Account::new(8, 300);
        let [flag, _, word, _] = ids(&account.zendesk);
        sync(&mut account, naming(&[(word, "region")], way)).await;
        let only_region = assert_true(&account, &[(word, "region")]);
        let named = [(word, "region"), (flag, "flag")];
        let options = naming(&[(flag, "flag")], way);
        let unchanged = naming(&[], way);
        let without = account.history.plan(&account.client, &unchanged).await.unwrap();
        let plan = account.history.plan(&account.client, &options).await.unwrap();
        assert!(
            !plan.first && plan.calls.total() >= without.calls.total(),
            "{plan}{without}"
        );
        // To plan it is not to name it.
        assert!(assert_true(&account, &[(word, "region")]) == only_region);
        let (summary, again) = sync(&mut account, options.clone()).await;
        assert!(again.is_some_and(|calls| calls > 0), "{way}");
        assert!(
            plan.calls.total().abs_diff(summary.calls.total()) <= 3,
            "{plan}{summary}"
        );
        assert!(assert_true(&account, &named) > only_region, "{way}");
        let (_, again) = sync(&mut account, options).await;
        assert_eq!(again, None, "{way}");
    }
}

#[tokio::test]
async fn another_name_needs_no_reading_and_names_may_change_places() {
    let mut account = Account::new(9, 200);
    let [flag, _, word, _] = ids(&account.zendesk);
    sync(
        &mut account,
        naming(&[(word, "region"), (flag, "flag")], TicketsVia::Auto),
    )
    .await;
    let (_, again) = sync(&mut account, naming(&[(word, "area")], TicketsVia::Auto)).await;
    assert_eq!(again, None);
    assert!(assert_true(&account, &[(word, "area"), (flag, "flag")]) > 50);
    let swapped = [(word, "flag"), (flag, "area")];
    let (_, again) = sync(&mut account, naming(&swapped, TicketsVia::Auto)).await;
    assert_eq!(again, None);
    assert!(assert_true(&account, &swapped) > 50);
}

#[tokio::test]
async fn a_name_is_one_fields_and_a_field_has_one_name() {
    let mut account = Account::new(9, 50);
    let [flag, _, word, _] = ids(&account.zendesk);
    sync(&mut account, naming(&[(word, "region")], TicketsVia::Auto)).await;
    for named in [vec![(flag, "Region")], vec![(flag, "a"), (flag, "b")]] {
        let error = refused(&mut account, &named).await;
        assert!(
            matches!(error, HistoryError::TicketField(TicketFieldError::Twice { .. })),
            "{error}"
        );
    }
    assert!(assert_true(&account, &[(word, "region")]) > 10);
}

#[tokio::test]
async fn a_sync_in_full_keeps_the_names_and_takes_new_ones() {
    let mut account = Account::new(10, 200);
    let [flag, _, word, _] = ids(&account.zendesk);
    sync(&mut account, naming(&[(word, "region")], TicketsVia::Auto)).await;
    let full = SyncOptions {
        full: true,
        ..naming(&[(flag, "flag")], TicketsVia::Auto)
    };
    sync(&mut account, full).await;
    assert!(assert_true(&account, &[(word, "region"), (flag, "flag")]) > 50);
    let (_, again) = sync(&mut account, naming(&[], TicketsVia::Auto)).await;
    assert_eq!(again, None);
}

#[tokio::test]
async fn every_format_and_the_table_of_tickets_have_them() {
    let mut account = Account::new(7, 200);
    let [flag, _, word, list] = ids(&account.zendesk);
    let named = [(flag, "flag"), (word, "region"), (list, "plan")];
    sync(&mut account, naming(&named, TicketsVia::Export)).await;
    let exported = |table, format| {
        let mut text = Vec::new();
        let options = ExportOptions {
            table,
            ..ExportOptions::default()
        };
        account.history.export_to(&mut text, format, &options).unwrap();
        String::from_utf8(text).unwrap()
    };
    let tickets = raw_tickets(&account.zendesk);
    let mut with_values = 0;
    for line in exported(Table::Tickets, Format::JsonLines).lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let expected = truth(tickets.get(&row["id"].as_i64().unwrap()), &named);
        assert_eq!(row["custom_fields"], expected);
        with_values += usize::from(expected != json!({}));
    }
    assert!(with_values > 100);
    // A row is the same in JSON lines, where its object is one, and in CSV, where it is a text.
    let lines: Vec<Value> = exported(Table::Csat, Format::JsonLines)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let rows = rows(&account);
    assert_eq!(lines.len(), rows.len());
    let csv = exported(Table::Csat, Format::Csv);
    assert!(csv.lines().next().unwrap().ends_with(",ticket_url,custom_fields"));
    for (line, row) in lines.iter().zip(&rows) {
        assert_eq!(
            line["custom_fields"],
            serde_json::to_value(&row.custom_fields).unwrap()
        );
        let text = line["custom_fields"].to_string();
        assert!(
            csv.contains(&format!("\"{}\"", text.replace('"', "\"\""))) || text == "{}",
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_report_by_a_field_and_a_filter_count_the_tickets_own_values() {
    let mut account = Account::new(7, 400);
    let [flag, _, word, list] = ids(&account.zendesk);
    let named = [(flag, "flag"), (word, "region"), (list, "plan")];
    sync(&mut account, naming(&named, TicketsVia::Export)).await;
    let tickets = raw_tickets(&account.zendesk);
    for (id, name) in named {
        // Answered tickets by the value that the account itself sends.
        let mut expected: BTreeMap<Option<String>, u64> = BTreeMap::new();
        for row in rows(&account)
            .iter()
            .filter(|row| row.is_latest && row.score.is_some())
        {
            let value = truth(
                row.ticket_id.and_then(|ticket| tickets.get(&ticket)),
                &[(id, name)],
            );
            let values = match &value[name] {
                Value::Null => vec![None],
                Value::String(text) => vec![Some(text.clone())],
                Value::Array(values) => values
                    .iter()
                    .map(|text| text.as_str().map(str::to_owned))
                    .collect(),
                other => vec![Some(other.to_string())],
            };
            for value in values {
                *expected.entry(value).or_default() += 1;
            }
        }
        assert!(expected.len() > 2, "{expected:?}");
        let by = Dimension::Field(name.into());
        let options = ReportOptions {
            by: vec![by.clone(), Dimension::Agent],
            ..ReportOptions::default()
        };
        let report = account.history.report(&options).unwrap();
        let found: BTreeMap<Option<String>, u64> = report
            .breakdown(&by)
            .unwrap()
            .buckets
            .iter()
            .filter(|bucket| bucket.score.answered > 0)
            .map(|bucket| (bucket.key.clone(), bucket.score.answered))
            .collect();
        assert_eq!(found, expected, "{name}");
        for (value, answered) in &expected {
            let Some(value) = value else { continue };
            let filter = Filter {
                field: vec![(name.to_uppercase(), value.to_uppercase())],
                ..Filter::default()
            };
            let options = ReportOptions {
                filter,
                ..ReportOptions::default()
            };
            let report = account.history.report(&options).unwrap();
            assert_eq!(report.total.answered, *answered, "{name}={value}");
        }
    }
}
