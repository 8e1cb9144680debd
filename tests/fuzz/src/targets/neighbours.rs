//! A page with one spoilt record gives all the others, and says which one it could not read.

use super::operations::{LISTS, Operation, Read, id_text};
use crate::case::{Case, Checked, check, check_error};
use crate::damage::{Of, doubtful, odd_but_readable, packed, unreadable};
use crate::records::{self, written};
use crate::service::{Answer, Sent};
use futures::StreamExt;
use zendesk_csat::{Client, ErrorKind};

/// What must become of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Kept,
    Named,
    Either,
}

/// Pages that one client reads, one after another.
const ROUNDS: usize = 6;

pub(super) async fn run(case: &mut Case<'_>) -> Checked {
    let client = case.client(0);
    for _ in 0..ROUNDS {
        round(case, &client).await?;
    }
    Ok(())
}

async fn round(case: &mut Case<'_>, client: &Client) -> Checked {
    let operation = case.pick(&LISTS);
    let kind = operation.kind();
    let first = case.random.u64(1..1_000_000);
    let numbers: Vec<_> = (first..first + case.random.u64(1..12)).collect();
    let spoilt = case.random.usize(..numbers.len());
    let (record, fate) = match case.random.u32(..5) {
        0 | 1 => {
            // What is not asked for, and what no column is for, is not read.
            let of = if operation.reads_all() {
                Of::Part
            } else {
                Of::Record
            };
            (unreadable(case, kind, numbers[spoilt], of), Fate::Named)
        }
        2 => (odd_but_readable(case, kind, numbers[spoilt]), Fate::Kept),
        _ => (doubtful(case, kind, numbers[spoilt]), Fate::Either),
    };
    let mut records: Vec<Vec<u8>> = numbers
        .iter()
        .map(|number| written(case, &kind.record(*number)).into())
        .collect();
    records[spoilt].clone_from(&record);
    let body = records::page(case, operation.holder(), &records, &operation.around());
    let answer = match case.random.u32(..4) {
        0 => Answer::json(packed(&body)).header("content-encoding", "gzip"),
        1 => Answer {
            sent: Sent::InChunks,
            ..Answer::json(body)
        },
        _ => Answer::json(body),
    };
    case.service.answer(move |_| answer.clone());

    let told = || {
        let record = String::from_utf8_lossy(&record);
        format!(
            "record {spoilt} of {operation:?}: {}",
            record.chars().take(600).collect::<String>()
        )
    };
    let read = operation.call(client).await;
    let read = read.map_err(|error| format!("the page is lost: {error}; {}", told()))?;
    let ids: Vec<_> = numbers.iter().map(|number| id_text(&kind.id(*number))).collect();
    judge(operation, &ids, spoilt, fate, &read).map_err(|failure| format!("{failure}; {}", told()))?;
    if operation == Operation::Ratings && fate == Fate::Named {
        in_its_place(client, spoilt, numbers.len()).await?;
    }
    Ok(())
}

fn judge(operation: Operation, ids: &[String], spoilt: usize, fate: Fate, read: &Read) -> Checked {
    read.check()?;
    let mut neighbours = ids.to_vec();
    let own = neighbours.remove(spoilt);
    let named = read.malformed.len() == 1;
    if named {
        let malformed = &read.malformed[0];
        let path = format!("$.{}[{spoilt}]", operation.holder());
        check(
            malformed.index() == spoilt && malformed.path().starts_with(&path),
            || format!("names {} at {}", malformed.path(), malformed.index()),
        )?;
        check(fate != Fate::Kept, || format!("lost for {malformed}"))?;
        return check(read.ids == neighbours, || {
            format!("{:?} in place of {neighbours:?}", read.ids)
        });
    }
    check(read.malformed.is_empty(), || {
        format!("names {:?}", read.malformed)
    })?;
    check(fate != Fate::Named, || "taken for a record".into())?;
    // A doubtful record may have another id.
    let mut read_ids = read.ids.clone();
    let is_there = spoilt < read_ids.len();
    let read_own = if is_there {
        read_ids.remove(spoilt)
    } else {
        String::new()
    };
    check(is_there && read_ids == neighbours, || {
        format!("{:?} in place of {ids:?}", read.ids)
    })?;
    check(fate == Fate::Either || read_own == own, || {
        format!("{read_own} in place of {own}")
    })
}

/// Read one by one, the spoilt record is an error in its place, and the stream goes on.
async fn in_its_place(client: &Client, spoilt: usize, count: usize) -> Checked {
    let items: Vec<_> = client.satisfaction_ratings().list().items().collect().await;
    check(items.len() == count, || {
        format!("{} items of {count} records", items.len())
    })?;
    for (at, item) in items.iter().enumerate() {
        match item {
            Ok(_) => check(at != spoilt, || "the spoilt record is no error".into())?,
            Err(error) => {
                check_error(error)?;
                let path = format!("$.satisfaction_ratings[{spoilt}]");
                let named = error.kind() == ErrorKind::Decode
                    && !error.is_broken_answer()
                    && error.json_path().is_some_and(|found| found.starts_with(&path));
                check(at == spoilt && named, || format!("item {at} is {error}"))?;
            }
        }
    }
    Ok(())
}
