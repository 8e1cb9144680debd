//! What a ticket's audits tell of the surveys that its customers answered.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use futures::{TryStreamExt, pin_mut};
use zendesk_csat::types::{AuditEventType, TicketAudit, TicketId};
use zendesk_csat::{AuditEventKind, Client, Error, ErrorKind};

/// How many tickets to ask for at a time; the client keeps within the limits.
pub(super) const AT_ONCE: usize = 8;

/// What stands for a ticket's audits among what the service did not give: its record is the ticket's id.
pub(super) const TABLE: &str = "audits";

/// How many tickets to store at a time, at most.
pub(super) const STORED_AT_ONCE: usize = 64;

/// An answer as it was submitted, or changed, last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Submission {
    pub(super) survey_response_id: String,
    /// In whole seconds.
    pub(super) at: Option<DateTime<Utc>>,
    /// Who had the ticket then.
    pub(super) assignee_id: Option<i64>,
    pub(super) group_id: Option<i64>,
}

/// The last submission of each survey response of the ticket; none where the ticket is gone.
pub(super) async fn of_ticket(client: &Client, ticket: i64) -> Result<Vec<Submission>, Error> {
    let audits = client
        .tickets()
        .audits(TicketId::new(ticket))
        .events([AuditEventType::SurveyResponseSubmitted])
        .items();
    let mut last = HashMap::new();
    pin_mut!(audits);
    loop {
        match audits.try_next().await {
            Ok(Some(audit)) => submitted(audit, &mut last),
            Ok(None) => break,
            Err(error) if error.kind() == ErrorKind::NotFound => break,
            // One audit that cannot be read does not take the others along.
            Err(error) if error.kind() == ErrorKind::Decode && !error.is_broken_answer() => {
                tracing::warn!(ticket, %error, "an audit cannot be read");
            }
            Err(error) => return Err(error),
        }
    }
    let mut last: Vec<_> = last.into_values().collect();
    last.sort_by(|one, other| one.survey_response_id.cmp(&other.survey_response_id));
    Ok(last)
}

fn submitted(audit: TicketAudit, last: &mut HashMap<String, Submission>) {
    for event in audit.events.into_iter().flatten() {
        let AuditEventKind::SurveyResponseSubmitted {
            survey_response_id: Some(id),
            assigned_user_id,
            assigned_group_id,
        } = event.kind()
        else {
            continue;
        };
        let submission = Submission {
            survey_response_id: id.to_string(),
            at: audit.created_at,
            assignee_id: assigned_user_id.map(i64::from),
            group_id: assigned_group_id.map(i64::from),
        };
        match last.entry(submission.survey_response_id.clone()) {
            std::collections::hash_map::Entry::Occupied(known) if known.get().at > submission.at => {}
            entry => drop(entry.insert_entry(submission)),
        }
    }
}
