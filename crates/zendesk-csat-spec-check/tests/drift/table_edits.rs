//! Tables: a row more or less, every cell that says something else, every value that a description lists.

use crate::edits::{Edit, NEW};
use crate::model::{Block, Page, Table};

pub(crate) fn of(page: &Page, index: usize, table: &Table, edits: &mut Vec<Edit>) {
    let with = |rows: Vec<Vec<String>>| {
        page.with(
            index,
            Block::Table(Table {
                rows,
                ..table.clone()
            }),
        )
    };
    let changed = |row: usize, cell: usize, text: &str| {
        let mut rows = table.rows.clone();
        rows[row][cell] = text.to_owned();
        with(rows)
    };
    let added = |name: &str, last: &str| {
        let mut row: Vec<String> = table
            .columns
            .iter()
            .map(|column| sample_cell(column).to_owned())
            .collect();
        row[0] = name.to_owned();
        *row.last_mut().unwrap() = last.to_owned();
        let mut rows = table.rows.clone();
        rows.insert(rows.len() / 2, row);
        with(rows)
    };
    if table.has("Code") {
        edits.push(Edit::new(
            "add the code 77".into(),
            &["77"],
            added("77", "Something else"),
        ));
    } else {
        edits.push(Edit::new(
            format!("add the row {NEW}"),
            &[NEW],
            added(NEW, "What nobody had before"),
        ));
    }
    if table.has("Parameter") {
        edits.push(Edit::new(
            format!("add the filter {NEW} with values"),
            &[NEW],
            added(NEW, "one, two"),
        ));
    }
    edits.push(Edit::new(
        format!("remove the table of {}", table.rows[0][0]),
        &[&table.rows[0][0], "no table of it"],
        page.without(&[index]),
    ));
    for (cell, column) in table.columns.iter().enumerate().skip(1) {
        if [
            "Type",
            "Read-only",
            "Mandatory",
            "Optional",
            "Nullable",
            "In",
            "Required",
        ]
        .contains(&column.as_str())
        {
            let mut gone = table.clone();
            gone.columns.remove(cell);
            gone.rows.iter_mut().for_each(|row| drop(row.remove(cell)));
            // Without a place, parameters are a table of properties.
            let words: &[&str] = if column == "In" { &["no schema"] } else { &[column] };
            edits.push(Edit::new(
                format!("remove the column {column}"),
                words,
                page.with(index, Block::Table(gone)),
            ));
        }
    }
    for (row, cells) in table.rows.iter().enumerate() {
        let name = cells[0].as_str();
        let mut rows = table.rows.clone();
        rows.remove(row);
        // By the row `page` one knows how a listing is paged.
        let words: &[&str] = if name == "page" { &["pagination"] } else { &[name] };
        edits.push(Edit::new(format!("remove the row {name}"), words, with(rows)));
        if table.has("Parameter") {
            let renamed = format!("{name}x");
            edits.push(Edit::new(
                format!("rename the filter {name}"),
                &[name],
                changed(row, 0, &renamed),
            ));
        }
        for (cell, column) in table.columns.iter().enumerate() {
            let text = cells[cell].as_str();
            let others: &[&str] = match (column.as_str(), text) {
                ("Type", "integer") => &["string", "uuid"],
                ("Type", "string") => &["integer", "object"],
                ("Type", "object") => &["array"],
                ("Type", _) => &["string"],
                ("In", "Path") => &["Query"],
                ("In", _) => &["Path"],
                (_, "true") => &["false", "sometimes"],
                (_, "false") => &["true"],
                _ => &[],
            };
            for other in others {
                let what = format!("{name}: {column} {text} → {other}");
                edits.push(Edit::new(what, &[name], changed(row, cell, other)));
            }
        }
        let last = cells.len() - 1;
        for (what, words, text) in described(&cells[last], table.has("Parameter")) {
            let words: Vec<_> = words.iter().map(String::as_str).collect();
            edits.push(Edit::new(
                format!("{name}: {what}"),
                &words,
                changed(row, last, &text),
            ));
        }
    }
}

fn sample_cell(column: &str) -> &str {
    match column {
        "Type" => "string",
        "In" => "Query",
        "Description" | "Descriptions" | "Value" | "Reason" => "Words",
        _ => "false",
    }
}

/// What a description lists, with each of it gone or changed, and with one more.
fn described(text: &str, is_filter: bool) -> Vec<(String, Vec<String>, String)> {
    let mut edits = Vec::new();
    let values = listed(text, is_filter);
    for (at, value) in &values {
        let end = at + value.len();
        let quote = usize::from(text[..*at].ends_with('"'));
        let (start, end) = (at - quote, end + quote);
        let new = format!("{}zzvalue{}", &text[start..*at], &text[end - quote..end]);
        let replaced = format!("{}{new}{}", &text[..start], &text[end..]);
        edits.push((
            format!("value {value} → zzvalue"),
            vec!["zzvalue".to_owned()],
            replaced,
        ));
        let added = format!("{}{new}, {}", &text[..start], &text[start..]);
        if edits.len() < 2 {
            edits.push((
                "add the value zzvalue".to_owned(),
                vec!["zzvalue".to_owned()],
                added,
            ));
        }
        if values.last().is_some_and(|(last, _)| last == at) {
            let added = format!("{}, {new}{}", &text[..end], &text[end..]);
            edits.push((
                "add the value zzvalue at the end".to_owned(),
                vec!["zzvalue".to_owned()],
                added,
            ));
            let added = format!("{} or {new}{}", &text[..end], &text[end..]);
            if !is_filter {
                edits.push(("add or zzvalue".to_owned(), vec!["zzvalue".to_owned()], added));
            }
        }
        if values.len() > 1 {
            edits.push((
                format!("remove the value {value}"),
                vec![format!("{value:?}")],
                without(text, start, end),
            ));
        }
    }
    for (at, _) in text.match_indices('[') {
        let Some(name) = text[at + 1..].split(']').next() else {
            continue;
        };
        let end = at + name.len() + 2;
        let next = text[end..].find('[').map_or(text.len(), |next| end + next);
        let removed = format!("{}{}", &text[..at], &text[next..]);
        edits.push((format!("remove [{name}]"), vec![format!("[{name}]")], removed));
        let renamed = format!("{}[{name}_x]{}", &text[..at], &text[end..]);
        edits.push((format!("rename [{name}]"), vec![format!("[{name}_x]")], renamed));
    }
    if text.starts_with('[') {
        edits.push((
            format!("add [{NEW}]"),
            vec![NEW.to_owned()],
            format!("{text} [{NEW}] - Words"),
        ));
    }
    edits
}

fn without(text: &str, start: usize, end: usize) -> String {
    let (before, after) = (&text[..start], &text[end..]);
    // The comma and the word of the list go along.
    for separator in [", or ", ", and ", ",\n", ", ", " or ", " and "] {
        if let Some(after) = after.strip_prefix(separator) {
            return format!("{before}{after}");
        }
    }
    for separator in [", or ", ", and ", ",\n", ", ", " or ", " and "] {
        if let Some(before) = before.strip_suffix(separator) {
            return format!("{before}{after}");
        }
    }
    format!("{before}{after}")
}

/// Where the values of a list stand: all of a filter's, those in quotes, and those behind a few words.
fn listed(text: &str, is_filter: bool) -> Vec<(usize, String)> {
    let span = if is_filter && text.chars().next().is_some_and(char::is_lowercase) {
        0..text.len()
    } else if text.matches('"').count() > 2 {
        return text
            .match_indices('"')
            .collect::<Vec<_>>()
            .chunks_exact(2)
            .map(|pair| (pair[0].0 + 1, text[pair[0].0 + 1..pair[1].0].to_owned()))
            .collect();
    } else if let Some(lead) = ["such as ", "options: ", "Has the value "]
        .iter()
        .find(|lead| text.contains(**lead))
    {
        let start = text.find(lead).unwrap() + lead.len();
        let end = text[start..].find(" (").map_or(text.len(), |end| start + end);
        start..end
    } else {
        return Vec::new();
    };
    let mut values = Vec::new();
    let mut at = span.start;
    for part in text[span].split_inclusive([',', '\n', ' ']) {
        let value = part.trim_end_matches([',', '\n', ' ']);
        if !value.is_empty() && !["and", "or"].contains(&value) {
            values.push((at, value.to_owned()));
        }
        at += part.len();
    }
    values
}
