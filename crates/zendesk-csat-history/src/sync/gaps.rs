//! What a history lacks, so that whoever reads its numbers knows.

use std::fmt;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};
use serde::Serialize;

use crate::csat::rfc3339;
use crate::error::HistoryError;
use crate::report::format;
use crate::rows::name::NameKind;
use crate::rows::{account, inaccessible, run};
use crate::store::History;

/// Why a history is not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GapKind {
    /// The last sync did not come to its end.
    Unfinished,
    /// The account or the credentials do not have a part of the API.
    Unavailable,
    /// Records could not be read.
    Malformed,
    /// Records that were asked for by their ids were not given.
    Forbidden,
    /// Records are stored with a time that lies beyond the answer that brought them.
    FutureTime,
    /// The service counts more ratings than it has listed.
    Missing,
    /// The texts of questions were not given: their answers have no scale, and their reasons no label.
    UnknownQuestions,
}

impl GapKind {
    /// The name as it is written in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unfinished => "unfinished",
            Self::Unavailable => "unavailable",
            Self::Malformed => "malformed",
            Self::Forbidden => "forbidden",
            Self::FutureTime => "future_time",
            Self::Missing => "missing",
            Self::UnknownQuestions => "unknown_questions",
        }
    }
}

impl fmt::Display for GapKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// Something that a history lacks of an account. `Display` says it in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Gap {
    /// The account.
    pub subdomain: String,
    /// Why.
    pub kind: GapKind,
    /// How many records, of the kinds that count them.
    pub records: Option<u64>,
    /// The part of the API, where a whole one is missing: `ratings`, `survey_responses`, `tickets`, …
    pub part: Option<String>,
    /// What the service said of it.
    pub error: Option<String>,
    /// Up to when the history is whole, where the last sync has not come to its end; none if no sync has.
    #[serde(serialize_with = "rfc3339")]
    pub whole_to: Option<DateTime<Utc>>,
}

impl fmt::Display for Gap {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.subdomain)?;
        let records = |one: &str, many: &str| match self.records.unwrap_or(0) {
            1 => format!("1 {one}"),
            count => format!("{} {many}", format::count(count)),
        };
        match self.kind {
            GapKind::Unfinished => match self.whole_to {
                Some(time) => write!(
                    formatter,
                    "the last sync has not come to its end; whole up to {}",
                    time.format("%F %R UTC")
                ),
                None => formatter.write_str("no sync has come to its end yet"),
            },
            GapKind::Unavailable => {
                let part = self.part.as_deref().unwrap_or("a part").replace('_', " ");
                write!(formatter, "{part} left out")?;
                self.error
                    .as_ref()
                    .map_or(Ok(()), |error| write!(formatter, ": {error}"))
            }
            GapKind::Malformed => {
                formatter.write_str(&records("record could not be read", "records could not be read"))
            }
            GapKind::Forbidden => formatter.write_str(&records(
                "record was not given by the service",
                "records were not given by the service",
            )),
            GapKind::FutureTime => formatter.write_str(&records(
                "record has a time in the future",
                "records have a time in the future",
            )),
            GapKind::UnknownQuestions => write!(
                formatter,
                "{}; is the locale one of the help center's? `sync --locale` sets it",
                records(
                    "question has no text, so that its answers have no scale or reason",
                    "questions have no texts, so that their answers have no scale or reason"
                )
            ),
            GapKind::Missing => write!(
                formatter,
                "the account counts {} than were listed; `sync --full` reads all anew",
                records("rating more", "ratings more")
            ),
        }
    }
}

impl History {
    /// What the history lacks, of one account or of all in the file; nothing where it is whole. Reports and the command say it
    /// before any number.
    ///
    /// ```
    /// # use zendesk_csat::{Client, Credentials};
    /// # use zendesk_csat_history::{History, NoProgress, SyncOptions};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let zendesk = zendesk_csat_emulator::Emulator::builder().tickets(50).start()?;
    /// # let account = zendesk.account();
    /// # let client = Client::builder(&account.subdomain)
    /// #     .base_url(zendesk.base_url())
    /// #     .credentials(Credentials::oauth_token(account.oauth_token.as_str()))
    /// #     .build()?;
    /// let mut history = History::open(":memory:")?;
    /// history.sync(&client, SyncOptions::default(), &mut NoProgress).await?;
    /// for gap in history.gaps(None)? {
    ///     eprintln!("not whole: {gap}");
    /// }
    /// # assert!(history.gaps(None)?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The file cannot be read, or does not have the account.
    pub fn gaps(&self, subdomain: Option<&str>) -> Result<Vec<Gap>, HistoryError> {
        let accounts = match subdomain {
            Some(subdomain) => vec![self.known_account(subdomain)?],
            None => self.subdomains()?,
        };
        self.read(|connection| {
            let mut gaps = Vec::new();
            for subdomain in accounts {
                of_account(connection, &subdomain, &mut gaps)?;
            }
            Ok(gaps)
        })
    }
}

fn of_account(connection: &Connection, subdomain: &str, gaps: &mut Vec<Gap>) -> rusqlite::Result<()> {
    let Some(account) = account::find(connection, subdomain)? else {
        return Ok(());
    };
    let gap = |kind, records| Gap {
        subdomain: subdomain.to_owned(),
        kind,
        records,
        part: None,
        error: None,
        whole_to: None,
    };
    let ended = run::last(connection, account.id)?;
    let unfinished = account.run > ended.map_or(0, |(number, _)| number);
    if unfinished {
        let as_of = ended.and_then(|(_, as_of)| as_of);
        gaps.push(Gap {
            whole_to: as_of.and_then(DateTime::from_timestamp_millis),
            ..gap(GapKind::Unfinished, None)
        });
    }
    let is_of_names = |step: &str| NameKind::ALL.iter().any(|kind| kind.table() == step);
    for part in inaccessible::parts(connection, account.id)? {
        if is_of_names(&part.step) {
            // Ids stand where they are missing, and no number lacks anything.
            continue;
        }
        gaps.push(Gap {
            part: Some(part.step),
            error: Some(part.error),
            ..gap(GapKind::Unavailable, None)
        });
    }
    let (malformed, future_times, forbidden, unknown_questions) = connection
        .prepare_cached(
            "SELECT
                (SELECT count(*) FROM malformed WHERE account_id = ?1 AND stored = 0),
                (SELECT count(*) FROM malformed WHERE account_id = ?1 AND stored = 1),
                (SELECT count(*) FROM inaccessible WHERE account_id = ?1 AND record <> '' AND kind <> 'questions'),
                (SELECT count(*) FROM questions WHERE account_id = ?1 AND (option_count IS NULL OR locale <> ?2))",
        )?
        .query_row(params![account.id, account.locale], |row| {
            let count = |column| row.get(column).map(i64::unsigned_abs);
            Ok((count(0)?, count(1)?, count(2)?, count(3)?))
        })?;
    for (kind, count) in [
        (GapKind::Malformed, malformed),
        (GapKind::Forbidden, forbidden),
        (GapKind::FutureTime, future_times),
        (GapKind::Missing, account.ratings_missing),
        // Texts come last.
        (
            GapKind::UnknownQuestions,
            if unfinished { 0 } else { unknown_questions },
        ),
    ] {
        if count > 0 {
            gaps.push(gap(kind, Some(count)));
        }
    }
    Ok(())
}
