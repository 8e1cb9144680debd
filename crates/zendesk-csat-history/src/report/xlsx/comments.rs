//! The comments, with links to their tickets.

use rust_xlsxwriter::XlsxError;

use super::super::model::Comment;
use super::cells::{Sheet, Value};
use crate::ticket_url::ticket_url;

pub(super) fn write(sheet: &mut Sheet, comments: &[Comment]) -> Result<(), XlsxError> {
    sheet.widths([20, 14, 24, 16, 16, 12, 28, 14, 80])?;
    let rated = format!("Rated ({})", sheet.zone());
    sheet.head(&[
        &rated, "Ticket", "Reason", "Agent", "Group", "System", "Rating", "Account", "Comment",
    ])?;
    for comment in comments {
        let ticket = match comment.ticket_id {
            Some(ticket) => Value::Link {
                text: ticket.to_string(),
                url: ticket_url(&comment.subdomain, ticket),
            },
            None => Value::Id(None),
        };
        sheet.row([
            Value::Time(comment.rated_at),
            ticket,
            Value::Text(comment.reason.as_deref().unwrap_or_default().into()),
            who(comment.agent.as_deref(), comment.assignee_id),
            who(comment.group.as_deref(), comment.group_id),
            Value::Text(comment.source.as_str().into()),
            Value::Id(Some(comment.id.clone())),
            Value::Text(comment.subdomain.as_str().into()),
            Value::Words(comment.comment.as_str().into()),
        ])?;
    }
    Ok(())
}

/// By name; who has none, by the id.
fn who(name: Option<&str>, id: Option<i64>) -> Value<'_> {
    match name {
        Some(name) => Value::Text(name.into()),
        None => Value::Id(id.map(|id| id.to_string())),
    }
}
