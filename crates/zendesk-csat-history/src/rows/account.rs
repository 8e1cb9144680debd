//! What a history knows of an account beside its records.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use zendesk_csat::DEFAULT_LOCALE;

/// How long a survey can be answered unless the account shows a longer time, in milliseconds.
pub(crate) const ANSWER_PERIOD: i64 = 28 * 86_400_000;

/// A longer time is not believed: a survey that says so has a time that cannot be.
pub(crate) const LONGEST_ANSWER_PERIOD: i64 = 366 * 86_400_000;

/// A row of `accounts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) id: i64,
    /// From when on there are rows, in milliseconds; `None` for all there is.
    pub(crate) since: Option<i64>,
    /// The sync that was begun last; 0 before the first.
    pub(crate) run: i64,
    /// How long a survey can be answered, in milliseconds.
    pub(crate) answer_period: i64,
    /// How many ratings the service counts beyond those that were listed.
    pub(crate) ratings_missing: u64,
    /// The locale in which questions and options are read.
    pub(crate) locale: String,
    /// The questions that the user says ask for reasons, by their ids or aliases.
    pub(crate) reason_questions: Vec<String>,
}

/// The account of this name.
pub(crate) fn find(connection: &Connection, subdomain: &str) -> rusqlite::Result<Option<Account>> {
    connection
        .prepare_cached(
            "SELECT id, since, run, answer_period, ratings_missing, locale, reason_questions
             FROM accounts WHERE subdomain = ?1",
        )?
        .query_row([subdomain], |row| {
            Ok(Account {
                id: row.get(0)?,
                since: row.get(1)?,
                run: row.get(2)?,
                answer_period: row.get(3)?,
                ratings_missing: row.get::<_, i64>(4)?.unsigned_abs(),
                locale: row.get(5)?,
                reason_questions: row
                    .get::<_, Option<String>>(6)?
                    .and_then(|list| serde_json::from_str(&list).ok())
                    .unwrap_or_default(),
            })
        })
        .optional()
}

/// The names of the accounts in alphabetical order.
pub(crate) fn names(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare_cached("SELECT subdomain FROM accounts ORDER BY subdomain")?
        .query_map([], |row| row.get(0))?
        .collect()
}

/// Texts in another locale are asked for anew; until they come, those that are here stay.
const ASK_IN_LOCALE: &str = "UPDATE questions SET attempts = 0 WHERE account_id = ?1 AND locale <> ?2";

/// Begins a sync: the account as it is from now on, made where there is none. Without a `locale` it keeps its own.
pub(crate) fn begin(
    transaction: &Transaction<'_>,
    subdomain: &str,
    locale: Option<&str>,
    since: impl FnOnce(Option<&Account>) -> Option<i64>,
) -> rusqlite::Result<Account> {
    let known = find(transaction, subdomain)?;
    let since = since(known.as_ref());
    transaction
        .prepare_cached(
            "INSERT INTO accounts (subdomain, locale, since, run) VALUES (?1, coalesce(?2, ?4), ?3, 1)
             ON CONFLICT (subdomain) DO UPDATE SET
                locale = coalesce(?2, locale),
                since = excluded.since,
                run = run + 1,
                derived_run = CASE WHEN since IS excluded.since THEN derived_run ELSE 0 END",
        )?
        .execute(params![subdomain, locale, since, DEFAULT_LOCALE])?;
    if let (Some(known), Some(locale)) = (known, locale)
        && known.locale != locale
    {
        transaction.execute(ASK_IN_LOCALE, params![known.id, locale])?;
    }
    find(transaction, subdomain)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
}

/// Keeps the longest time that surveys of the account were seen to stay open.
pub(crate) fn widen_answer_period(
    transaction: &Transaction<'_>,
    account: i64,
    period: i64,
) -> rusqlite::Result<()> {
    if period > ANSWER_PERIOD {
        transaction
            .prepare_cached("UPDATE accounts SET answer_period = max(answer_period, ?2) WHERE id = ?1")?
            .execute(params![account, period])?;
    }
    Ok(())
}

/// How long a survey of the account can be answered, in milliseconds.
pub(crate) fn answer_period(connection: &Connection, account: i64) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("SELECT answer_period FROM accounts WHERE id = ?1")?
        .query_row([account], |row| row.get(0))
}

/// Up to when changes of tickets have reached the stored ratings, in milliseconds.
pub(crate) fn ratings_current_to(connection: &Connection, account: i64) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT ratings_current_to FROM accounts WHERE id = ?1")?
        .query_row([account], |row| row.get(0))
}

pub(crate) fn set_ratings_current_to(
    transaction: &Transaction<'_>,
    account: i64,
    time: Option<i64>,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("UPDATE accounts SET ratings_current_to = ?2 WHERE id = ?1")?
        .execute(params![account, time])?;
    Ok(())
}

/// Keeps how many ratings the service counts beyond those that were listed.
pub(crate) fn set_ratings_missing(
    transaction: &Transaction<'_>,
    account: i64,
    missing: i64,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("UPDATE accounts SET ratings_missing = ?2 WHERE id = ?1")?
        .execute([account, missing])?;
    Ok(())
}

/// The service's time that the account's records are as of, in milliseconds: when the last sync that came to its end began,
/// or the latest that a record has told of it since.
pub(crate) fn as_of(connection: &Connection, account: i64) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached(
            "SELECT max(time) FROM (
                SELECT as_of AS time FROM runs WHERE account_id = ?1
                UNION ALL
                SELECT horizon FROM walks WHERE account_id = ?1
            )",
        )?
        .query_row([account], |row| row.get(0))
}
