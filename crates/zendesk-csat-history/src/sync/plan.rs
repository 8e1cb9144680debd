//! What a sync will need, before it runs: from counts, from what is stored, and from a few pages here and there.

use std::fmt;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use zendesk_csat::{Bucket, CallCounts, Client, Limits};

use super::sample::{Account, Sample};
use super::survey_responses::REACH_BACK;
use super::{AttributeBy, SyncOptions, Via, attribution, ratings, survey_responses, tickets};
use crate::error::HistoryError;
use crate::progress::Step;
use crate::report::format;
use crate::rows::run;
use crate::rows::walk::{self, Walk};
use crate::store::History;

/// What a sync will need, as far as can be told before. Its `Display` is for people.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Plan {
    /// The account.
    pub subdomain: String,
    /// Whether no sync has reached that far back: then all numbers are estimates from samples.
    pub first: bool,
    /// The requests that the sync will send, by bucket.
    pub calls: CallCounts,
    /// How long they take at the limits: the longest of the buckets, which run at the same time. `None` where no limit is
    /// known.
    pub minutes: Option<f64>,
    /// Calls a minute that the service allows, as seen now or by the last sync.
    pub limits: Limits,
    /// What planning itself took.
    pub spent: CallCounts,
}

/// What is known of the account's part of the file.
#[derive(Debug, Default)]
struct Known {
    survey_responses: Option<Walk>,
    tickets: Option<Walk>,
    /// Survey responses that the next walk lists again.
    listed_again: u64,
    stored_responses: u64,
    later: Option<run::Later>,
    limits: Limits,
    /// Tickets whose audits were not read.
    unread: u64,
}

impl History {
    /// Tells what a sync with these options will need. Nothing is stored, and the account's data are sampled in about a dozen
    /// calls at most.
    ///
    /// ```
    /// # use zendesk_csat::{Client, Credentials};
    /// # use zendesk_csat_history::{History, SyncOptions};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().tickets(50).start()?;
    /// # let account = zendesk.account();
    /// # let client = Client::builder(&account.subdomain)
    /// #     .base_url(zendesk.base_url())
    /// #     .credentials(Credentials::oauth_token(account.oauth_token.as_str()))
    /// #     .build()?;
    /// let history = History::open(":memory:")?;
    /// let plan = history.plan(&client, &SyncOptions::default()).await?;
    /// assert!(plan.first && plan.calls.total() > 0);
    /// println!("{plan}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The service refuses or cannot be reached, or the file cannot be read.
    pub async fn plan(&self, client: &Client, options: &SyncOptions) -> Result<Plan, HistoryError> {
        let before = client.call_counts();
        let known = self.read(|connection| Known::of(connection, client.subdomain()))?;
        let since = options.since.map(|since| since.timestamp_millis());
        let reaches = |walk: &Option<Walk>| walk.as_ref().is_some_and(|walk| walk.reaches(since));
        let first = !reaches(&known.tickets)
            || !(reaches(&known.survey_responses) || options.via == Via::Audits)
            || known.tickets.as_ref().is_none_or(|walk| walk.cursor.is_none());
        let sample = Sample::of(client);
        let api = |step| move |source| HistoryError::Api { step, source };
        let calls = if first {
            let account = sample.account(since).await.map_err(api(Step::SurveyResponses))?;
            of_first(&known, &account, options)
        } else {
            let now = sample.now().await.map_err(api(Step::SurveyResponses))?;
            of_later(&known, now, options)
        };
        let limits = merged(known.limits, client.limits());
        Ok(Plan {
            subdomain: client.subdomain().to_owned(),
            first,
            calls,
            minutes: minutes(calls, limits),
            limits,
            spent: client.call_counts() - before,
        })
    }
}

impl Known {
    fn of(connection: &Connection, subdomain: &str) -> rusqlite::Result<Self> {
        let account: Option<i64> = connection
            .prepare_cached("SELECT id FROM accounts WHERE subdomain = ?1")?
            .query_row([subdomain], |row| row.get(0))
            .optional()?;
        let Some(account) = account else {
            return Ok(Self::default());
        };
        let survey_responses = walk::load(connection, account, "survey_responses")?;
        let next = Walk::next(survey_responses.clone(), None, REACH_BACK);
        let count = |from: Option<i64>| -> rusqlite::Result<u64> {
            connection
                .prepare_cached(
                    "SELECT count(*) FROM survey_responses WHERE account_id = ?1 AND (?2 IS NULL OR sent_at >= ?2)",
                )?
                .query_row(params![account, from], |row| row.get::<_, i64>(0))
                .map(i64::unsigned_abs)
        };
        Ok(Self {
            listed_again: count(next.start_at)?,
            stored_responses: count(None)?,
            survey_responses,
            tickets: walk::load(connection, account, "tickets")?,
            later: run::last_later(connection, account)?,
            limits: run::limits(connection, account)?,
            unread: attribution::unread(connection, account)?.len() as u64,
        })
    }
}

/// All there is, less what an unfinished sync has read.
fn of_first(known: &Known, account: &Account, options: &SyncOptions) -> CallCounts {
    let unfinished = known
        .survey_responses
        .as_ref()
        .is_some_and(|walk| !walk.finished && walk.cursor.is_some());
    let read = if unfinished { known.stored_responses } else { 0 };
    let responses = account.survey_responses.saturating_sub(read);
    let answered = (responses as f64 * account.answered) as u64;
    let (surveys, audits) = match options.via {
        Via::Listings => (
            pages(responses, survey_responses::PAGE_SIZE) + account.survey_versions,
            0,
        ),
        Via::Audits => (answered, responses),
    };
    let attributed = match options.attribution {
        AttributeBy::Audit => answered,
        AttributeBy::Ticket => 0,
    };
    CallCounts {
        // The reasons, and the list that ends with a page of its own.
        support: 1 + pages(account.ratings, ratings::PAGE_SIZE) + audits + attributed,
        help_center: surveys,
        incremental: pages(account.tickets, tickets::PAGE_SIZE),
        oauth: 0,
    }
}

/// What can still change, and what is new since, if the account goes on as it did.
fn of_later(known: &Known, now: Option<DateTime<Utc>>, options: &SyncOptions) -> CallCounts {
    let horizon = known.survey_responses.as_ref().and_then(|walk| walk.horizon);
    let now = now.map(|now| now.timestamp_millis());
    let elapsed = now
        .zip(horizon)
        .map_or(0, |(now, horizon)| (now - horizon).max(0)) as f64;
    let new = known.listed_again as f64 * elapsed / REACH_BACK as f64;
    let listed = known.listed_again + new as u64;
    let part = |later: &run::Later| elapsed / later.elapsed as f64;
    // The reasons and the newest ratings are listed always; the more time has passed, the more ratings have changed.
    let (support, tickets) = known.later.as_ref().map_or((2, 0), |later| {
        let changed = later.support.saturating_sub(2) as f64 * part(later);
        (
            2 + changed.round() as u64,
            (later.tickets as f64 * part(later)) as u64,
        )
    });
    let (surveys, audits) = match options.via {
        Via::Listings => (pages(listed, survey_responses::PAGE_SIZE), 0),
        Via::Audits => (new as u64, new as u64),
    };
    let attributed = match options.attribution {
        AttributeBy::Audit => known.unread,
        AttributeBy::Ticket => 0,
    };
    CallCounts {
        support: support + audits + attributed,
        help_center: surveys,
        incremental: pages(tickets, tickets::PAGE_SIZE),
        oauth: 0,
    }
}

/// A listing of nothing is a page, too.
fn pages(records: u64, size: u32) -> u64 {
    records.div_ceil(u64::from(size)).max(1)
}

fn merged(stored: Limits, seen: Limits) -> Limits {
    let mut limits = stored;
    limits.support = seen.support.or(stored.support);
    limits.help_center = seen.help_center.or(stored.help_center);
    limits.incremental = seen.incremental.or(stored.incremental);
    limits
}

/// The buckets are used at the same time; what the incremental exports take counts for the support bucket as well.
fn minutes(calls: CallCounts, limits: Limits) -> Option<f64> {
    let at = |calls: u64, bucket: Bucket| Some(calls as f64 / f64::from(limits[bucket]?.max(1)));
    [
        at(calls.support + calls.incremental, Bucket::Support),
        at(calls.help_center, Bucket::HelpCenter),
        at(calls.incremental, Bucket::Incremental),
    ]
    .into_iter()
    .flatten()
    .reduce(f64::max)
}

impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.first {
            "a first sync, as far as samples tell"
        } else {
            "a sync of what is new or can have changed"
        };
        writeln!(formatter, "{}, {kind}", self.subdomain)?;
        for (name, bucket) in [
            ("support", Bucket::Support),
            ("help center", Bucket::HelpCenter),
            ("incremental export", Bucket::Incremental),
        ] {
            write!(
                formatter,
                "  {name:<20}{:>8} calls",
                format::count(self.calls[bucket])
            )?;
            match self.limits[bucket] {
                Some(limit) => writeln!(formatter, " at {} a minute", format::count(u64::from(limit)))?,
                None => writeln!(formatter)?,
            }
        }
        match self.minutes {
            Some(minutes) => writeln!(
                formatter,
                "  {:<20}{minutes:>8.1} minutes at these limits",
                "time"
            ),
            None => writeln!(formatter, "  no limit is known yet"),
        }?;
        writeln!(
            formatter,
            "  planning took {} calls",
            format::count(self.spent.total())
        )
    }
}
