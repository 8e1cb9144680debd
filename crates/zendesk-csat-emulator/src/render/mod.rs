//! Records as the service writes them.

pub(crate) mod audit;
pub(crate) mod places;
pub(crate) mod rating;
pub(crate) mod reason;
pub(crate) mod response;
pub(crate) mod survey;
pub(crate) mod ticket;
pub(crate) mod user;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};

use crate::account::SUBDOMAIN;

/// Seconds since the epoch as the Support endpoints write them: no fraction.
pub(crate) fn iso_seconds(seconds: u32) -> String {
    DateTime::<Utc>::from_timestamp(i64::from(seconds), 0)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Milliseconds since the epoch as the Help Center endpoints write them.
pub(crate) fn iso_millis(milliseconds: i64) -> String {
    DateTime::<Utc>::from_timestamp_millis(milliseconds)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The address of a record, as it stands in the record.
pub(crate) fn record_url(path: &str) -> String {
    format!("https://{SUBDOMAIN}.zendesk.com/api/v2/{path}.json")
}

/// A list that is made while it is written.
pub(crate) struct Each<I>(pub(crate) I);

impl<I> Serialize for Each<I>
where
    I: Iterator + Clone,
    I::Item: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}
