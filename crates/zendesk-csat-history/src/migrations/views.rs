//! The views: what each one says, and the way in which other programs read it.

use rusqlite::Transaction;

/// The views with what they say, in the order in which they are made. Every migration makes them anew: a change of one needs a
/// script, which may be empty.
///
/// This program reads what they say; others read it under the view's own name.
const VIEWS: &[(&str, &str)] = &[
    (
        "legacy_ratings",
        include_str!("../views/typed_legacy_ratings.sql"),
    ),
    ("csat_ms", include_str!("../views/typed_csat_ms.sql")),
    ("csat", include_str!("../views/typed_csat.sql")),
    ("csat_reasons", include_str!("../views/typed_csat_reasons.sql")),
];

pub(super) fn make(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    for (name, typed) in VIEWS {
        transaction.execute_batch(&format!(
            "DROP VIEW IF EXISTS {name};
             DROP VIEW IF EXISTS {name}_in_sqlite;
             DROP VIEW IF EXISTS typed_{name};
             {typed}"
        ))?;
        let columns: Vec<(String, String)> = transaction
            .prepare("SELECT name, type FROM pragma_table_info(?1)")?
            .query_map([format!("typed_{name}")], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        transaction.execute_batch(&for_others(name, &columns))?;
    }
    Ok(())
}

/// Two views around what the view says. DuckDB runs a view's SQL by its own rules where it knows all of it: `likely` is
/// SQLite's alone, so that SQLite runs the inner one, and DuckDB takes its columns for texts. The outer one both can run: it
/// makes numbers of numbers, and its first SELECT, of which no row comes, declares the types for SQLite.
fn for_others(name: &str, columns: &[(String, String)]) -> String {
    let list = |column: fn(&str, bool) -> String| -> String {
        let columns = columns
            .iter()
            .map(|(name, declared)| column(name, declared.starts_with("INT")));
        columns.collect::<Vec<_>>().join(", ")
    };
    let declared = list(|column, is_number| {
        let like = if is_number { "r.id" } else { "s.id" };
        format!("{like} AS {column}")
    });
    let read = list(|column, is_number| {
        if is_number {
            format!("CAST({column} AS BIGINT) AS {column}")
        } else {
            column.to_owned()
        }
    });
    format!(
        "CREATE VIEW {name}_in_sqlite AS SELECT * FROM typed_{name} WHERE likely(1);
         CREATE VIEW {name} AS
         SELECT {declared} FROM ratings AS r, survey_responses AS s WHERE false
         UNION ALL
         SELECT {read} FROM {name}_in_sqlite;"
    )
}
