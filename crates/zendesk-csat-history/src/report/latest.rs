//! The latest comments: of bad ratings, and of each agent's ratings.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use ahash::AHashMap;
use rusqlite::{Connection, OptionalExtension};

use super::ReportError;
use super::row::Record;
use super::tally::Outcome;

/// No report holds more comments of agents than this, however many agents there are: a page of them stays usable.
pub(crate) const MOST_OF_AGENTS: usize = 5_000;

/// A rating with a comment; ordered by time.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Comment {
    pub(crate) rated_at: i64,
    pub(crate) source: &'static str,
    pub(crate) id: String,
    pub(crate) subdomain: String,
    pub(crate) ticket_id: Option<i64>,
    /// Looked up once it is known which comments stay.
    pub(crate) ticket_subject: Option<String>,
    pub(crate) agent: Option<i64>,
    pub(crate) group: Option<i64>,
    pub(crate) score: Option<&'static str>,
    pub(crate) reasons: Option<String>,
    pub(crate) comment: String,
}

/// Keeps the latest ratings that have a comment, and counts all.
pub(crate) struct Latest {
    wanted: usize,
    all: u64,
    heap: BinaryHeap<Reverse<Comment>>,
}

impl Latest {
    pub(crate) fn new(wanted: usize) -> Self {
        Self {
            wanted,
            all: 0,
            heap: BinaryHeap::new(),
        }
    }

    pub(crate) fn offer(&mut self, record: &Record<'_>, subdomain: &str) {
        let (Some(rated_at), Some(comment)) = (record.rated_at.or(record.sent_at), record.comment.as_deref())
        else {
            return;
        };
        self.all += 1;
        let full = self.heap.len() >= self.wanted;
        let is_late = self
            .heap
            .peek()
            .is_none_or(|Reverse(earliest)| rated_at >= earliest.rated_at);
        if self.wanted == 0 || (full && !is_late) {
            return;
        }
        let owned = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map(str::to_owned);
        self.heap.push(Reverse(Comment {
            rated_at,
            source: if record.is_survey { "survey" } else { "rating" },
            id: owned(&record.id).unwrap_or_default(),
            subdomain: subdomain.to_owned(),
            ticket_id: record.ticket,
            ticket_subject: None,
            agent: record.agent,
            group: record.group,
            score: match record.outcome {
                Outcome::Good => Some("good"),
                Outcome::Neutral => Some("neutral"),
                Outcome::Bad => Some("bad"),
                Outcome::Unscored | Outcome::Open | Outcome::Expired => None,
            },
            reasons: owned(&record.reasons),
            comment: comment.to_owned(),
        }));
        if full {
            self.heap.pop();
        }
    }

    pub(crate) fn into_latest_first(self) -> Vec<Comment> {
        // Reverse turns the order of the heap: its sorted order is latest first.
        self.heap
            .into_sorted_vec()
            .into_iter()
            .map(|Reverse(comment)| comment)
            .collect()
    }
}

/// What customers wrote about one agent's work.
pub(crate) struct OfAgent {
    pub(crate) agent: Option<i64>,
    /// How many comments there are, with those that are not kept.
    pub(crate) all: u64,
    /// Latest first.
    pub(crate) latest: Vec<Comment>,
}

/// Keeps the latest comments of each agent.
pub(crate) struct LatestOfAgents {
    wanted: usize,
    agents: AHashMap<Option<i64>, Latest>,
}

impl LatestOfAgents {
    pub(crate) fn new(wanted: usize) -> Self {
        Self {
            wanted,
            agents: AHashMap::new(),
        }
    }

    pub(crate) fn offer(&mut self, record: &Record<'_>, subdomain: &str) {
        if self.wanted > 0 && record.comment.is_some() {
            self.agents
                .entry(record.agent)
                .or_insert_with(|| Latest::new(self.wanted))
                .offer(record, subdomain);
        }
    }

    /// By the agents' ids; as many comments of each as all of them leave room for.
    pub(crate) fn into_agents(self) -> Vec<OfAgent> {
        let counts: Vec<usize> = self.agents.values().map(|latest| latest.heap.len()).collect();
        let each = most_of_each(&counts, MOST_OF_AGENTS);
        let mut agents: Vec<OfAgent> = self
            .agents
            .into_iter()
            .map(|(agent, latest)| {
                let all = latest.all;
                let mut latest = latest.into_latest_first();
                latest.truncate(each);
                OfAgent { agent, all, latest }
            })
            .collect();
        agents.sort_unstable_by_key(|of| (of.agent.is_none(), of.agent));
        agents
    }
}

/// How many of each there may be so that all together are no more than `most`.
fn most_of_each(counts: &[usize], most: usize) -> usize {
    let kept = |each: usize| counts.iter().map(|count| *count.min(&each)).sum::<usize>();
    let (mut low, mut high) = (0, counts.iter().copied().max().unwrap_or_default());
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if kept(middle) <= most {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

/// Looks up what the tickets of these comments are about: only for those that stay, not for every row.
pub(crate) fn add_subjects<'a>(
    connection: &Connection,
    comments: impl Iterator<Item = &'a mut Comment>,
) -> Result<(), ReportError> {
    let mut statement = connection.prepare_cached(
        "SELECT subject FROM tickets WHERE id = ?1 AND account_id = (SELECT id FROM accounts WHERE subdomain = ?2)",
    )?;
    for comment in comments {
        let found: Option<Option<String>> = statement
            .query_row((comment.ticket_id, comment.subdomain.as_str()), |row| row.get(0))
            .optional()?;
        comment.ticket_subject = found.flatten();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn all_keep_what_there_is_room_for() {
        assert_eq!(most_of_each(&[3, 50, 7], 5_000), 50);
        assert_eq!(most_of_each(&[50; 200], 5_000), 25);
        assert_eq!(most_of_each(&[1, 50, 50], 41), 20);
        assert_eq!(most_of_each(&[], 5_000), 0);
    }

    proptest! {
        #[test]
        fn no_more_fits(counts in proptest::collection::vec(0_usize..60, 0..40), most in 0_usize..900) {
            let each = most_of_each(&counts, most);
            let kept = |each: usize| counts.iter().map(|count| *count.min(&each)).sum::<usize>();
            prop_assert!(kept(each) <= most);
            prop_assert!(kept(each + 1) > most || kept(each) == counts.iter().sum::<usize>());
        }
    }
}
