//! Which legacy ratings are copies of a survey's answer.
//!
//! Zendesk writes a rating on the ticket when a customer answers a survey. Such a copy has the customer of the answer, is
//! stamped within minutes of it or of its change, and agrees with its score, where neutral has become bad.

use rusqlite::{CachedStatement, Row, Transaction, params};

use super::scope::Scope;

/// How far the times of an answer and of its copy can lie apart, in milliseconds.
const MINUTES: i64 = 5 * 60_000;

/// Pairs of an answer and a rating of its ticket, ticket by ticket. What the ticket itself shows of the rating may be newer.
const OF_TICKETS: &str = "
    SELECT
        r.ticket_id AS ticket_id, r.id, r.requester_id, r.created_at, r.updated_at,
        CASE
            WHEN t.rating_id = r.id AND t.generated_at * 1000 >= coalesce(r.updated_at, r.created_at, 0)
                THEN coalesce(t.rating_score, r.score)
            ELSE r.score
        END,
        s.id, s.responder_id, s.first_rated_at, s.rated_at, s.score
    FROM {temp.touched_tickets AS touched CROSS JOIN} ratings AS r
    CROSS JOIN survey_responses AS s ON s.account_id = r.account_id AND s.ticket_id = r.ticket_id
    LEFT JOIN tickets AS t ON t.account_id = r.account_id AND t.id = r.ticket_id
    WHERE r.account_id = ?1{ AND r.ticket_id = touched.ticket}
        AND r.score NOT IN ('offered', 'unoffered') AND s.rated_at IS NOT NULL
    ORDER BY r.ticket_id";

/// Pairs of an answer about a conversation and a rating of its customer that is not the copy of another answer, customer by
/// customer.
const OF_CONVERSATIONS: &str = "
    SELECT
        r.requester_id, r.id, r.requester_id, r.created_at, r.updated_at,
        CASE
            WHEN t.rating_id = r.id AND t.generated_at * 1000 >= coalesce(r.updated_at, r.created_at, 0)
                THEN coalesce(t.rating_score, r.score)
            ELSE r.score
        END,
        s.id, s.responder_id, s.first_rated_at, s.rated_at, s.score
    FROM {temp.touched_tickets AS touched CROSS JOIN} ratings AS r
    CROSS JOIN survey_responses AS s
        ON s.account_id = r.account_id AND s.responder_id = r.requester_id AND s.ticket_id IS NULL
    LEFT JOIN tickets AS t ON t.account_id = r.account_id AND t.id = r.ticket_id
    WHERE r.account_id = ?1{ AND r.ticket_id = touched.ticket}
        AND r.score NOT IN ('offered', 'unoffered') AND s.rated_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM temp.copies WHERE copies.rating = r.id AND copies.copy_of IS NOT NULL)
    ORDER BY r.requester_id";

const ANY_OF_CONVERSATIONS: &str = "
    SELECT EXISTS (
        SELECT 1 FROM survey_responses WHERE account_id = ?1 AND ticket_id IS NULL AND rated_at IS NOT NULL
    )";

const MAKE: &str = "
    CREATE TEMP TABLE IF NOT EXISTS copies (
        rating INTEGER PRIMARY KEY,
        copy_of TEXT,
        uncertain INTEGER NOT NULL,
        of_conversation INTEGER NOT NULL
    ) STRICT";

const NOTE: &str = "
    INSERT INTO temp.copies (rating, copy_of, uncertain, of_conversation) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT DO UPDATE SET
        copy_of = coalesce(excluded.copy_of, copy_of),
        uncertain = excluded.uncertain,
        of_conversation = excluded.of_conversation";

/// The rest of what was said before is said no longer, but where an answer was taken back: what was its copy is none of
/// another.
const APPLY: [&str; 4] = [
    "UPDATE ratings SET copy_of = NULL, uncertain_copy = 0
     WHERE account_id = ?1 AND (copy_of IS NOT NULL OR uncertain_copy = 1)
        AND id NOT IN (SELECT rating FROM temp.copies)
        {AND ticket_id IN (SELECT ticket FROM temp.touched_tickets)}
        AND NOT EXISTS (
            SELECT 1 FROM survey_responses AS s
            WHERE s.account_id = ?1 AND s.id = ratings.copy_of AND s.rated_at IS NULL
        )",
    "UPDATE ratings SET copy_of = c.copy_of, uncertain_copy = c.uncertain
     FROM temp.copies AS c
     WHERE ratings.account_id = ?1 AND ratings.id = c.rating
        AND (ratings.copy_of IS NOT c.copy_of OR ratings.uncertain_copy <> c.uncertain)",
    "UPDATE survey_responses SET copy_id = NULL
     WHERE account_id = ?1 AND copy_id IS NOT NULL
        {AND responder_id IN (SELECT customer FROM temp.touched_customers)}
        AND NOT EXISTS (
            SELECT 1 FROM temp.copies AS c
            WHERE c.rating = survey_responses.copy_id AND c.of_conversation AND c.copy_of = survey_responses.id
        )",
    "UPDATE survey_responses SET copy_id = c.rating
     FROM temp.copies AS c
     WHERE c.of_conversation AND survey_responses.account_id = ?1 AND survey_responses.id = c.copy_of
        AND survey_responses.copy_id IS NOT c.rating",
];

pub(super) fn derive(transaction: &Transaction<'_>, account: i64, scope: Scope) -> rusqlite::Result<()> {
    transaction.execute_batch(MAKE)?;
    transaction.execute("DELETE FROM temp.copies", [])?;
    let mut note = transaction.prepare_cached(NOTE)?;
    match_groups(transaction, account, &scope.of(OF_TICKETS), &mut note, false)?;
    let any: bool = transaction
        .prepare_cached(ANY_OF_CONVERSATIONS)?
        .query_row([account], |row| row.get(0))?;
    if any {
        match_groups(transaction, account, &scope.of(OF_CONVERSATIONS), &mut note, true)?;
    }
    for apply in APPLY {
        transaction.prepare_cached(&scope.of(apply))?.execute([account])?;
    }
    Ok(())
}

/// Reads pairs whose answers and ratings are in no other group's, and notes which of them are copies.
fn match_groups(
    transaction: &Transaction<'_>,
    account: i64,
    pairs: &str,
    note: &mut CachedStatement<'_>,
    of_conversations: bool,
) -> rusqlite::Result<()> {
    let mut note_all = |group: &mut Vec<Pair>| -> rusqlite::Result<()> {
        for (rating, copy_of) in copies(group, of_conversations) {
            let uncertain = copy_of.is_none();
            note.execute(params![
                rating,
                copy_of,
                uncertain,
                of_conversations && !uncertain
            ])?;
        }
        group.clear();
        Ok(())
    };
    let mut select = transaction.prepare_cached(pairs)?;
    let mut rows = select.query([account])?;
    let (mut of, mut group) = (None, Vec::new());
    while let Some(row) = rows.next()? {
        let next: i64 = row.get(0)?;
        if of.replace(next) != Some(next) {
            note_all(&mut group)?;
        }
        group.push(Pair::try_from(row)?);
    }
    note_all(&mut group)
}

/// A rating and an answer that may be its original.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pair {
    rating: i64,
    survey: String,
    same_customer: bool,
    /// How far apart their times are, where that is minutes.
    apart: Option<i64>,
    same_score: bool,
}

impl TryFrom<&Row<'_>> for Pair {
    type Error = rusqlite::Error;

    fn try_from(row: &Row<'_>) -> rusqlite::Result<Self> {
        let customers: [Option<i64>; 2] = [row.get(2)?, row.get(7)?];
        let rated: [Option<i64>; 2] = [row.get(3)?, row.get(4)?];
        let answered: [Option<i64>; 2] = [row.get(8)?, row.get(9)?];
        let score = |column| -> rusqlite::Result<Option<bool>> {
            Ok(row.get_ref(column)?.as_str_or_null()?.and_then(is_good))
        };
        let scores = [score(5)?, score(10)?];
        let apart = rated.iter().flatten().flat_map(|rated| {
            answered
                .iter()
                .flatten()
                .map(|answered| rated.abs_diff(*answered))
        });
        Ok(Self {
            rating: row.get(1)?,
            survey: row.get(6)?,
            same_customer: customers[0].is_some() && customers[0] == customers[1],
            apart: apart
                .min()
                .and_then(|apart| i64::try_from(apart).ok())
                .filter(|apart| *apart <= MINUTES),
            same_score: scores[0].is_some() && scores[0] == scores[1],
        })
    }
}

/// Whether a copy of an answer with this score is good.
fn is_good(score: &str) -> Option<bool> {
    match score {
        "good" => Some(true),
        "neutral" | "bad" => Some(false),
        _ => None,
    }
}

/// The ratings of a group that are copies, with the answers that they copy, and those that may be copies.
///
/// The closest pair goes first: a rating copies one answer, and an answer has one copy.
fn copies(pairs: &mut [Pair], of_conversations: bool) -> Vec<(i64, Option<String>)> {
    pairs.sort_unstable_by(|one, other| {
        (one.apart, &one.survey, one.rating).cmp(&(other.apart, &other.survey, other.rating))
    });
    let mut copies: Vec<(i64, Option<String>)> = Vec::new();
    for pair in pairs.iter() {
        let whole = pair.same_customer && pair.apart.is_some() && pair.same_score;
        let taken = copies
            .iter()
            .any(|(rating, survey)| *rating == pair.rating || survey.as_ref() == Some(&pair.survey));
        if whole && !taken {
            copies.push((pair.rating, Some(pair.survey.clone())));
        }
    }
    for pair in pairs.iter() {
        let fits = [pair.same_customer, pair.apart.is_some(), pair.same_score];
        // That the customer is the same and agrees is no evidence by itself where nothing says what he rated.
        let half =
            fits.into_iter().filter(|fits| *fits).count() >= 2 && (!of_conversations || pair.apart.is_some());
        if half && copies.iter().all(|(rating, _)| *rating != pair.rating) {
            copies.push((pair.rating, None));
        }
    }
    copies
}
