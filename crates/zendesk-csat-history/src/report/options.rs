//! What to report.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::dimension::Dimension;
use crate::calendar::Calendar;
use crate::filter::Filter;
use crate::period::{Compare, Period};

/// What to report.
///
/// ```
/// use zendesk_csat_history::report::{Dimension, ReportOptions};
///
/// let options = ReportOptions { by: vec![Dimension::Month, Dimension::Agent], ..ReportOptions::default() };
/// assert_eq!(options.since, None);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ReportOptions {
    /// Only this account; every account in the file if none.
    pub subdomain: Option<String>,
    /// Of which time, in words of the calendar: this goes before `since` and `until`. The command's and Python's default
    /// is [`Period::LAST_FULL_MONTH`]; here it is everything.
    pub period: Option<Period>,
    /// What the period is compared with. Without a begin it is the last 28 days that are.
    pub compare: Compare,
    /// Only what is dated at or after this time.
    pub since: Option<DateTime<Utc>>,
    /// Only what is dated before this time.
    pub until: Option<DateTime<Utc>>,
    /// The groupings, in the order in which to show them.
    pub by: Vec<Dimension>,
    /// How many of the latest bad comments to show.
    pub bad_comments: usize,
    /// How many of the latest comments of each agent to show, good ones too, where ratings are grouped by agent. There are
    /// never more than 5,000 of all agents together: with very many agents, fewer of each.
    pub comments: usize,
    /// Until when the file knows the account: surveys that expire later can still be answered. If none, the time of the
    /// last sync by the service's clock.
    pub as_of: Option<DateTime<Utc>>,
    /// When days and weeks begin.
    pub calendar: Calendar,
    /// Which date ratings go by.
    pub date: DateBasis,
    /// What counts: of a ticket by its latest answer.
    pub filter: Filter,
    /// What counts once.
    pub count: CountBasis,
    /// Count as another tool does; this goes before `count`.
    pub like: Option<Like>,
}

impl ReportOptions {
    pub(crate) fn comments_of_each_agent(&self) -> usize {
        if self.by.contains(&Dimension::Agent) {
            self.comments
        } else {
            0
        }
    }

    /// What counts once, whatever the report is to be like.
    pub(crate) fn counted(&self) -> CountBasis {
        match self.like {
            Some(Like::Explore) => CountBasis::Tickets,
            None => self.count,
        }
    }
}

impl Default for ReportOptions {
    fn default() -> Self {
        Self {
            subdomain: None,
            period: None,
            compare: Compare::Previous,
            since: None,
            until: None,
            by: vec![
                Dimension::Week,
                Dimension::Agent,
                Dimension::Group,
                Dimension::Reason,
                Dimension::Source,
            ],
            bad_comments: 20,
            comments: 50,
            as_of: None,
            calendar: Calendar::default(),
            date: DateBasis::Sent,
            filter: Filter::default(),
            count: CountBasis::Tickets,
            like: None,
        }
    }
}

/// A choice among names, each as people write it.
macro_rules! choice {
    (
        $(#[$about:meta])* $type:ident is $what:literal:
        $($(#[doc = $meaning:literal])+ $variant:ident = $name:literal),+
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        pub enum $type {
            $($(#[doc = $meaning])+ #[serde(rename = $name)] $variant),+
        }

        impl $type {
            /// The name that [`FromStr`] reads.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $type {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($name => Ok(Self::$variant),)+
                    _ => Err(format!(concat!("no ", $what, " is called {:?}: known are {}"), text, [$($name),+].join(", "))),
                }
            }
        }
    };
}

choice! {
    /// Which date ratings go by.
    ///
    /// ```
    /// use zendesk_csat_history::report::DateBasis;
    ///
    /// assert_eq!("rated".parse(), Ok(DateBasis::Rated));
    /// ```
    DateBasis is "date":
    /// When the customer was asked: score and response rate speak of the same ratings.
    Sent = "sent",
    /// When the customer rated, or last changed the rating. Only answers have it, so there is no response rate.
    Rated = "rated"
}

choice! {
    /// What counts once.
    ///
    /// ```
    /// use zendesk_csat_history::report::CountBasis;
    ///
    /// assert_eq!("answers".parse(), Ok(CountBasis::Answers));
    /// ```
    CountBasis is "count":
    /// Each ticket, by its latest answer; what has no ticket, by itself.
    Tickets = "tickets",
    /// Each answer, and each time that a customer was asked.
    Answers = "answers"
}

choice! {
    /// The tool whose way of counting the report takes.
    ///
    /// ```
    /// use zendesk_csat_history::report::Like;
    ///
    /// assert_eq!("explore".parse(), Ok(Like::Explore));
    /// ```
    Like is "tool":
    /// Zendesk Explore: each ticket counts once, neutral counts as bad, deleted tickets are out.
    Explore = "explore"
}
