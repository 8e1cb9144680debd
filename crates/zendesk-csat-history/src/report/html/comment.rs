//! What customers wrote, as the page shows it.

use chrono::SecondsFormat;

use crate::report::format;
use crate::report::model::{self, AgentComments, Report};
use crate::ticket_url::ticket_url;

pub(super) struct Comment {
    /// Tells it from others, so that one that stands twice is found once.
    pub(super) id: String,
    pub(super) words: String,
    pub(super) score: Option<String>,
    /// For machines, and for people.
    pub(super) time: Option<(String, String)>,
    pub(super) ticket: Option<i64>,
    pub(super) ticket_url: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) agent: Option<String>,
    pub(super) group: Option<String>,
    pub(super) reason: Option<String>,
}

impl Comment {
    pub(super) fn new(comment: &model::Comment, report: &Report) -> Self {
        Self {
            id: format!("{} {} {}", comment.subdomain, comment.source, comment.id),
            words: comment.comment.clone(),
            score: comment.score.clone(),
            time: comment.rated_at.map(|time| {
                (
                    time.to_rfc3339_opts(SecondsFormat::Secs, true),
                    format::minute(&report.time_zone, time),
                )
            }),
            ticket: comment.ticket_id,
            ticket_url: comment
                .ticket_id
                .and_then(|ticket| ticket_url(&comment.subdomain, ticket)),
            subject: comment.ticket_subject.clone(),
            agent: comment
                .agent
                .clone()
                .or(comment.assignee_id.map(|id| id.to_string())),
            group: comment
                .group
                .clone()
                .or(comment.group_id.map(|id| id.to_string())),
            reason: comment.reason.clone(),
        }
    }
}

/// The comments below an agent's row.
pub(super) struct Said {
    pub(super) id: String,
    /// How many there are, and how many of them are here.
    pub(super) title: String,
    pub(super) comments: Vec<Comment>,
}

impl Said {
    pub(super) fn new(of: &AgentComments, report: &Report) -> Option<Self> {
        let shown = of.latest.len() as u64;
        let title = match (shown, of.comments) {
            (0, _) => return None,
            (1, 1) => "1 comment".to_owned(),
            (shown, all) if shown == all => format!("{} comments", format::count(all)),
            (shown, all) => format!(
                "the latest {} of {} comments",
                format::count(shown),
                format::count(all)
            ),
        };
        Some(Self {
            id: of.assignee_id.map_or_else(
                || "comments-of-nobody".to_owned(),
                |agent| format!("comments-of-{agent}"),
            ),
            title,
            comments: of
                .latest
                .iter()
                .map(|comment| Comment::new(comment, report))
                .collect(),
        })
    }
}
