//! What ids stand for: names, and whether who or what has them still is.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// Whose names a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum NameKind {
    Agents,
    Groups,
    Brands,
    Organizations,
    TicketForms,
    /// Customers: only where a sync is asked for them.
    Requesters,
}

/// A name as the service gives it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) id: i64,
    pub(crate) name: Option<String>,
    /// Whether who or what has it still is: neither deleted nor out of use.
    pub(crate) active: bool,
}

impl NameKind {
    pub(crate) const ALL: [Self; 6] = [
        Self::Agents,
        Self::Groups,
        Self::Brands,
        Self::Organizations,
        Self::TicketForms,
        Self::Requesters,
    ];

    pub(crate) const fn table(self) -> &'static str {
        match self {
            Self::Agents => "agents",
            Self::Groups => "groups",
            Self::Brands => "brands",
            Self::Organizations => "organizations",
            Self::TicketForms => "ticket_forms",
            Self::Requesters => "requesters",
        }
    }

    /// Whether the service lists all of them; the others are asked for by their ids.
    pub(crate) const fn is_listed(self) -> bool {
        matches!(self, Self::Groups | Self::Brands | Self::TicketForms)
    }

    /// The ids that rows and tickets name which were read by a sync after ?2.
    ///
    /// Of organizations only those that tickets of rows name: an account may have many more.
    const fn named(self) -> &'static str {
        match self {
            Self::Agents => {
                "SELECT assignee_id AS id FROM ratings WHERE account_id = ?1 AND run > ?2
                 UNION SELECT assignee_id FROM tickets WHERE account_id = ?1 AND run > ?2
                 UNION SELECT audit_assignee_id FROM survey_responses
                 WHERE account_id = ?1 AND audit_assignee_id IS NOT NULL"
            }
            Self::Groups => {
                "SELECT group_id AS id FROM ratings WHERE account_id = ?1 AND run > ?2
                 UNION SELECT group_id FROM tickets WHERE account_id = ?1 AND run > ?2
                 UNION SELECT audit_group_id FROM survey_responses
                 WHERE account_id = ?1 AND audit_group_id IS NOT NULL"
            }
            Self::Brands => "SELECT brand_id AS id FROM tickets WHERE account_id = ?1 AND run > ?2",
            Self::TicketForms => {
                "SELECT ticket_form_id AS id FROM tickets WHERE account_id = ?1 AND run > ?2"
            }
            Self::Organizations => {
                "SELECT organization_id AS id FROM tickets AS t
                 WHERE t.account_id = ?1 AND t.run > ?2 AND t.organization_id IS NOT NULL AND (
                    EXISTS (SELECT 1 FROM survey_responses AS s WHERE s.account_id = ?1 AND s.ticket_id = t.id)
                    OR EXISTS (SELECT 1 FROM ratings AS r WHERE r.account_id = ?1 AND r.ticket_id = t.id)
                 )
                 UNION
                 SELECT t.organization_id
                 FROM survey_responses AS s
                 JOIN tickets AS t ON t.account_id = s.account_id AND t.id = s.ticket_id
                 WHERE s.account_id = ?1 AND s.run > ?2 AND t.run <= ?2
                 UNION
                 SELECT t.organization_id
                 FROM ratings AS r
                 JOIN tickets AS t ON t.account_id = r.account_id AND t.id = r.ticket_id
                 WHERE r.account_id = ?1 AND r.run > ?2 AND t.run <= ?2"
            }
            Self::Requesters => {
                "SELECT requester_id AS id FROM ratings WHERE account_id = ?1 AND run > ?2
                 UNION SELECT responder_id FROM survey_responses WHERE account_id = ?1 AND run > ?2"
            }
        }
    }
}

/// How far the names of a kind were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct NamesRead {
    /// The last sync whose rows have all their names, as far as the service tells them.
    pub(crate) run: i64,
    /// When the list was read, in milliseconds; of what is not listed nothing.
    pub(crate) at: Option<i64>,
}

/// How far the names of the kind were read; none where they never were.
pub(crate) fn read_to(
    connection: &Connection,
    account: i64,
    kind: NameKind,
) -> rusqlite::Result<Option<NamesRead>> {
    connection
        .prepare_cached("SELECT run, read_at FROM names_read WHERE account_id = ?1 AND kind = ?2")?
        .query_row(params![account, kind.table()], |row| {
            Ok(NamesRead {
                run: row.get(0)?,
                at: row.get(1)?,
            })
        })
        .optional()
}

/// Keeps how far the names of the kind were read. Of a list that came whole, what it does not have is no more, and keeps its
/// last name.
pub(crate) fn set_read_to(
    transaction: &Transaction<'_>,
    account: i64,
    kind: NameKind,
    read: NamesRead,
) -> rusqlite::Result<()> {
    let table = kind.table();
    let before = read_to(transaction, account, kind)?.map_or(0, |before| before.run);
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO names_read (account_id, kind, run, read_at) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![account, table, read.run, read.at])?;
    if let Some(at) = read.at {
        // What rows name and the list does not have is not asked for again.
        let unnamed = unnamed(transaction, account, kind, before)?;
        store_asked(transaction, account, kind, at, &unnamed)?;
        // One that could not be read may be among them.
        transaction
            .prepare_cached(&format!(
                "UPDATE {table} SET active = 0
                 WHERE account_id = ?1 AND read_at < ?2 AND active = 1
                    AND NOT EXISTS (SELECT 1 FROM malformed WHERE account_id = ?1 AND kind = '{table}')"
            ))?
            .execute([account, at])?;
    }
    Ok(())
}

/// The ids that rows name since the names were last read, and that have no row among the names.
pub(crate) fn unnamed(
    connection: &Connection,
    account: i64,
    kind: NameKind,
    after_run: i64,
) -> rusqlite::Result<Vec<i64>> {
    let (named, table) = (kind.named(), kind.table());
    connection
        .prepare_cached(&format!(
            "SELECT DISTINCT id FROM ({named}) AS named
             WHERE id IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM {table} AS known WHERE known.account_id = ?1 AND known.id = named.id)
             ORDER BY id"
        ))?
        .query_map([account, after_run], |row| row.get(0))?
        .collect()
}

/// The ids whose names were read longest ago, before a time; those that were never given last.
pub(crate) fn oldest(
    connection: &Connection,
    account: i64,
    kind: NameKind,
    before: i64,
    most: usize,
) -> rusqlite::Result<Vec<i64>> {
    let table = kind.table();
    connection
        .prepare_cached(&format!(
            "SELECT id FROM {table} WHERE account_id = ?1 AND read_at < ?2
             ORDER BY name IS NULL, read_at, id LIMIT ?3"
        ))?
        .query_map(params![account, before, most as i64], |row| row.get(0))?
        .collect()
}

/// When the oldest of the names was read, in milliseconds.
pub(crate) fn oldest_at(
    connection: &Connection,
    account: i64,
    kind: NameKind,
) -> rusqlite::Result<Option<i64>> {
    let table = kind.table();
    connection
        .prepare_cached(&format!("SELECT min(read_at) FROM {table} WHERE account_id = ?1"))?
        .query_row([account], |row| row.get(0))
}

/// How many names of the kind there are.
pub(crate) fn count(connection: &Connection, account: i64, kind: NameKind) -> rusqlite::Result<u64> {
    let table = kind.table();
    connection
        .prepare_cached(&format!("SELECT count(*) FROM {table} WHERE account_id = ?1"))?
        .query_row([account], |row| row.get::<_, i64>(0))
        .map(i64::unsigned_abs)
}

/// Stores names as they are at a time, in milliseconds. Where the service tells none, the last one stays.
pub(crate) fn store(
    transaction: &Transaction<'_>,
    account: i64,
    kind: NameKind,
    at: i64,
    names: impl IntoIterator<Item = Name>,
) -> rusqlite::Result<()> {
    let table = kind.table();
    let mut upsert = transaction.prepare_cached(&format!(
        "INSERT INTO {table} (account_id, id, name, active, read_at) VALUES (?1, ?2, nullif(?3, ''), ?4, ?5)
         ON CONFLICT (account_id, id) DO UPDATE SET
            name = coalesce(excluded.name, name),
            active = excluded.active,
            read_at = excluded.read_at
         WHERE excluded.read_at >= read_at"
    ))?;
    for Name { id, name, active } in names {
        upsert.execute(params![account, id, name, active, at])?;
    }
    Ok(())
}

/// Notes that the service does not show these ids: who or what had a name is no more, and keeps the last one. Of an id that never
/// had one nothing is known.
pub(crate) fn store_absent(
    transaction: &Transaction<'_>,
    account: i64,
    kind: NameKind,
    at: i64,
    ids: &[i64],
) -> rusqlite::Result<()> {
    let conflict = "DO UPDATE SET active = CASE WHEN name IS NOT NULL THEN 0 END, read_at = excluded.read_at";
    store_unknown(transaction, account, kind, at, ids, conflict)
}

/// Notes that these ids were asked for, and that nothing came.
pub(crate) fn store_asked(
    transaction: &Transaction<'_>,
    account: i64,
    kind: NameKind,
    at: i64,
    ids: &[i64],
) -> rusqlite::Result<()> {
    store_unknown(transaction, account, kind, at, ids, "DO NOTHING")
}

fn store_unknown(
    transaction: &Transaction<'_>,
    account: i64,
    kind: NameKind,
    at: i64,
    ids: &[i64],
    conflict: &str,
) -> rusqlite::Result<()> {
    let table = kind.table();
    let mut upsert = transaction.prepare_cached(&format!(
        "INSERT INTO {table} (account_id, id, read_at) VALUES (?1, ?2, ?3) ON CONFLICT (account_id, id) {conflict}"
    ))?;
    for id in ids {
        upsert.execute([account, *id, at])?;
    }
    Ok(())
}
