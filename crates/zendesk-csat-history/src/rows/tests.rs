//! Whatever comes, in whatever order and however often, the tables are the same in the end.

use proptest::prelude::*;

use super::malformed::{self, Malformed, Name, PageKey};
use super::walk::{self, Walk};
use crate::fixtures::{
    Account, DAY, MARCH, Rating, SurveyResponse, Ticket, comment_answer, csat_answer, rating, reason_answer,
    response, store_ratings, store_responses, store_tickets, ticket,
};

/// A version of a record: what it holds follows from its id and version, as with the service.
#[derive(Debug, Clone, Copy)]
enum Record {
    Rating { id: i64, version: i64 },
    Response { id: i64, version: i64 },
    Ticket { id: i64, version: i64 },
}

fn record() -> impl Strategy<Value = Record> {
    prop_oneof![
        (1..6_i64, 0..4_i64).prop_map(|(id, version)| Record::Rating { id, version }),
        (1..6_i64, 0..4_i64).prop_map(|(id, version)| Record::Response { id, version }),
        (1..6_i64, 0..4_i64).prop_map(|(id, version)| Record::Ticket { id, version }),
    ]
}

fn rating_version(id: i64, version: i64) -> Rating {
    let created_at = MARCH + id * 12 * 3_600_000;
    Rating {
        ticket_id: Some(id % 3),
        score: Some(["offered", "good", "bad", "good"][version as usize].to_owned()),
        comment: (version > 1).then(|| format!("version {version}")),
        created_at: Some(created_at),
        updated_at: Some(created_at + version * 1_000),
        ..rating(id)
    }
}

fn response_version(id: i64, version: i64) -> SurveyResponse {
    let sent_at = MARCH + id * DAY + 1;
    let changed_at = sent_at + version;
    let category = ["", "good", "bad", "neutral"][version as usize];
    let mut answers = vec![csat_answer(version, category, changed_at)];
    if version == 2 {
        answers.push(comment_answer("slow", changed_at));
        answers.push(reason_answer(&["slow", "rude"], sent_at));
    }
    SurveyResponse {
        ticket_id: (id > 1).then_some(id % 3),
        sent_at,
        answers: if version == 0 { Vec::new() } else { answers },
        ..response(&format!("01{id}"))
    }
}

fn ticket_version(id: i64, version: i64) -> Ticket {
    Ticket {
        subject: Some(format!("version {version}")),
        ..ticket(id % 3, 1_000 * (id % 3) + version)
    }
}

fn store(account: &Account, page: Vec<Record>) {
    account.write(move |transaction, account| {
        for record in page {
            match record {
                Record::Rating { id, version } => {
                    store_ratings(transaction, account, &[rating_version(id, version)])?;
                }
                Record::Response { id, version } => {
                    store_responses(transaction, account, &[response_version(id, version)])?;
                }
                Record::Ticket { id, version } => {
                    store_tickets(transaction, account, &[ticket_version(id, version)])?;
                }
            }
        }
        Ok(())
    });
}

proptest! {
    #[test]
    fn pages_in_any_order_and_any_number_make_the_same_tables(
        (records, shuffled) in prop::collection::vec(record(), 0..40)
            .prop_flat_map(|records| (Just(records.clone()), Just(records).prop_shuffle())),
        again in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
        page_size in 1_usize..7,
    ) {
        let once = Account::new("acme");
        store(&once, records);
        let repeated = Account::new("acme");
        for page in shuffled.chunks(page_size) {
            store(&repeated, page.to_vec());
        }
        if !shuffled.is_empty() {
            for index in again {
                store(&repeated, vec![*index.get(&shuffled)]);
            }
        }
        prop_assert_eq!(once.dump(), repeated.dump());
    }
}

#[test]
fn an_edit_that_has_fewer_answers_leaves_none_of_the_old_ones() {
    let account = Account::new("acme");
    store(&account, vec![Record::Response { id: 2, version: 2 }]);
    store(&account, vec![Record::Response { id: 2, version: 3 }]);
    let answers = account
        .dump()
        .into_iter()
        .filter(|row| row.starts_with("answers"));
    assert_eq!(answers.count(), 1);
    assert_eq!(account.row().comment, None);
}

fn kept(account: &Account) -> Vec<String> {
    let kept = |connection: &rusqlite::Connection| {
        let mut statement = connection.prepare("SELECT record FROM malformed ORDER BY record")?;
        statement.query_map([], |row| row.get(0))?.collect()
    };
    account.history.read(kept).unwrap()
}

fn pages(account: &Account) -> Vec<(PageKey, u32)> {
    account
        .history
        .read(|connection| malformed::pages(connection, account.id, "ratings", 2))
        .unwrap()
}

fn spoiled(account: &Account, page: &PageKey, attempts: u32, raw: &[&str]) {
    let records: Vec<_> = (0..)
        .zip(raw)
        .map(|(index, raw)| Malformed {
            name: Name::of(raw, index),
            path: "created_at".to_owned(),
            message: "expected a time".to_owned(),
            raw: (*raw).to_owned(),
            stored: false,
        })
        .collect();
    let page = page.clone();
    account.write(move |transaction, id| {
        malformed::store(transaction, id, "ratings", &page, attempts, &records)
    });
}

fn page(cursor: &str) -> PageKey {
    PageKey {
        start_at: Some(5),
        cursor: Some(cursor.to_owned()),
    }
}

#[test]
fn a_malformed_record_is_kept_once_until_it_can_be_read() {
    let account = Account::new("acme");
    let raw = [r#"{"id":7,"created_at":[]}"#, r#"{"id":"01A"}"#, r#""nothing""#];
    for cursor in ["a", "a", "b"] {
        spoiled(&account, &page(cursor), 0, &raw);
    }
    assert_eq!(kept(&account), ["01A", "5/a/2", "5/b/2", "7"]);
    account.write(|transaction, id| {
        malformed::forget(transaction, id, "ratings", ["7".to_owned()].into_iter())?;
        malformed::forget(transaction, id, "tickets", ["01A".to_owned()].into_iter())
    });
    assert_eq!(kept(&account), ["01A", "5/a/2", "5/b/2"]);
    // What shows an id may have moved to another page; what shows none has been read.
    spoiled(&account, &page("b"), 1, &[]);
    assert_eq!(kept(&account), ["01A", "5/a/2"]);
    account.write(|transaction, id| {
        malformed::forget(transaction, id, "ratings", ["01A".to_owned()].into_iter())
    });
    assert_eq!(kept(&account), ["5/a/2"]);
}

#[test]
fn a_page_with_malformed_records_is_asked_for_again_so_many_times() {
    let account = Account::new("acme");
    let first = PageKey::default();
    spoiled(&account, &first, 0, &["17"]);
    spoiled(&account, &page("a"), 1, &[r#"{"id":7}"#]);
    assert_eq!(pages(&account), [(first.clone(), 0), (page("a"), 1)]);
    // Another walk met the same record on another page: that is no reason to begin to ask anew.
    spoiled(&account, &first, 0, &["17", r#"{"id":7}"#]);
    account.write(move |transaction, id| malformed::attempted(transaction, id, "ratings", &first));
    assert_eq!(pages(&account), []);
}

#[test]
fn a_walk_is_found_as_it_was_left() {
    let account = Account::new("acme");
    let load = |account: &Account| {
        account
            .history
            .read(|connection| walk::load(connection, account.id, "tickets"))
            .unwrap()
    };
    assert_eq!(load(&account), None);
    let state = Walk {
        since: Some(MARCH),
        start_at: Some(MARCH + 1),
        cursor: Some("next".to_owned()),
        finished: false,
        horizon: Some(MARCH + 2),
    };
    let stored = state.clone();
    account.write(move |transaction, id| walk::store(transaction, id, "tickets", &stored));
    assert_eq!(load(&account), Some(state));
}
