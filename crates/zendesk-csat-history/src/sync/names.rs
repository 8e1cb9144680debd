//! What ids stand for: groups, brands and ticket forms by their lists; agents, organizations and customers by the ids that
//! rows name, a hundred a call.
//!
//! Showing agents never takes more calls than listing them: the list has every agent, the named ones among them, and lacks
//! those that are deleted.

use std::collections::HashSet;

use chrono::Utc;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt, stream};
use rusqlite::{Connection, Transaction};
use zendesk_csat::types::{Brand, Group, Organization, OrganizationId, TicketForm, User, UserId};
use zendesk_csat::{Client, Error, Page};

use super::again;
use super::listing::{Listing, Look, PageOf};
use super::run::Run;
use super::show_many::{cursor_of, ids_of};
use crate::error::HistoryError;
use crate::progress::Step;
use crate::rows::malformed::{self, PageKey};
use crate::rows::name::{self, Name, NameKind, NamesRead};
use crate::rows::reading::Reading;
use crate::rows::walk::Walk;

/// How many ids the service shows a call, and how many records a page of a list has.
const PAGE_SIZE: usize = 100;

/// How many calls are under way at a time.
const AT_ONCE: usize = 4;

/// For how long a name is believed, in milliseconds.
const FRESH_FOR: i64 = 86_400_000;

/// How many calls a sync spends on names that it knows, to see whether they still are what they were.
const REFRESHES: usize = 2;

/// What to ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Work {
    /// Lists to read.
    lists: Vec<NameKind>,
    /// Ids to show, by pages.
    pages: Vec<(NameKind, Vec<i64>)>,
    /// About how many calls that is.
    pub(super) calls: u64,
}

impl Work {
    /// What is new: of ids that rows name and no table has. Beside it, the names that were read longest ago, if that is more
    /// than a day; agents first, whose names change most.
    pub(super) fn of(
        connection: &Connection,
        account: i64,
        now: i64,
        requesters: bool,
    ) -> rusqlite::Result<Self> {
        let mut work = Self::default();
        let stale = now.saturating_sub(FRESH_FOR);
        for kind in kinds(requesters) {
            let read = name::read_to(connection, account, kind)?;
            let run = read.map_or(0, |read| read.run);
            let unnamed = name::unnamed(connection, account, kind, run)?;
            if kind.is_listed() {
                if read.is_none() || !unnamed.is_empty() {
                    work.list(connection, account, kind)?;
                }
                continue;
            }
            for ids in unnamed.chunks(PAGE_SIZE) {
                let mut ids = ids.to_vec();
                // One that is there tells that the others are not; and there is room.
                let known = name::oldest(connection, account, kind, i64::MAX, PAGE_SIZE - ids.len())?;
                ids.extend(known);
                work.calls += 1;
                work.pages.push((kind, ids));
            }
        }
        work.refresh(connection, account, stale, requesters)?;
        Ok(work)
    }

    fn list(&mut self, connection: &Connection, account: i64, kind: NameKind) -> rusqlite::Result<()> {
        self.lists.push(kind);
        let known = name::count(connection, account, kind)?;
        self.calls += known.div_ceil(PAGE_SIZE as u64).max(1);
        Ok(())
    }

    fn refresh(
        &mut self,
        connection: &Connection,
        account: i64,
        stale: i64,
        requesters: bool,
    ) -> rusqlite::Result<()> {
        let mut due = Vec::new();
        for kind in kinds(requesters) {
            let is_asked_for =
                self.lists.contains(&kind) || self.pages.iter().any(|(asked, _)| *asked == kind);
            let at = if kind.is_listed() {
                name::read_to(connection, account, kind)?.and_then(|read| read.at)
            } else {
                name::oldest_at(connection, account, kind)?
            };
            if let Some(at) = at.filter(|at| *at < stale && !is_asked_for) {
                due.push((kind != NameKind::Agents, at, kind));
            }
        }
        // Those that are as old as others go by their kind.
        due.sort_by_key(|(is_not_first, at, _)| (*is_not_first, *at));
        for (_, _, kind) in due.into_iter().take(REFRESHES) {
            if kind.is_listed() {
                self.list(connection, account, kind)?;
            } else {
                self.calls += 1;
                let ids = name::oldest(connection, account, kind, stale, PAGE_SIZE)?;
                self.pages.push((kind, ids));
            }
        }
        Ok(())
    }
}

fn kinds(requesters: bool) -> impl Iterator<Item = NameKind> {
    NameKind::ALL
        .into_iter()
        .filter(move |kind| requesters || *kind != NameKind::Requesters)
}

/// Reads the names that rows need and that are not known, or not any more.
pub(super) async fn read(run: &Run<'_>, requesters: bool) -> Result<(), HistoryError> {
    let before = run.client.call_counts();
    let now = run.service_time().unwrap_or_else(Utc::now).timestamp_millis();
    let work = run
        .history
        .read(|connection| Work::of(connection, run.account, now, requesters))?;
    let each = kinds(requesters).map(|kind| {
        let pages = work.pages.iter().filter(|(of, _)| *of == kind);
        let pages: Vec<Vec<i64>> = pages.map(|(_, ids)| ids.clone()).collect();
        let listed = work.lists.contains(&kind);
        async move {
            match kind {
                NameKind::Agents => shown::<Agents>(run, pages).await,
                NameKind::Organizations => shown::<Organizations>(run, pages).await,
                NameKind::Requesters => shown::<Requesters>(run, pages).await,
                NameKind::Groups => list::<Groups>(run, listed, now).await,
                NameKind::Brands => list::<Brands>(run, listed, now).await,
                NameKind::TicketForms => list::<TicketForms>(run, listed, now).await,
            }
        }
    });
    stream::iter(each)
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await?;
    // Nothing else runs meanwhile.
    run.names_took((run.client.call_counts() - before).support);
    Ok(())
}

/// Reads a list of names, if it is asked for.
async fn list<L: Names>(run: &Run<'_>, asked: bool, now: i64) -> Result<(), HistoryError> {
    if !asked {
        // What could not be read then may be read now.
        return run.available_name(again::read::<L>(run).await).map(drop);
    }
    // Only what comes now is in the list.
    let Some(()) = run.available_name(run.walk::<L>(Walk::default()).await)? else {
        return Ok(());
    };
    read_to::<L>(run, Some(now)).await
}

/// Shows names by their ids.
async fn shown<L: Names>(run: &Run<'_>, pages: Vec<Vec<i64>>) -> Result<(), HistoryError> {
    if pages.is_empty() {
        run.available_name(again::read::<L>(run).await)?;
        return read_to::<L>(run, None).await;
    }
    run.started(L::STEP);
    let all = stream::iter(pages)
        .map(|ids| show::<L>(run, ids))
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await;
    if run.available_name(all)?.is_none() {
        return Ok(());
    }
    run.available_name(again::read::<L>(run).await)?;
    run.finished(L::STEP);
    read_to::<L>(run, None).await
}

async fn read_to<L: Names>(run: &Run<'_>, at: Option<i64>) -> Result<(), HistoryError> {
    let read = NamesRead { run: run.number, at };
    run.write(move |transaction, account| name::set_read_to(transaction, account, L::KIND, read))
        .await
}

/// Shows one page.
async fn show<L: Names>(run: &Run<'_>, ids: Vec<i64>) -> Result<(), HistoryError> {
    let walk = Walk {
        cursor: Some(cursor_of(&ids)),
        ..Walk::default()
    };
    let Some(page) = L::pages(run, &run.patient, &walk).next().await else {
        return Ok(());
    };
    let page = page.map_err(|source| HistoryError::Api {
        step: L::STEP,
        source,
    })?;
    let reading = run.reading(&page.meta);
    let key = PageKey {
        start_at: None,
        cursor: walk.cursor,
    };
    let look = Look::new::<L>(key, &page, 0, &reading);
    let unreadable = page
        .malformed
        .iter()
        .map(|record| malformed::id_of(record.raw())?.parse().ok());
    let found = page.items.iter().map(|item| Some(L::name(item).id));
    // With a record that tells no id, nobody knows which one is missing.
    let found: Option<HashSet<i64>> = found.chain(unreadable).collect();
    let count = page.items.len();
    run.store::<L>(reading, page.items, vec![look], None).await?;
    run.advanced(L::STEP, count);
    let Some(found) = found else { return Ok(()) };
    // Whoever is shown nothing may not be allowed to see what there is.
    let store = if found.is_empty() {
        name::store_asked
    } else {
        name::store_absent
    };
    let absent: Vec<i64> = ids.into_iter().filter(|id| !found.contains(id)).collect();
    if absent.is_empty() {
        return Ok(());
    }
    run.write(move |transaction, account| store(transaction, account, L::KIND, reading.at, &absent))
        .await
}

/// A listing of names.
trait Names: Listing {
    const KIND: NameKind;

    fn name(item: &Self::Item) -> Name;
}

/// The ids of a page that is asked for by ids.
fn ids<T>(walk: &Walk, of: impl Fn(i64) -> T) -> Vec<T> {
    let ids = walk.cursor.as_deref().and_then(ids_of);
    ids.into_iter().flatten().map(of).collect()
}

macro_rules! names {
    ($($name:ident: $item:ty, |$client:ident, $walk:ident| $pages:expr, |$record:ident| ($text:expr, $active:expr);)+) => {
        $(
            struct $name;

            impl Names for $name {
                const KIND: NameKind = NameKind::$name;

                fn name($record: &$item) -> Name {
                    Name { id: $record.id.get(), name: $text, active: $active }
                }
            }

            impl Listing for $name {
                const STEP: Step = Step::$name;
                const TABLE: &'static str = NameKind::$name.table();
                const PAGES_AT_ONCE: usize = 1;
                type Item = $item;

                fn pages(_run: &Run<'_>, $client: &Client, $walk: &Walk) -> BoxStream<'static, Result<Page<$item>, Error>> {
                    $pages
                }

                fn id(row: &$item) -> String {
                    row.id.to_string()
                }

                fn store(
                    transaction: &Transaction<'_>,
                    account: i64,
                    reading: &Reading,
                    rows: &[$item],
                ) -> rusqlite::Result<()> {
                    name::store(transaction, account, Self::KIND, reading.at, rows.iter().map(Self::name))
                }

                /// Names say nothing of the time, and nothing is listed from a time on.
                fn witness(_walk: &mut Walk, _rows: &[$item], _page: PageOf, _reading: &Reading) {}
            }
        )+
    };
}

names! {
    Agents: User, |client, walk| client.users().show_many(ids(walk, UserId::new)).pages(),
        |user| (user.name.clone(), user.active.unwrap_or(true));
    Requesters: User, |client, walk| client.users().show_many(ids(walk, UserId::new)).pages(),
        |user| (user.name.clone(), user.active.unwrap_or(true));
    Organizations: Organization,
        |client, walk| client.organizations().show_many(ids(walk, OrganizationId::new)).pages(),
        |organization| (organization.name.clone(), true);
    Groups: Group, |client, walk| {
            let list = client.groups().list().exclude_deleted(false);
            match &walk.cursor {
                Some(cursor) => list.after(cursor).pages(),
                None => list.pages(),
            }
        },
        |group| (group.name.clone(), !group.deleted.unwrap_or(false));
    Brands: Brand, |client, walk| match &walk.cursor {
            Some(cursor) => client.brands().list().after(cursor).pages(),
            None => client.brands().list().pages(),
        },
        |brand| (brand.name.clone(), brand.active.unwrap_or(true) && !brand.is_deleted.unwrap_or(false));
    TicketForms: TicketForm, |client, walk| match &walk.cursor {
            Some(cursor) => client.ticket_forms().list().after(cursor).pages(),
            None => client.ticket_forms().list().pages(),
        },
        |form| (form.name.clone(), form.active.unwrap_or(true));
}
