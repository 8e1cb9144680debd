//! What ratings are grouped by, and the names of the groups of days.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::calendar::{WeekStart, date_of_day};
use crate::rows::name::NameKind;
use crate::rows::ticket_field::is_name;

/// What to group ratings by.
///
/// ```
/// use zendesk_csat_history::report::Dimension;
///
/// assert_eq!("survey-version".parse::<Dimension>().unwrap(), Dimension::SurveyVersion);
/// assert_eq!(Dimension::Week.to_string(), "week");
/// // Any other name is that of a custom field, which the history may have.
/// assert_eq!("plan".parse::<Dimension>().unwrap(), Dimension::Field("plan".into()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Dimension {
    /// The day, in the report's time zone.
    Day,
    /// The week, from the report's first day of one.
    Week,
    /// The calendar month.
    Month,
    /// The agent, by the user id.
    Agent,
    /// The group, by its id.
    Group,
    /// The reason that the customer chose, of the answers that are bad or neutral; one with several reasons counts under
    /// each.
    Reason,
    /// The survey and its version.
    SurveyVersion,
    /// `rating` (the legacy system) or `survey`.
    Source,
    /// How the ticket came in, such as `email` or `native_messaging`.
    Channel,
    /// How many points there were to choose from; `legacy` for the good or bad of the legacy system.
    Scale,
    /// The ticket's brand, by its id.
    Brand,
    /// The customer's organization as the ticket has it, by its id.
    Organization,
    /// The form that the ticket was made with, by its id.
    Form,
    /// The ticket's tags; one with several counts under each.
    Tag,
    /// The ticket's priority.
    Priority,
    /// The account.
    Account,
    /// The value of the ticket's custom field of this name; of a list, each of its values.
    Field(Arc<str>),
}

impl Dimension {
    /// Every dimension but custom fields.
    pub const ALL: [Self; 16] = [
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Agent,
        Self::Group,
        Self::Reason,
        Self::SurveyVersion,
        Self::Source,
        Self::Channel,
        Self::Scale,
        Self::Brand,
        Self::Organization,
        Self::Form,
        Self::Tag,
        Self::Priority,
        Self::Account,
    ];

    /// The name that [`FromStr`] reads.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Agent => "agent",
            Self::Group => "group",
            Self::Reason => "reason",
            Self::SurveyVersion => "survey-version",
            Self::Source => "source",
            Self::Channel => "channel",
            Self::Scale => "scale",
            Self::Brand => "brand",
            Self::Organization => "organization",
            Self::Form => "form",
            Self::Tag => "tag",
            Self::Priority => "priority",
            Self::Account => "account",
            Self::Field(name) => name,
        }
    }

    /// Whether the buckets follow each other in time.
    pub const fn is_time(&self) -> bool {
        matches!(self, Self::Day | Self::Week | Self::Month)
    }

    /// Whose names the groups have, where their keys are ids.
    pub(crate) const fn names(&self) -> Option<NameKind> {
        match self {
            Self::Agent => Some(NameKind::Agents),
            Self::Group => Some(NameKind::Groups),
            Self::Brand => Some(NameKind::Brands),
            Self::Organization => Some(NameKind::Organizations),
            Self::Form => Some(NameKind::TicketForms),
            _ => None,
        }
    }

    /// Whether a rating that is not answered has no place in this grouping.
    pub(crate) const fn is_of_answers(&self) -> bool {
        matches!(self, Self::Reason | Self::Scale)
    }

    /// The bucket of a grouping by time that holds this day, counted from 1970-01-01; buckets that follow each other differ
    /// by one.
    pub(crate) fn time_bucket(&self, day: i64, week_start: WeekStart) -> Option<i64> {
        match self {
            Self::Day => Some(day),
            Self::Week => Some((day + into_week(week_start)).div_euclid(7)),
            Self::Month => {
                date_of_day(day).map(|date| i64::from(date.year()) * 12 + i64::from(date.month0()))
            }
            _ => None,
        }
    }

    /// The first day of a bucket.
    pub(crate) fn bucket_start(&self, bucket: i64, week_start: WeekStart) -> Option<NaiveDate> {
        match self {
            Self::Day => date_of_day(bucket),
            Self::Week => date_of_day(bucket * 7 - into_week(week_start)),
            Self::Month => NaiveDate::from_ymd_opt(i32::try_from(bucket.div_euclid(12)).ok()?, 1, 1)?
                .checked_add_months(Months::new(u32::try_from(bucket.rem_euclid(12)).ok()?)),
            _ => None,
        }
    }

    /// The name of the bucket that starts on this day: `2026-03-02`, `2026-03`; of a week `2026-W10` by ISO 8601, or its
    /// first day where that is a Sunday.
    pub(crate) fn bucket_name(&self, start: NaiveDate, week_start: WeekStart) -> String {
        match self {
            Self::Week if week_start == WeekStart::Monday => {
                let week = start.iso_week();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Self::Month => start.format("%Y-%m").to_string(),
            _ => start.format("%Y-%m-%d").to_string(),
        }
    }
}

/// How many days of its week 1970-01-01, a Thursday, has before it.
const fn into_week(week_start: WeekStart) -> i64 {
    match week_start {
        WeekStart::Monday => 3,
        WeekStart::Sunday => 4,
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text is no dimension, and no custom field can have that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot group by {0:?}: known are {names}", names = known())]
pub struct UnknownDimension(String);

/// The names of all that every history has.
pub(crate) fn known() -> String {
    Dimension::ALL.each_ref().map(Dimension::as_str).join(", ")
}

impl FromStr for Dimension {
    type Err = UnknownDimension;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|dimension| dimension.as_str() == text)
            .or_else(|| is_name(text).then(|| Self::Field(text.into())))
            .ok_or_else(|| UnknownDimension(text.to_owned()))
    }
}

impl TryFrom<String> for Dimension {
    type Error = UnknownDimension;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Dimension> for String {
    fn from(dimension: Dimension) -> Self {
        dimension.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;
    use proptest::prelude::*;

    use super::*;

    fn name(dimension: Dimension, week_start: WeekStart, date: &str) -> String {
        let date: NaiveDate = date.parse().unwrap();
        let day = (date - NaiveDate::default()).num_days();
        let bucket = dimension.time_bucket(day, week_start).unwrap();
        let start = dimension.bucket_start(bucket, week_start).unwrap();
        dimension.bucket_name(start, week_start)
    }

    #[test]
    fn weeks_are_iso_weeks_from_monday() {
        let week = |date| name(Dimension::Week, WeekStart::Monday, date);
        assert_eq!(week("2026-03-01"), "2026-W09");
        assert_eq!(week("2026-03-02"), "2026-W10");
        // 2027-01-01 is a Friday: still week 53 of 2026.
        assert_eq!(week("2027-01-01"), "2026-W53");
    }

    #[test]
    fn weeks_from_sunday_go_by_their_first_day() {
        let week = |date| name(Dimension::Week, WeekStart::Sunday, date);
        assert_eq!(week("2026-03-01"), "2026-03-01");
        assert_eq!(week("2026-03-07"), "2026-03-01");
        assert_eq!(week("2026-03-08"), "2026-03-08");
    }

    #[test]
    fn every_dimension_reads_its_own_name() {
        for dimension in Dimension::ALL {
            assert_eq!(dimension.as_str().parse(), Ok(dimension));
        }
        let field = Dimension::Field("colour".into());
        assert_eq!("colour".parse(), Ok(field.clone()));
        assert_eq!(field.to_string(), "colour");
        let error = "co=lour".parse::<Dimension>().unwrap_err().to_string();
        for dimension in Dimension::ALL {
            assert!(error.contains(dimension.as_str()), "{error}");
        }
    }

    proptest! {
        #[test]
        fn a_day_lies_between_the_start_of_its_bucket_and_of_the_next(day in -50_000_i64..400_000, sunday: bool) {
            let (week_start, first) =
                if sunday { (WeekStart::Sunday, Weekday::Sun) } else { (WeekStart::Monday, Weekday::Mon) };
            for dimension in [Dimension::Day, Dimension::Week, Dimension::Month] {
                let bucket = dimension.time_bucket(day, week_start).unwrap();
                let date = date_of_day(day).unwrap();
                let start = |bucket| dimension.bucket_start(bucket, week_start).unwrap();
                prop_assert!(start(bucket) <= date && date < start(bucket + 1));
                if dimension == Dimension::Week {
                    prop_assert_eq!(start(bucket).weekday(), first);
                }
            }
        }
    }
}
