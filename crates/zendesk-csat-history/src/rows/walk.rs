//! How far each listing was read: stored with the rows that it covers.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// The state of one listing; times in milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Walk {
    /// How far back the rows reach; `None` for all there is.
    pub(crate) since: Option<i64>,
    /// From when on this walk lists; `None` for all there is.
    pub(crate) start_at: Option<i64>,
    /// Where to go on.
    pub(crate) cursor: Option<String>,
    pub(crate) finished: bool,
    /// The latest moment of the service's clock known not to be after what the walk must read again.
    pub(crate) horizon: Option<i64>,
}

impl Walk {
    /// The walk to make now: what a former one left to do, or what lies before `since` and no walk has reached yet, or
    /// what came after a finished one, with as much before its horizon as `reach_back` says.
    pub(crate) fn next(walked: Option<Self>, since: Option<i64>, reach_back: i64) -> Self {
        let anew = Self {
            since,
            start_at: since,
            ..Self::default()
        };
        match walked {
            None => anew,
            Some(walked) if !walked.reaches(since) => Self {
                horizon: walked.horizon,
                ..anew
            },
            Some(walked) if !walked.finished => walked,
            Some(walked) => {
                let start_at = walked.horizon.map_or(walked.start_at, |horizon| {
                    Some(horizon.saturating_sub(reach_back))
                });
                Self {
                    start_at: start_at.max(walked.since),
                    cursor: None,
                    finished: false,
                    ..walked
                }
            }
        }
    }

    /// Whether the walk is for all that was sent since then.
    pub(crate) fn reaches(&self, since: Option<i64>) -> bool {
        self.since
            .is_none_or(|reached| since.is_some_and(|since| since >= reached))
    }
}

/// The stored state of the walk that fills `table`.
pub(crate) fn load(connection: &Connection, account: i64, table: &str) -> rusqlite::Result<Option<Walk>> {
    connection
        .prepare_cached(
            "SELECT since, start_at, cursor, finished, horizon FROM walks WHERE account_id = ?1 AND kind = ?2",
        )?
        .query_row(params![account, table], |row| {
            Ok(Walk {
                since: row.get(0)?,
                start_at: row.get(1)?,
                cursor: row.get(2)?,
                finished: row.get(3)?,
                horizon: row.get(4)?,
            })
        })
        .optional()
}

/// Forgets that `table` was walked.
pub(crate) fn forget(transaction: &Transaction<'_>, account: i64, table: &str) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("DELETE FROM walks WHERE account_id = ?1 AND kind = ?2")?
        .execute(params![account, table])?;
    Ok(())
}

/// Stores the state of the walk that fills `table`.
pub(crate) fn store(
    transaction: &Transaction<'_>,
    account: i64,
    table: &str,
    walk: &Walk,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO walks (account_id, kind, since, start_at, cursor, finished, horizon)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            account,
            table,
            walk.since,
            walk.start_at,
            walk.cursor,
            walk.finished,
            walk.horizon,
        ])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(since: Option<i64>, start_at: Option<i64>, horizon: Option<i64>) -> Walk {
        Walk {
            since,
            start_at,
            cursor: Some("last".to_owned()),
            finished: true,
            horizon,
        }
    }

    #[test]
    fn the_first_walk_is_for_all_or_for_what_was_asked() {
        assert_eq!(Walk::next(None, None, 5), Walk::default());
        let since = Walk {
            since: Some(100),
            start_at: Some(100),
            ..Walk::default()
        };
        assert_eq!(Walk::next(None, Some(100), 5), since);
    }

    #[test]
    fn an_unfinished_walk_goes_on_where_it_was() {
        let walked = Walk {
            finished: false,
            ..finished(None, Some(50), Some(90))
        };
        assert_eq!(Walk::next(Some(walked.clone()), None, 5), walked);
        assert_eq!(Walk::next(Some(walked.clone()), Some(70), 5), walked);
    }

    #[test]
    fn after_a_finished_walk_the_next_begins_before_its_horizon() {
        let next = |walked| Walk::next(Some(walked), None, 5);
        let begins = |start_at, horizon| Walk {
            start_at,
            horizon,
            ..Walk::default()
        };
        assert_eq!(next(finished(None, None, Some(90))), begins(Some(85), Some(90)));
        assert_eq!(
            next(finished(None, Some(50), Some(90))),
            begins(Some(85), Some(90))
        );
        // Nothing was seen: what it was asked for is all that is known.
        assert_eq!(next(finished(None, Some(50), None)), begins(Some(50), None));
        assert_eq!(next(finished(None, None, None)), begins(None, None));
    }

    #[test]
    fn a_walk_does_not_reach_back_further_than_asked() {
        let walked = finished(Some(88), Some(88), Some(90));
        let next = Walk::next(Some(walked), Some(89), 5);
        assert_eq!((next.since, next.start_at), (Some(88), Some(88)));
    }

    #[test]
    fn what_lies_further_back_than_any_walk_is_walked_anew() {
        for walked in [
            finished(Some(88), Some(88), Some(90)),
            Walk {
                finished: false,
                ..finished(Some(88), None, Some(90))
            },
        ] {
            let anew = |since| Walk {
                since,
                start_at: since,
                horizon: Some(90),
                ..Walk::default()
            };
            assert_eq!(Walk::next(Some(walked.clone()), Some(70), 5), anew(Some(70)));
            assert_eq!(Walk::next(Some(walked), None, 5), anew(None));
        }
    }
}
