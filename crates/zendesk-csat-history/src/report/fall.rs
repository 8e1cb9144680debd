//! Whether the score fell, for those who want to be told.

use super::format;
use super::model::Report;
use crate::filter::FilterBy;

/// Whether the score fell by so many points. Its text says why.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Fall {
    /// It fell by so many points or more, and by the report's test that is no chance.
    Fell(String),
    /// It did not, or not by so much, or that may be chance.
    Held(String),
    /// There is too little to tell.
    NotCompared(String),
}

impl Fall {
    /// Why.
    pub fn reason(&self) -> &str {
        match self {
            Self::Fell(reason) | Self::Held(reason) | Self::NotCompared(reason) => reason,
        }
    }
}

/// So much is lost where numbers of points are worked out.
const ROUNDING: f64 = 1e-9;

impl Report {
    /// Whether the score fell by so many points or more, by the report's [`comparison`](Report::comparison) and its test.
    ///
    /// ```
    /// use zendesk_csat_history::History;
    /// use zendesk_csat_history::report::{Fall, ReportOptions};
    ///
    /// let report = History::open(":memory:")?.report(&ReportOptions::default())?;
    /// assert!(matches!(report.fall(3.0), Fall::NotCompared(_)));
    /// # Ok::<(), zendesk_csat_history::HistoryError>(())
    /// ```
    pub fn fall(&self, points: f64) -> Fall {
        let Some(comparison) = &self.comparison else {
            let why = if self.filters.iter().any(|filter| filter.by == FilterBy::Score) {
                "not compared: of some scores alone there is no CSAT"
            } else {
                "not compared: there are no ratings to compare"
            };
            return Fall::NotCompared(why.to_owned());
        };
        let Some(change) = &comparison.change else {
            return Fall::NotCompared(format::not_compared(&self.time_zone, comparison));
        };
        let [verdict, _] = format::significance(change);
        let reason = format!(
            "{} points, from {} to {}: {verdict}",
            format::points(change.csat_points),
            format::share(Some(change.previous_csat_percent)),
            format::share(Some(change.current_csat_percent)),
        );
        if change.significant_change && change.csat_points <= ROUNDING - points {
            Fall::Fell(reason)
        } else {
            Fall::Held(reason)
        }
    }
}
