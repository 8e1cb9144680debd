//! What can become of a record and of a body, by what must become of its reading.

use crate::case::{Case, WORDS};
use crate::records::{Kind, written};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write;

/// Levels of arrays; the parser's own bound is at 128.
const DEPTHS: [usize; 4] = [130, 200, 5_000, 60_000];

fn nested(case: &mut Case<'_>) -> String {
    let depth = case.pick(&DEPTHS);
    ["[".repeat(depth), "]".repeat(depth)].concat()
}

/// A record as text, with one member more, before the others or after them.
fn with_member(case: &mut Case<'_>, record: &str, member: &str) -> String {
    if case.once_in(2) {
        format!("{{{member},{}", &record[1..])
    } else {
        format!("{},{member}}}", &record[..record.len() - 1])
    }
}

/// What nobody can read of a record, while JSON's brackets and quotes are right: its id or the whole of it, or any part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    Record,
    Part,
}

/// A record that cannot be read by whoever reads this of it.
pub(crate) fn unreadable(case: &mut Case<'_>, kind: Kind, number: u64, of: Of) -> Vec<u8> {
    let mut record = kind.record(number);
    let other = |case: &mut Case<'_>| {
        case.pick(&[json!([]), json!({}), json!(true), json!([1]), json!({"a": WORDS})])
    };
    let kinds = if of == Of::Record { 4 } else { 10 };
    match case.random.u32(..kinds) {
        0 => {
            return case
                .pick(&["null", "5", "-1.5e3", "\"planted-words-0815\"", "[]", "true"])
                .into();
        }
        1 => {
            record.as_object_mut().unwrap().remove("id");
        }
        2 => {
            record["id"] = if case.once_in(4) { Value::Null } else { other(case) };
        }
        3 if kind.has_text_id() => record["id"] = json!([]),
        3 => {
            let id = case.pick(&[
                "\"abc\"",
                "1e30",
                "4.5",
                "99999999999999999999",
                "\"\"",
                "-1e400",
                "\"1e3\"",
            ]);
            record.as_object_mut().unwrap().remove("id");
            let text = written(case, &record);
            return with_member(case, &text, &format!("\"id\":{id}")).into();
        }
        4 if !kind.integers().is_empty() => record[case.pick(kind.integers())] = other(case),
        5 => {
            record[case.pick(kind.times())] = if case.once_in(2) {
                "yesterday".into()
            } else {
                other(case)
            }
        }
        6 if !kind.lists().is_empty() => {
            record[case.pick(kind.lists())] = case.pick(&[json!("a b"), json!(7), json!({}), json!(false)]);
        }
        7 => {
            let deep = nested(case);
            let text = written(case, &record);
            return with_member(case, &text, &format!("\"new\":{deep}")).into();
        }
        8 => {
            let text = written(case, &record);
            let mut bytes = with_member(case, &text, "\"new\":\"caf@\"").into_bytes();
            let bad = case.pick(&[0xe9_u8, 0xff, 0xc0, 0x80, 0xed]);
            let at = bytes.iter().rposition(|byte| *byte == b'@').unwrap();
            bytes[at] = bad;
            return bytes;
        }
        _ => {
            // A word is neither a number nor a time.
            let properties = [kind.integers(), kind.times()].concat();
            record[case.pick(&properties)] = json!("abc");
        }
    }
    written(case, &record).into()
}

/// A record in another form than the documented one, that says the same all the same.
pub(crate) fn odd_but_readable(case: &mut Case<'_>, kind: Kind, number: u64) -> Vec<u8> {
    let mut record = kind.record(number);
    let text = match case.random.u32(..8) {
        0 if !kind.has_text_id() => {
            record["id"] = case.pick(&[
                json!(number.to_string()),
                json!(number as f64),
                json!(format!("{number}.0")),
            ]);
            None
        }
        1 if !kind.integers().is_empty() => {
            record[case.pick(kind.integers())] = case.pick(&[Value::Null, json!(""), json!("7"), json!(7.0)]);
            None
        }
        2 => {
            record[case.pick(kind.times())] = Value::Null;
            None
        }
        3 if !kind.lists().is_empty() => {
            record[case.pick(kind.lists())] = case.pick(&[Value::Null, json!([]), json!([null])]);
            None
        }
        4 => {
            let half = case.pick(&["\\ud83d", "\\udc4d", "\\ud83d\\ud83d", "\\udc4dx\\ud83d"]);
            Some(format!("\"new\":\"Bad {half}\""))
        }
        5 => Some(format!("\"new\":{}", ["[".repeat(60), "]".repeat(60)].concat())),
        6 => Some("\"new\":{\"error\":\"x\",\"id\":[],\"meta\":{\"has_more\":true},\"n\":1.7e308}".into()),
        _ => Some("\"new ] } \\\" {\":\"],[{\\\"id\\\":1}\"".into()),
    };
    let written = written(case, &record);
    match text {
        Some(member) => with_member(case, &written, &member),
        None => written,
    }
    .into()
}

/// A record of which nobody can say what becomes of it, with its brackets and quotes right.
pub(crate) fn doubtful(case: &mut Case<'_>, kind: Kind, number: u64) -> Vec<u8> {
    let mut record = kind.record(number);
    let member = match case.random.u32(..4) {
        0 => {
            let deep = nested(case);
            let name = case.pick(&["id", "created_at", "comment", "answers", "value", "via"]);
            format!("\"{name}\":{deep}")
        }
        1 => format!(
            "\"{}\":{}",
            case.pick(&["n", "id", "ticket_id", "version"]),
            case.number()
        ),
        2 => format!("\"id\":{}", kind.id(number + 1)),
        _ => {
            let members = record.as_object_mut().unwrap();
            let names: Vec<_> = members.keys().cloned().collect();
            let (name, from) = (case.pick(&names), case.pick(&names));
            members[&name] = members[&from].clone();
            format!("{}:{}", json!(case.text(4)), json!(case.text(4)))
        }
    };
    let text = written(case, &record);
    with_member(case, &text, &member).into()
}

/// Bytes with something wrong anywhere.
pub(crate) fn garbled(case: &mut Case<'_>, body: &[u8]) -> Vec<u8> {
    let mut body = body.to_vec();
    for _ in 0..case.random.usize(1..4) {
        let at = case.random.usize(..body.len().max(1));
        let until = (at + case.random.usize(..40)).min(body.len());
        match case.random.u32(..7) {
            0 | 1 if !body.is_empty() => body[at] ^= 1 << case.random.u32(..8),
            2 => drop(body.drain(at..until)),
            3 => {
                let part = body[at..until].to_vec();
                let to = case.random.usize(..=body.len());
                drop(body.splice(to..to, part));
            }
            4 => {
                let text = case.text(4);
                drop(body.splice(at..at, text.into_bytes()));
            }
            5 => {
                let number = case.number();
                drop(body.splice(at..until, number.into_bytes()));
            }
            _ => {
                let token = case.pick(&[
                    "null", "[", "]", "{", "}", "\"", ",", ":", "\\", "\\ud83d", "1e400", "true",
                ]);
                drop(body.splice(at..until, token.bytes()));
            }
        }
    }
    body
}

/// What comes in place of an answer, whatever was asked.
pub(crate) fn no_answer(case: &mut Case<'_>, body: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(body).into_owned();
    match case.random.u32(..10) {
        0 => Vec::new(),
        1 => b" \r\n\t".to_vec(),
        2 => format!("<!DOCTYPE html><html><body>Sign in, {WORDS}</body></html>").into(),
        3 => case
            .pick(&["null", "5", "\"text\"", "[]", "{}", "true", "[{}]", "NaN"])
            .into(),
        4 => "[".repeat(200_000).into(),
        5 => "{\"a\":".repeat(100_000).into(),
        6 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        7 => [b"\xef\xbb\xbf", body].concat(),
        8 => body.repeat(2),
        _ => (0..case.random.usize(1..400))
            .map(|_| case.random.u8(..))
            .collect(),
    }
}

pub(crate) fn packed(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}
