//! Zendesk resource names: what a survey is about.

use crate::types::{SubjectType, TicketId};
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

    /// The ticket, if it names one; a request is a ticket too.
    ///
    /// ```
    /// use zendesk_csat::{Zrn, types::TicketId};
    ///
    /// assert_eq!(Zrn::from("zen:request:7").ticket_id(), Some(TicketId::new(7)));
    /// assert_eq!(Zrn::conversation("4295a81b").ticket_id(), None);
    /// ```
    pub fn ticket_id(&self) -> Option<TicketId> {
        ticket_id(&self.0)
    }
}

/// `zen:ticket:7`, or `zrn:ticket:7` in older records. A request is the same ticket as its requester sees it.
pub(crate) fn ticket_id(zrn: &str) -> Option<TicketId> {
    let name = zrn.strip_prefix("zen:").or_else(|| zrn.strip_prefix("zrn:"))?;
    let (kind, id) = name.split_once(':')?;
    id.parse().ok().filter(|_| is_ticket(&kind.into()))
}

/// Whether a subject of this type is a ticket, in small letters or others.
pub(crate) fn is_ticket(kind: &SubjectType) -> bool {
    [SubjectType::Ticket, SubjectType::Request]
        .iter()
        .any(|ticket| ticket.as_str().eq_ignore_ascii_case(kind.as_str()))
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
