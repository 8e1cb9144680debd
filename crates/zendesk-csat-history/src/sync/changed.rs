//! What is new or has changed among legacy ratings that earlier runs have listed.
//!
//! A rating changes in place when it is answered, long after it was made, and the list can only be asked for what was
//! made lately. The tickets tell which ratings have changed: those are shown one by one, or listed again from
//! the oldest of them on, whichever takes fewer calls.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, TryStreamExt, stream};
use rusqlite::{Connection, params};
use zendesk_csat::types::SatisfactionRatingId;

use super::listing::Listing;
use super::ratings::{Listed, OVERLAP, PAGE_SIZE, Ratings};
use super::run::Run;
use super::tickets::Tickets;
use crate::error::HistoryError;
use crate::progress::Step;
use crate::rows::walk::Walk;
use crate::rows::{account, inaccessible, rating};

/// Longer than any run takes, in milliseconds: in a run that lists every rating, tickets that are older than this at its
/// end tell nothing new.
const LONGEST_RUN: i64 = 2 * 86_400_000;

/// Before any time there is.
const EVER: i64 = i64::MIN;

/// How many ratings to show at a time.
const AT_ONCE: usize = 4;

/// Ratings of tickets that changed after ?2 and no longer show what is stored. A rating that was updated after the
/// ticket's version says more than the ticket; a copy is not counted whatever it says.
///
/// A ticket shows its latest rating, without an id while it is not answered. An offered rating is as it was only where
/// its ticket still shows an offer and no later rating has taken its place.
const CHANGED: &str = "
    SELECT r.id, r.created_at
    FROM ratings AS r
    JOIN tickets AS t ON t.account_id = r.account_id AND t.id = r.ticket_id
    WHERE r.account_id = ?1
        AND r.copy_of IS NULL
        AND t.generated_at * 1000 > ?2
        AND coalesce(r.updated_at, r.created_at, 0) < (t.generated_at + 1) * 1000
        AND CASE
            WHEN t.rating_id = r.id
                THEN t.rating_score IS NOT r.score OR coalesce(t.rating_comment, '') <> coalesce(r.comment, '')
            WHEN r.score IS NOT 'offered' THEN false
            WHEN t.rating_id IS NULL AND t.rating_score = 'offered' THEN EXISTS (
                SELECT 1 FROM ratings AS later
                WHERE later.account_id = r.account_id
                    AND later.ticket_id = r.ticket_id
                    AND (later.created_at, later.id) > (r.created_at, r.id)
            )
            ELSE true
        END
    ORDER BY r.created_at, r.id";

/// Reads what is new, and what has changed.
///
/// `shown_to` is up to when changes of tickets are known by their ids, in milliseconds.
pub(super) async fn read(run: &Run<'_>, listed: Listed, shown_to: Option<i64>) -> Result<(), HistoryError> {
    if listed == Listed::Unavailable {
        return Ok(());
    }
    let exported_to = run.walked::<Tickets>()?.and_then(|tickets| tickets.horizon);
    let tickets_to = exported_to.max(shown_to);
    let walk = Walk::next(run.walked::<Ratings>()?, run.since, OVERLAP);
    let new_since = (listed == Listed::Earlier).then_some(walk.start_at.unwrap_or(EVER));
    let plan = run.history.read(|connection| {
        let after = match (account::ratings_current_to(connection, run.account)?, tickets_to) {
            (None, Some(tickets_to)) if listed == Listed::InThisRun => tickets_to.saturating_sub(LONGEST_RUN),
            (current_to, _) => current_to.unwrap_or(EVER),
        };
        let changed = changed(connection, run.account, after)?;
        plan(connection, run.account, &changed, new_since)
    })?;
    // The list goes first: whoever is refused it is refused every rating in it.
    if let Some(start_at) = plan.list_from {
        let start_at = (start_at > EVER).then_some(start_at);
        if run
            .available(run.walk::<Ratings>(Walk { start_at, ..walk }).await)?
            .is_none()
        {
            return Ok(());
        }
    }
    let noted = run.to_ask_for(Ratings::TABLE)?;
    let noted = noted.iter().filter_map(|id| id.parse().ok());
    let ids: BTreeSet<i64> = plan.show.into_iter().chain(noted).collect();
    if run.available_by_id(show(run, ids).await)?.is_none() {
        return Ok(());
    }
    run.write(move |transaction, account| {
        // What a ticket that is still to be read says of its rating may be older.
        transaction
            .prepare_cached(
                "UPDATE accounts SET ratings_current_to = ?2
                 WHERE id = ?1 AND NOT EXISTS (
                    SELECT 1 FROM malformed WHERE account_id = ?1 AND kind = 'tickets' AND stored = 0
                 )",
            )?
            .execute(params![account, tickets_to])
    })
    .await?;
    Ok(())
}

async fn show(run: &Run<'_>, ids: BTreeSet<i64>) -> Result<(), HistoryError> {
    if ids.is_empty() {
        return Ok(());
    }
    run.started(Step::Ratings);
    let shown = stream::iter(ids)
        .map(|id| async move {
            let show = || {
                let ratings = run.client.satisfaction_ratings();
                ratings.show(SatisfactionRatingId::new(id)).send()
            };
            run.shown(Step::Ratings, Ratings::TABLE, id.to_string(), show)
                .await
        })
        .buffer_unordered(AT_ONCE)
        .try_collect::<Vec<_>>()
        .await?;
    let ratings: Vec<_> = shown.into_iter().flatten().collect();
    let (reading, count) = (run.reading_now(), ratings.len());
    run.write(move |transaction, account| {
        for rating in &ratings {
            if let Some(property) = rating::doubtful(rating, &reading) {
                let error = format!("{property}: a time after the answer's own");
                inaccessible::note(
                    transaction,
                    account,
                    Ratings::TABLE,
                    &rating.id.to_string(),
                    &error,
                )?;
            }
        }
        rating::store(transaction, account, &reading, &ratings)
    })
    .await?;
    run.advanced(Step::Ratings, count);
    run.finished(Step::Ratings);
    Ok(())
}

/// A stored rating that its ticket contradicts; time in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Changed {
    id: i64,
    /// Without it no list can be asked for from there on.
    created_at: Option<i64>,
}

#[derive(Debug, PartialEq, Eq)]
struct Plan {
    show: Vec<i64>,
    /// In milliseconds; everything made then or later is listed.
    list_from: Option<i64>,
}

/// The fewest calls: the older of the changed ratings are shown, from one of them on all is listed.
///
/// `new_since` is from when on there may be ratings that were never listed.
fn plan(
    connection: &Connection,
    account: i64,
    changed: &[Changed],
    new_since: Option<i64>,
) -> rusqlite::Result<Plan> {
    let (dated, undated): (Vec<&Changed>, Vec<&Changed>) =
        changed.iter().partition(|changed| changed.created_at.is_some());
    let starts: BTreeSet<i64> = dated
        .iter()
        .filter_map(|changed| changed.created_at)
        .chain(new_since)
        .collect();
    let pages = pages_from(connection, account, &starts)?;
    let list_from = |shown: usize| {
        dated
            .get(shown)
            .and_then(|oldest_left| oldest_left.created_at)
            .into_iter()
            .chain(new_since)
            .min()
    };
    let calls = |shown: usize| {
        let listed = list_from(shown).and_then(|start| pages.get(&start));
        shown.saturating_add(listed.copied().unwrap_or(0))
    };
    let shown = (0..=dated.len()).min_by_key(|shown| calls(*shown)).unwrap_or(0);
    let list_from = list_from(shown);
    // What lies in the listed time need not be shown.
    let older = dated
        .into_iter()
        .take(shown)
        .filter(|changed| list_from.is_none_or(|start| changed.created_at < Some(start)));
    Ok(Plan {
        show: undated
            .into_iter()
            .chain(older)
            .map(|changed| changed.id)
            .collect(),
        list_from,
    })
}

/// How many pages the list has from each of the starts on, as far as is known.
fn pages_from(
    connection: &Connection,
    account: i64,
    starts: &BTreeSet<i64>,
) -> rusqlite::Result<BTreeMap<i64, usize>> {
    let mut count = connection.prepare_cached(
        "SELECT count(*) FROM ratings WHERE account_id = ?1 AND created_at >= ?2 AND created_at < ?3",
    )?;
    let mut pages = BTreeMap::new();
    let (mut known, mut end) = (0_usize, i64::MAX);
    for start in starts.iter().rev() {
        let more: i64 = count.query_row(params![account, start, end], |row| row.get(0))?;
        known = known.saturating_add(usize::try_from(more).unwrap_or(0));
        pages.insert(*start, known / PAGE_SIZE as usize + 1);
        end = *start;
    }
    Ok(pages)
}

fn changed(connection: &Connection, account: i64, after: i64) -> rusqlite::Result<Vec<Changed>> {
    connection
        .prepare_cached(CHANGED)?
        .query_map(params![account, after], |row| {
            Ok(Changed {
                id: row.get(0)?,
                created_at: row.get(1)?,
            })
        })?
        .collect()
}

#[cfg(test)]
mod tests;
