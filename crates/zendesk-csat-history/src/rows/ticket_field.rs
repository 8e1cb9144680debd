//! The custom fields of tickets that the user has named.

use std::collections::BTreeMap;

use rusqlite::{Connection, Transaction, params};

/// The names that a field can have are texts of which none is more than a word: see [`is_name`].
const LONGEST_NAME: usize = 64;

/// Whether a field can have this name: letters, digits, `_`, `-` and spaces, and first a letter. So it is a word in SQL and JSON
/// that needs no care.
pub(crate) fn is_name(name: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | ' ');
    name.starts_with(char::is_alphabetic)
        && name.chars().all(is_part)
        && name.chars().count() <= LONGEST_NAME
        && name.trim() == name
}

/// The name without what people do not tell apart.
pub(crate) fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The names of the account's fields, by their ids.
pub(crate) fn named(connection: &Connection, account: i64) -> rusqlite::Result<BTreeMap<i64, String>> {
    connection
        .prepare_cached("SELECT id, name FROM ticket_fields WHERE account_id = ?1")?
        .query_map([account], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// The names in the file in alphabetical order, those of one account or of all.
pub(crate) fn names(connection: &Connection, subdomain: Option<&str>) -> rusqlite::Result<Vec<String>> {
    let names: Vec<String> = connection
        .prepare_cached(
            "SELECT DISTINCT name FROM ticket_fields
             WHERE account_id IN (SELECT id FROM accounts WHERE ?1 IS NULL OR subdomain = ?1) ORDER BY name",
        )?
        .query_map([subdomain], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    // Another program may have written to the file.
    Ok(names.into_iter().filter(|name| is_name(name)).collect())
}

/// The field's value in a row of the combined table as JSON, by the name as its accounts write it.
pub(crate) fn value_in_rows<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    let values: Vec<String> = names
        .into_iter()
        .map(|name| format!("custom_fields -> '$.\"{name}\"'"))
        .collect();
    match values.as_slice() {
        [] => "NULL".to_owned(),
        [one] => format!("({one})"),
        _ => format!("coalesce({})", values.join(", ")),
    }
}

/// What a value is, text by text: the elements of a list, without those that say nothing.
pub(crate) fn texts(json: &str) -> serde_json::Result<Vec<String>> {
    use serde_json::Value;
    let text = |value: Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text).filter(|text| !text.trim().is_empty()),
        other => Some(other.to_string()),
    };
    let mut texts: Vec<String> = match serde_json::from_str(json)? {
        Value::Array(values) => values.into_iter().filter_map(text).collect(),
        value => text(value).into_iter().collect(),
    };
    // A ticket has each once.
    texts.sort_unstable();
    texts.dedup();
    Ok(texts)
}

/// Names the account's fields. Where one is new, all tickets are to be read again: they were read without it.
pub(crate) fn set(
    transaction: &Transaction<'_>,
    account: i64,
    fields: &BTreeMap<i64, String>,
) -> rusqlite::Result<()> {
    let known = named(transaction, account)?;
    if known == *fields {
        return Ok(());
    }
    transaction.execute("DELETE FROM ticket_fields WHERE account_id = ?1", [account])?;
    let mut insert =
        transaction.prepare_cached("INSERT INTO ticket_fields (account_id, id, name) VALUES (?1, ?2, ?3)")?;
    for (id, name) in fields {
        insert.execute(params![account, id, name])?;
    }
    if fields.keys().any(|id| !known.contains_key(id)) {
        read_tickets_again(transaction, account)?;
    }
    Ok(())
}

/// The tickets that are here count as shown at a time that is not known: the next sync reads all of them. What was known of the
/// service's clock stays.
fn read_tickets_again(transaction: &Transaction<'_>, account: i64) -> rusqlite::Result<()> {
    for sql in [
        "INSERT INTO walks (account_id, kind, since, finished, horizon)
         SELECT account_id, 'service_clock', NULL, 1, max(horizon) FROM walks
         WHERE account_id = ?1 GROUP BY account_id HAVING max(horizon) IS NOT NULL
         ON CONFLICT (account_id, kind) DO UPDATE SET horizon = excluded.horizon",
        "INSERT INTO walks (account_id, kind, since, finished)
         SELECT account_id, 'shown_tickets', since, 1 FROM walks WHERE account_id = ?1 AND kind = 'tickets'
         ON CONFLICT (account_id, kind) DO UPDATE SET since = min(since, excluded.since)",
        "UPDATE walks SET cursor = NULL, start_at = NULL, horizon = NULL
         WHERE account_id = ?1 AND kind = 'shown_tickets'",
        "DELETE FROM walks WHERE account_id = ?1 AND kind = 'tickets'",
    ] {
        transaction.prepare_cached(sql)?.execute([account])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_word_or_some() {
        for name in ["plan", "Größe", "kind of bread", "plan_2", "a-b"] {
            assert!(is_name(name), "{name}");
        }
        let long = "n".repeat(LONGEST_NAME + 1);
        for name in [
            "", " plan", "2nd", "a\"b", "a'b", "a,b", "a=b", "a?", "a\nb", &long,
        ] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn a_value_is_read_text_by_text() {
        for (json, expected) in [
            (r#""gold""#, vec!["gold"]),
            ("12", vec!["12"]),
            ("12.5", vec!["12.5"]),
            ("true", vec!["true"]),
            (r#"["b","a","b",null]"#, vec!["a", "b"]),
            ("[]", vec![]),
            ("null", vec![]),
            (r#"" ""#, vec![]),
        ] {
            assert_eq!(texts(json).unwrap(), expected, "{json}");
        }
    }
}
