//! The declared columns are those of the file.

use rusqlite::Connection;
use zendesk_csat_history::export::{Format, Table};

use crate::file::{empty, every_table};

/// Name, and whether it can be null, of the columns of a table in the file.
fn in_file(table: &str) -> Vec<(String, bool)> {
    let file = empty();
    let connection = Connection::open(file.path()).unwrap();
    let mut statement = connection
        .prepare("SELECT name, \"notnull\" = 0 FROM pragma_table_info(?1)")
        .unwrap();
    statement
        .query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

fn declared(table: Table) -> Vec<(String, bool)> {
    table
        .columns()
        .iter()
        .map(|column| (column.name.to_owned(), column.nullable))
        .collect()
}

#[test]
fn the_view_has_the_columns_of_the_one_table() {
    let names =
        |columns: Vec<(String, bool)>| -> Vec<String> { columns.into_iter().map(|(name, _)| name).collect() };
    let declared = names(declared(Table::Csat));
    assert_eq!(declared, names(in_file("csat")));
    // What only the report reads comes last.
    assert_eq!(declared, names(in_file("csat_ms"))[..declared.len()]);
}

#[test]
fn no_column_of_the_file_is_left_out() {
    for table in Table::ALL.into_iter().skip(1) {
        // The account goes by its name, and where a question was seen is the sync's own business.
        let kept = |(name, _): &(String, bool)| {
            ![
                "account_id",
                "seen_in",
                "seen_among",
                "run",
                "attempts",
                "read_at",
            ]
            .contains(&name.as_str())
        };
        let mut file: Vec<_> = in_file(table.as_str()).into_iter().filter(kept).collect();
        if table == Table::Ratings {
            file.push(("latest".to_owned(), false));
        }
        assert_eq!(declared(table)[1..], file, "{table}");
    }
}

#[test]
fn names_are_read_and_unknown_ones_answered_with_those_there_are() {
    for table in Table::ALL {
        assert_eq!(table.to_string().parse(), Ok(table));
    }
    let error = "birds".parse::<Table>().unwrap_err().to_string();
    assert!(
        error.contains("\"birds\"") && error.contains("csat, ratings"),
        "{error}"
    );
}

/// The part of the page about a table, as it has to be.
fn documented(table: Table) -> String {
    let mut lines = vec![
        "| column | type | can be null | meaning |".to_owned(),
        "| --- | --- | --- | --- |".to_owned(),
    ];
    lines.extend(table.columns().iter().map(|column| {
        let null = if column.nullable { "yes" } else { "" };
        let (name, kind) = (column.name, column.kind.as_str());
        format!("| {name} | {kind} | {null} | {} |", column.meaning())
    }));
    lines.join("\n")
}

#[test]
fn the_page_of_the_tables_says_what_their_columns_are() {
    let page = include_str!("../../../../docs/tables.md");
    let mut rest = page;
    for table in Table::ALL {
        let heading = format!("\n## {table}\n");
        let (_, after) = rest
            .split_once(&heading)
            .unwrap_or_else(|| panic!("docs/tables.md: {heading}"));
        let section = after.split_once("\n## ").map_or(after, |(section, _)| section);
        let expected = documented(table);
        assert!(
            section.trim_end().ends_with(&expected),
            "docs/tables.md should have under {heading}\n{expected}\n"
        );
        rest = after;
    }
    for format in Format::ALL {
        for suffix in format.suffixes() {
            assert!(page.contains(&format!("`.{suffix}`")), "docs/tables.md: {suffix}");
        }
    }
}

#[test]
fn every_column_of_every_table_and_view_has_a_declared_type_and_values_of_it() {
    let file = every_table();
    let connection = Connection::open(file.path()).unwrap();
    let texts = |sql: &str| -> Vec<(String, String)> {
        connection
            .prepare(sql)
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .collect::<rusqlite::Result<_>>()
            .unwrap()
    };
    let tables = texts(
        "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%'",
    );
    assert!(tables.iter().filter(|(_, kind)| kind == "view").count() >= 4);
    let mut with_values = 0;
    for (table, _) in tables {
        for (column, declared) in texts(&format!("SELECT name, type FROM pragma_table_info('{table}')")) {
            let kind = match declared.as_str() {
                "INTEGER" | "INT" => "integer",
                "TEXT" => "text",
                other => panic!("{table}.{column} is declared as {other:?}"),
            };
            let select = format!(
                "SELECT DISTINCT typeof(\"{column}\"), '' FROM {table} WHERE \"{column}\" IS NOT NULL"
            );
            let found = texts(&select);
            assert!(
                found.iter().all(|(found, _)| found == kind),
                "{table}.{column}: {found:?}, not {kind}"
            );
            with_values += found.len();
        }
    }
    assert!(with_values > 100, "{with_values} columns have values");
}
