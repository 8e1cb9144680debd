//! Any answer to any operation: sound, broken off, garbled, in another encoding, or none at all.

use super::operations::{LISTS, Operation, RECORDS, Read, minting_client};
use crate::case::{Case, Checked, TOKEN, WORDS, check, check_error};
use crate::damage::{garbled, no_answer, packed};
use crate::service::{Answer, Sent};
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use zendesk_csat::{Client, Error, ErrorKind};

/// What must come of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Read,
    Refused,
    Either,
}

/// Answers that one client gets, one after another.
const ROUNDS: usize = 6;

pub(super) async fn run(case: &mut Case<'_>) -> Checked {
    let retries = case.pick(&[0, 0, 0, 2]);
    let mints = case.once_in(20);
    let mut client = None;
    for _ in 0..ROUNDS {
        let known = client.take().unwrap_or_else(|| {
            if mints {
                minting_client(case)
            } else {
                case.client(retries)
            }
        });
        // A limit that was told holds for the calls after it: they are another client's.
        client = round(case, &known, mints).await?.then_some(known);
    }
    Ok(())
}

/// One answer. True where it left the client as it was.
async fn round(case: &mut Case<'_>, client: &Client, mints: bool) -> Result<bool, String> {
    let operation = if case.once_in(3) {
        case.pick(&RECORDS)
    } else {
        case.pick(&LISTS)
    };
    let first = case.random.u64(1..1_000_000);
    let count = if operation.is_list() {
        case.random.u64(..6)
    } else {
        1
    };
    let numbers: Vec<_> = (first..first + count).collect();
    let (sound, ids) = operation.body(case, &numbers);
    let (answer, mut outcome) = answer(case, &sound);
    let content = content(&answer);
    let told = answer.clone();
    case.service.answer(move |_| answer.clone());
    if mints && outcome == Outcome::Read {
        // It is the answer to the call for a token too.
        outcome = Outcome::Either;
    }
    let read = operation.call(client).await;
    judge(operation, &ids, outcome, content.as_deref(), &read)
        .map_err(|failure| format!("{operation:?}: {failure}; of {}", shown(&told)))?;
    case.service.check_hosts()?;
    Ok(told.status < 300)
}

fn shown(answer: &Answer) -> String {
    let body = String::from_utf8_lossy(&answer.body);
    let start: String = body.chars().take(3_000).collect();
    format!("{} {:?} {:?} {start}", answer.status, answer.sent, answer.headers)
}

fn answer(case: &mut Case<'_>, sound: &[u8]) -> (Answer, Outcome) {
    let whole = Answer::json(sound);
    match case.random.u32(..16) {
        0 => (
            Answer {
                sent: case.pick(&[Sent::Whole, Sent::InChunks]),
                ..whole
            },
            Outcome::Read,
        ),
        1 => (zipped(packed(sound)), Outcome::Read),
        2 | 3 => {
            let length = sound.trim_ascii_end().len();
            (
                Answer::json(&sound[..case.random.usize(..length)]),
                Outcome::Refused,
            )
        }
        4 => (
            Answer {
                sent: case.pick(&[Sent::BrokenOff, Sent::ChunksBrokenOff]),
                ..whole
            },
            Outcome::Refused,
        ),
        5 => {
            let zip = packed(sound);
            (
                zipped(zip[..case.random.usize(1..zip.len())].to_vec()),
                Outcome::Refused,
            )
        }
        6 => (zipped(garbled(case, &packed(sound))), Outcome::Either),
        // Called packed and is not; packed and not called so; packed in another way.
        7 => match case.random.u32(..3) {
            0 => (zipped(sound.to_vec()), Outcome::Refused),
            1 => (Answer::json(packed(sound)), Outcome::Refused),
            _ => (
                Answer::json(sound).header(
                    "content-encoding",
                    case.pick(&["br", "deflate", "x", "gzip, gzip"]),
                ),
                Outcome::Either,
            ),
        },
        8 => {
            let body = no_answer(case, sound);
            let kind = case.pick(&[
                "text/html; charset=utf-8",
                "application/json",
                "application/octet-stream",
                "",
            ]);
            (Answer::json(body).header("content-type", kind), Outcome::Either)
        }
        9 => (failed(case, sound), Outcome::Refused),
        10 => (said_success(case), Outcome::Either),
        11 => (zipped(packed(&garbled(case, sound))), Outcome::Either),
        _ => (Answer::json(garbled(case, sound)), Outcome::Either),
    }
}

fn zipped(body: Vec<u8>) -> Answer {
    Answer::json(body).header("content-encoding", "gzip")
}

/// An error, of a gateway that repeats what it was sent.
fn failed(case: &mut Case<'_>, sound: &[u8]) -> Answer {
    let status = case.pick(&[
        300, 301, 302, 307, 400, 401, 403, 404, 409, 410, 418, 422, 429, 500, 502, 503, 599,
    ]);
    let echo = format!("{}Bearer {TOKEN} {}", case.text(3), case.text(3));
    let mut body = match case.random.u32(..8) {
        0 => json!({"error": echo, "description": echo}).to_string(),
        1 => json!({"error": {"title": echo, "message": echo}}).to_string(),
        2 => json!({"errors": [{"code": echo, "title": echo, "detail": echo}]}).to_string(),
        3 => json!({"errors": {"score": [echo]}, "message": echo}).to_string(),
        4 => {
            json!({"error": "RecordInvalid", "details": {echo.clone(): [{"description": echo}]}}).to_string()
        }
        5 => format!("<html>{echo}</html>"),
        6 => echo.clone(),
        _ => String::from_utf8_lossy(sound).replace(WORDS, "x"),
    }
    .into_bytes();
    if case.once_in(3) {
        body = garbled(case, &body);
    }
    let mut answer = Answer {
        status,
        ..Answer::json(body)
    };
    let foreign = &case.service.foreign_host;
    answer = answer.header(
        "location",
        format!("http://{foreign}/api/v2/x?access_token={TOKEN}"),
    );
    if case.once_in(3) {
        let after = case.pick(&[
            "0",
            "1",
            "-1",
            "99999999999999999999",
            "soon",
            "Wed, 21 Oct 2099 07:28:00 GMT",
            "1e9",
            "NaN",
        ]);
        answer = answer.header("retry-after", after);
    }
    if case.once_in(4) {
        answer = answer.header("x-request-id", format!("id {TOKEN}"));
    }
    answer
}

/// An error under a status of success.
fn said_success(case: &mut Case<'_>) -> Answer {
    let echo = format!("{}Bearer {TOKEN}", case.text(3));
    let body = match case.random.u32(..5) {
        0 => json!({"error": echo, "description": echo}),
        1 => json!({"errors": [{"code": echo, "title": echo}]}),
        2 => json!({"error": {"title": echo, "message": echo}}),
        3 => json!({echo.clone(): {echo: []}}),
        _ => json!({"message": echo}),
    };
    Answer {
        status: case.pick(&[200, 201, 204, 206]),
        ..Answer::json(body.to_string())
    }
}

/// The body as the other side has it when it is unpacked; none where that is in doubt.
fn content(answer: &Answer) -> Option<Vec<u8>> {
    let encoding = answer
        .headers
        .iter()
        .find(|(name, _)| *name == "content-encoding");
    (answer.sent == Sent::Whole && encoding.is_none()).then(|| answer.body.clone())
}

fn judge(
    operation: Operation,
    ids: &[String],
    outcome: Outcome,
    content: Option<&[u8]>,
    read: &Result<Read, Error>,
) -> Checked {
    match read {
        Ok(read) => {
            read.check()?;
            check(outcome != Outcome::Refused, || {
                format!("taken for whole: {read:?}")
            })?;
            if outcome == Outcome::Read {
                check(read.malformed.is_empty() && read.ids == ids, || {
                    format!("read {read:?} in place of {ids:?}")
                })?;
            }
            content.map_or(Ok(()), |content| judge_by_json(operation, content, read))
        }
        Err(error) => {
            check_error(error)?;
            check(outcome != Outcome::Read, || {
                format!("refused a sound answer: {error}")
            })?;
            check(error.kind() != ErrorKind::Configuration, || {
                format!("blames the caller: {error}")
            })
        }
    }
}

/// Another reader of JSON counts the records.
fn judge_by_json(operation: Operation, content: &[u8], read: &Read) -> Checked {
    let text = String::from_utf8_lossy(content);
    check(serde_json::from_str::<IgnoredAny>(&text).is_ok(), || {
        "read of what is no JSON".into()
    })?;
    let Ok(Value::Object(members)) = serde_json::from_slice(content) else {
        return Ok(());
    };
    if !operation.is_list() {
        return Ok(());
    }
    let listed = members.get(operation.holder()).and_then(Value::as_array);
    let listed = listed.map(Vec::len);
    check(listed == Some(read.ids.len() + read.malformed.len()), || {
        format!("{listed:?} records in the answer, and read {read:?}")
    })
}
