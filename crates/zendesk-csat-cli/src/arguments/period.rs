//! Of which time a report or an export is: one of several ways to say it.

use clap::Args;
use zendesk_csat_history::{Period, TimeText};

/// A stretch of the calendar, said in one way.
#[derive(Debug, Args)]
pub(crate) struct Stretch {
    /// The last whole days, such as 28d or 4w: up to the day before the last sync, of which not all is known yet
    #[arg(long, value_name = "DAYS", value_parser = Period::last, group = "stretch")]
    last: Option<Period>,
    /// A week: 2026-W20, last-week, or a day in it
    #[arg(long, value_name = "WEEK", value_parser = Period::week, group = "stretch")]
    week: Option<Period>,
    /// A month: 2026-05, last-month, or a day in it
    #[arg(long, value_name = "MONTH", value_parser = Period::month, group = "stretch")]
    month: Option<Period>,
    /// A quarter: 2026-Q2, last-quarter, or a month in it
    #[arg(long, value_name = "QUARTER", value_parser = Period::quarter, group = "stretch")]
    quarter: Option<Period>,
    /// A year: 2026, last-year, or a month in it
    #[arg(long, value_name = "YEAR", value_parser = Period::year, group = "stretch")]
    year: Option<Period>,
    /// Only what is dated then or later: 2026-05-01, 2026-05, 2026-W20, 2026-Q2, 2026, today, 7d, 4w, last-week, last-month,
    /// last-year, or a time with its zone. What is so many days ago counts from the last sync
    #[arg(long, value_name = "TIME", conflicts_with = "stretch")]
    since: Option<TimeText>,
    /// Only what is dated up to then: a day, a month or the like is part of it, a time with its zone is not
    #[arg(long, value_name = "TIME", conflicts_with = "stretch")]
    until: Option<TimeText>,
}

impl Stretch {
    /// The period, if it is said.
    pub(crate) fn period(&self) -> Option<Period> {
        let bounds = self.since.is_some() || self.until.is_some();
        self.last
            .or(self.week)
            .or(self.month)
            .or(self.quarter)
            .or(self.year)
            .or_else(|| bounds.then(|| Period::between(self.since, self.until)))
    }
}
