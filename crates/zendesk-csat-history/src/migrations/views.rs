//! The views: what each one says, and the way in which other programs read it.

use rusqlite::Transaction;

/// The views and the rows of each, in the order in which they are made. Every migration makes them anew: a change of one needs
/// a script, which may be empty.
const VIEWS: &[(&str, &str)] = &[
    ("legacy_ratings", include_str!("../views/legacy_ratings.sql")),
    ("csat_ms", include_str!("../views/csat_ms.sql")),
    ("csat", include_str!("../views/csat.sql")),
    ("csat_reasons", include_str!("../views/csat_reasons.sql")),
];

pub(super) fn make(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    for (name, rows) in VIEWS {
        transaction.execute_batch(&format!(
            "DROP VIEW IF EXISTS {name};
             DROP VIEW IF EXISTS {name}_in_sqlite;
             DROP VIEW IF EXISTS typed_{name};
             CREATE VIEW {name} AS {rows};"
        ))?;
        let columns: Vec<Column> = transaction
            .prepare("SELECT name, type FROM pragma_table_info(?1)")?
            .query_map([name], |row| {
                let declared: String = row.get(1)?;
                Ok(Column {
                    name: row.get(0)?,
                    // As SQLite says of a CAST to INTEGER in several SELECTs.
                    is_number: declared.starts_with("INT") || declared == "NUM",
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        transaction.execute_batch(&layers(name, rows, &columns))?;
    }
    Ok(())
}

struct Column {
    name: String,
    is_number: bool,
}

/// The view in three layers. Names of columns stand in quotes: `group` is a word of SQL.
///
/// This program reads the first, `typed_…`.
///
/// Nothing comes of the SELECTs that declare the types of the columns. SQLite takes those of a view from its first SELECT, those of
/// a view of the view from its last, and of an expression it knows none before version 3.41.
///
/// DuckDB runs a view's SQL by its own rules where it knows all of it. `likely` is SQLite's alone, so that SQLite runs the
/// second layer, whose columns DuckDB takes for texts. The third both can run: it makes numbers of numbers.
fn layers(name: &str, rows: &str, columns: &[Column]) -> String {
    let list = |of: fn(&Column) -> String| columns.iter().map(of).collect::<Vec<_>>().join(", ");
    let declared = list(|Column { name, is_number }| {
        let like = if *is_number { "r.id" } else { "s.id" };
        format!("{like} AS \"{name}\"")
    });
    let declared = format!("SELECT {declared} FROM ratings AS r, survey_responses AS s WHERE false");
    let read = list(|Column { name, is_number }| {
        if *is_number {
            format!("CAST(\"{name}\" AS BIGINT) AS \"{name}\"")
        } else {
            format!("\"{name}\"")
        }
    });
    format!(
        "DROP VIEW {name};
         CREATE VIEW typed_{name} AS {declared} UNION ALL {rows} UNION ALL {declared};
         CREATE VIEW {name}_in_sqlite AS SELECT * FROM typed_{name} WHERE likely(1);
         CREATE VIEW {name} AS {declared} UNION ALL SELECT {read} FROM {name}_in_sqlite;"
    )
}
