//! Zendesk resource names: what a survey is about.

use crate::types::TicketId;
use std::fmt;

/// A Zendesk resource name, such as `zen:ticket:7`.
///
/// ```
/// use zendesk_csat::{Zrn, types::TicketId};
///
/// let zrn = Zrn::ticket(7);
/// assert_eq!(zrn.as_str(), "zen:ticket:7");
/// assert_eq!(Zrn::from("zrn:ticket:7").ticket_id(), Some(TicketId::new(7)), "the older prefix");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Zrn(String);

impl Zrn {
    /// A ticket.
    pub fn ticket(id: impl Into<TicketId>) -> Self {
        Self(format!("zen:ticket:{}", id.into()))
    }

    /// A messaging conversation, by its UUID.
    pub fn conversation(id: &str) -> Self {
        Self(format!("zen:conversation:{id}"))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The ticket, if it names one.
    pub fn ticket_id(&self) -> Option<TicketId> {
        ticket_id(&self.0)
    }
}

/// `zen:ticket:7`, or `zrn:ticket:7` in older records.
pub(crate) fn ticket_id(zrn: &str) -> Option<TicketId> {
    let name = zrn.strip_prefix("zen:").or_else(|| zrn.strip_prefix("zrn:"))?;
    name.strip_prefix("ticket:")?.parse().ok()
}

impl<T: Into<String>> From<T> for Zrn {
    fn from(zrn: T) -> Self {
        Self(zrn.into())
    }
}

impl fmt::Display for Zrn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
