//! The names of groups whose keys are ids: looked up a group, not a row.

use ahash::AHashMap;
use rusqlite::{Connection, OptionalExtension, params};

use super::dimension::Dimension;
use crate::rows::name::NameKind;

/// Names by the ids of one dimension; an id that has none in the file, or several in its accounts, is not among them.
#[derive(Debug, Default)]
pub(crate) struct Names(AHashMap<(NameKind, i64), String>);

impl Names {
    /// Reads the names of these ids.
    pub(crate) fn read(
        &mut self,
        connection: &Connection,
        subdomain: Option<&str>,
        kind: NameKind,
        ids: impl IntoIterator<Item = i64>,
    ) -> rusqlite::Result<()> {
        let table = kind.table();
        let mut select = connection.prepare_cached(&format!(
            "SELECT min(name) FROM {table}
             WHERE id = ?1 AND account_id IN (SELECT id FROM accounts WHERE ?2 IS NULL OR subdomain = ?2)
             HAVING count(DISTINCT name) = 1"
        ))?;
        for id in ids {
            let name: Option<String> = select
                .query_row(params![id, subdomain], |row| row.get(0))
                .optional()?;
            if let Some(name) = name {
                self.0.insert((kind, id), name);
            }
        }
        Ok(())
    }

    pub(crate) fn get(&self, kind: NameKind, id: i64) -> Option<&str> {
        self.0.get(&(kind, id)).map(String::as_str)
    }

    /// The name of a group by its key.
    pub(crate) fn of_key(&self, by: &Dimension, key: &str) -> Option<&str> {
        self.get(by.names()?, key.parse().ok()?)
    }
}
