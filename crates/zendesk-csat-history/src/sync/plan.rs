//! What a sync will need, before it runs: from counts, from what is stored, and from a few pages here and there.

use std::fmt;

use rusqlite::{Connection, params};
use serde::Serialize;
use zendesk_csat::{Bucket, CallCounts, Client, Limits};

use super::sample::{Account, Sample};
use super::ticket_calls::{self, Calls, Latest, pages};
use super::tickets_via::{Because, TicketsChoice, TicketsVia};
use super::{
    AttributeBy, Since, SyncOptions, Via, attribution, fields, names, ratings, show_many, survey_responses,
    tickets,
};
use crate::error::HistoryError;
use crate::progress::Step;
use crate::report::format;
use crate::rows::walk::{self, Walk};
use crate::rows::{account, run, shown_ticket};
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
    /// How it will read tickets, and why so.
    pub tickets: TicketsChoice,
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
    account: Option<i64>,
    /// How far back a sync lists again what can have changed, in milliseconds.
    lookback: i64,
    /// From when on there are rows, in milliseconds.
    since: Option<i64>,
    survey_responses: Option<Walk>,
    tickets: Option<Walk>,
    /// When tickets were shown by their ids.
    shown: Option<Walk>,
    /// Survey responses that the next walk lists again.
    listed_again: u64,
    stored_responses: u64,
    later: Option<run::Later>,
    limits: Limits,
    /// Tickets whose audits were not read.
    unread: u64,
    /// Whether a custom field is named that was not yet: all tickets are read again.
    has_new_field: bool,
}

impl History {
    /// Tells what a sync with these options will need. Nothing is stored. A first sync is estimated from five calls at
    /// most, a later one from one and what the last took.
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
        let (_, is_new) = fields::of_account(self, client.subdomain(), &options.fields)?;
        let mut known = self.read(|connection| Known::of(connection, client.subdomain(), options.since))?;
        known.has_new_field = is_new;
        let since = known.since;
        let reaches = |walk: &Option<Walk>| walk.as_ref().is_some_and(|walk| walk.reaches(since));
        let exported =
            reaches(&known.tickets) && known.tickets.as_ref().is_some_and(|walk| walk.cursor.is_some());
        let shown = reaches(&known.shown) && options.via == Via::Listings;
        let first = !(exported || shown) || !(reaches(&known.survey_responses) || options.via == Via::Audits);
        let sample = Sample::of(client);
        let api = |step| move |source| HistoryError::Api { step, source };
        let names;
        let (mut calls, of_tickets) = if first {
            let account = sample.account(since).await.map_err(api(Step::SurveyResponses))?;
            names = of_names(&account, options);
            (of_first(&known, &account, options), account.ticket_calls())
        } else {
            let latest = sample.latest().await.map_err(api(Step::SurveyResponses))?;
            let of_tickets =
                self.read(|connection| known.ticket_calls(connection, since, latest, options))?;
            names = self.read(|connection| known.names(connection, latest, options))?;
            (of_later(&known, latest, options), of_tickets)
        };
        let tickets = options.choice(of_tickets);
        if tickets.is_show_many() {
            calls.support += of_tickets.show_many;
        } else {
            calls.incremental += of_tickets.export;
        }
        calls.support += names;
        let limits = merged(known.limits, client.limits());
        Ok(Plan {
            subdomain: client.subdomain().to_owned(),
            first,
            calls,
            tickets,
            minutes: minutes(calls, limits),
            limits,
            spent: client.call_counts() - before,
        })
    }
}

impl Known {
    fn of(connection: &Connection, subdomain: &str, since: Since) -> rusqlite::Result<Self> {
        let account = account::find(connection, subdomain)?;
        let since = since.for_account(account.as_ref());
        let Some(account) = account else {
            return Ok(Self {
                since,
                ..Self::default()
            });
        };
        let account = account.id;
        let lookback = survey_responses::lookback(connection, account)?;
        let survey_responses = walk::load(connection, account, "survey_responses")?;
        let next = Walk::next(survey_responses.clone(), None, lookback);
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
            account: Some(account),
            lookback,
            since,
            survey_responses,
            shown: show_many::shown(connection, account)?,
            tickets: walk::load(connection, account, "tickets")?,
            later: run::last_later(connection, account)?,
            limits: run::limits(connection, account)?,
            unread: attribution::unread(connection, account)?.len() as u64,
            has_new_field: false,
        })
    }

    /// The calls that names take: of those that are new, none can be told before.
    fn names(&self, connection: &Connection, latest: Latest, options: &SyncOptions) -> rusqlite::Result<u64> {
        let Some(account) = self.account else {
            return Ok(0);
        };
        let now = latest
            .moment
            .or(ticket_calls::latest_moment(connection, account)?);
        let work = names::Work::of(connection, account, now.unwrap_or(0), options.requesters)?;
        Ok(work.calls)
    }

    fn ticket_calls(
        &self,
        connection: &Connection,
        since: Option<i64>,
        latest: Latest,
        options: &SyncOptions,
    ) -> rusqlite::Result<Calls> {
        let Some(account) = self.account else {
            return Ok(Calls::default());
        };
        let asked = options.tickets == TicketsVia::Export;
        let from = if self.has_new_field {
            tickets::From::Anew
        } else {
            tickets::From::asked(asked)
        };
        let calls = ticket_calls::calls(connection, account, since, latest, from)?;
        if options.tickets != TicketsVia::ShowMany {
            return Ok(calls);
        }
        let tickets = shown_ticket::count(connection, account, i64::MAX)?;
        Ok(Calls {
            show_many: tickets.div_ceil(u64::from(show_many::PAGE_SIZE)),
            ..calls
        })
    }
}

impl Account {
    fn ticket_calls(&self) -> Calls {
        Calls {
            export: pages(self.tickets, tickets::PAGE_SIZE),
            show_many: self.rated_tickets.div_ceil(u64::from(show_many::PAGE_SIZE)),
        }
    }
}

impl SyncOptions {
    fn choice(&self, calls: Calls) -> TicketsChoice {
        match (self.via, self.tickets) {
            (Via::Audits, _) => TicketsChoice::without(TicketsVia::Export, Because::Audits),
            (Via::Listings, TicketsVia::Auto) => TicketsChoice::by_calls(calls),
            (Via::Listings, asked) => TicketsChoice::without(asked, Because::Asked),
        }
    }
}

/// Three lists, and a page of agents and of organizations; no sample tells how many there are. Of customers there are as many as
/// tickets at most.
fn of_names(account: &Account, options: &SyncOptions) -> u64 {
    let requesters = if options.requesters {
        account.rated_tickets.div_ceil(u64::from(show_many::PAGE_SIZE))
    } else {
        0
    };
    5 + requesters
}

/// All there is, less what an unfinished sync has read, but for tickets.
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
        // The reasons, the count, and the list that ends with a page of its own.
        support: 2 + pages(account.ratings, ratings::PAGE_SIZE) + audits + attributed,
        help_center: surveys,
        incremental: 0,
        oauth: 0,
    }
}

/// What can still change, and what is new since, if the account goes on as it did; but for tickets.
fn of_later(known: &Known, latest: Latest, options: &SyncOptions) -> CallCounts {
    let horizon = known.survey_responses.as_ref().and_then(|walk| walk.horizon);
    let elapsed = latest
        .moment
        .zip(horizon)
        .map_or(0, |(moment, horizon)| moment.saturating_sub(horizon).max(0)) as f64;
    let new = known.listed_again as f64 * elapsed / (known.lookback as f64).max(1.0);
    let listed = known.listed_again + new as u64;
    let part = |later: &run::Later| elapsed / later.elapsed as f64;
    // The reasons and the newest ratings are listed always, and ratings counted; the more time has passed, the more have changed.
    let support = known.later.as_ref().map_or(3, |later| {
        let changed = later.support.saturating_sub(3) as f64 * part(later);
        3 + changed.round() as u64
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
        incremental: 0,
        oauth: 0,
    }
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
        writeln!(formatter, "  tickets {}", self.tickets)?;
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
