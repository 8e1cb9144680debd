//! The tables of the text: columns of cells, the least needed left out where the line is too short.

use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};

use crate::report::dimension::Dimension;
use crate::report::format;
use crate::report::model::{Bucket, Report};
use crate::report::notes::{SMALL_SAMPLE_MARK, SURVEYS_BEGAN_MARK, is_marked};
use crate::report::score::{Score, percent};

use super::visible;

const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
const GAP: u16 = 2;
const PLOT_WIDTH: usize = 16;
const LONGEST_NAME: usize = 40;

/// The table of these groups in lines of at most `width` columns, as far as leaving out columns helps, and the number of
/// lines of its header.
pub(super) fn fitting(by: &Dimension, rows: &[&Bucket], report: &Report, width: usize) -> (Table, usize) {
    let mut columns = vec![names(by, rows)];
    columns.extend(columns_of(by, rows, report));
    loop {
        let (table, header) = build(&columns, rows.len());
        let gaps = usize::from(GAP) * columns.len().saturating_sub(1);
        let needed = table
            .column_max_content_widths()
            .into_iter()
            .map(usize::from)
            .sum::<usize>()
            + gaps;
        let droppable = columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.drop_order > 0);
        match droppable.max_by_key(|(_, column)| column.drop_order) {
            Some((index, _)) if needed > width => {
                columns.remove(index);
            }
            _ => return (table, header),
        }
    }
}

/// What there is to say of these groups, beside their names.
pub(in crate::report) fn columns_of(by: &Dimension, rows: &[&Bucket], report: &Report) -> Vec<Column> {
    if *by == Dimension::Reason {
        reason_columns(rows, report.total.bad)
    } else {
        score_columns(by, rows, report)
    }
}

pub(in crate::report) struct Column {
    pub(in crate::report) heading: String,
    pub(in crate::report) cells: Vec<String>,
    align: CellAlignment,
    /// Columns with a higher number give way first; 0 stays.
    drop_order: u8,
}

impl Column {
    fn left(heading: impl Into<String>, drop_order: u8, cells: impl Iterator<Item = String>) -> Self {
        Self {
            heading: heading.into(),
            cells: cells.collect(),
            align: CellAlignment::Left,
            drop_order,
        }
    }

    /// Whether it is drawn with letters, which only a terminal shows as a picture.
    pub(in crate::report) fn is_picture(&self) -> bool {
        self.align == CellAlignment::Left
    }

    fn right(heading: &str, drop_order: u8, cells: impl Iterator<Item = String>) -> Self {
        Self {
            align: CellAlignment::Right,
            ..Self::left(heading, drop_order, cells)
        }
    }
}

fn build(columns: &[Column], rows: usize) -> (Table, usize) {
    let mut table = Table::new();
    table.load_style(STYLE);
    let lines = |heading: &str| heading.lines().count().max(1);
    let header = columns.iter().map(|column| lines(&column.heading)).max();
    let header = header.unwrap_or(1);
    // The last lines stand side by side.
    table.set_header(columns.iter().map(|column| {
        let heading = &column.heading;
        "\n".repeat(header - lines(heading)) + heading
    }));
    for row in 0..rows {
        table.add_row(
            columns
                .iter()
                .map(|column| column.cells.get(row).map_or("", String::as_str)),
        );
    }
    for (index, (column, of)) in table.column_iter_mut().zip(columns).enumerate() {
        // The gap is this padding and the column line, which is blank.
        column.set_padding((if index == 0 { 0 } else { GAP - 1 }, 0));
        column.set_cell_alignment(of.align);
    }
    (table, header)
}

fn names(by: &Dimension, rows: &[&Bucket]) -> Column {
    let cell = |bucket: &&Bucket| {
        let mut name = cut(&visible(&format::name(by, bucket)));
        if bucket.is_open {
            name.push_str(" open");
        }
        if bucket.surveys_began {
            name.push(' ');
            name.push(SURVEYS_BEGAN_MARK);
        }
        name
    };
    Column::left(format::heading(by), 0, rows.iter().map(cell))
}

fn score_columns(by: &Dimension, rows: &[&Bucket], report: &Report) -> Vec<Column> {
    let has_sent = !by.is_of_answers() && report.has_response_rate();
    let number = |heading: &str, drop_order, of: fn(&Score) -> u64| {
        Column::right(
            heading,
            drop_order,
            rows.iter().map(move |row| format::count(of(&row.score))),
        )
    };
    let mut columns = vec![
        Column::right("CSAT", 0, rows.iter().map(|row| marked_csat(&row.score))),
        Column::right("95% CI", 1, rows.iter().map(|row| interval(&row.score))),
    ];
    if by.is_time() {
        columns.push(plot(rows));
    }
    columns.push(number("Answered", 0, |score| score.answered));
    if has_sent {
        columns.push(number("Sent", 4, |score| score.sent));
        columns.push(Column::right(
            "Response\nrate",
            3,
            rows.iter()
                .map(|row| format::share(row.score.response_rate_percent)),
        ));
    }
    columns.push(number("Good", 5, |score| score.good));
    columns.push(number("Neutral", 6, |score| score.neutral));
    columns.push(number("Bad", 2, |score| score.bad));
    if by.is_time() {
        return columns;
    }
    columns.push(Column::right(
        "Answered\nafter",
        7,
        rows.iter()
            .map(|row| format::duration(row.score.median_time_to_answer_seconds)),
    ));
    if rows.iter().any(|row| row.change.is_some()) {
        let change = |row: &&Bucket| {
            row.change.as_ref().map_or_else(
                || format::NOTHING.to_owned(),
                |change| {
                    format!(
                        "{} ({})",
                        format::points(change.csat_points),
                        format::p_value(change.p_value_adjusted)
                    )
                },
            )
        };
        columns.push(Column::right("Change (p)", 8, rows.iter().map(change)));
    }
    columns
}

fn reason_columns(rows: &[&Bucket], all_bad: u64) -> Vec<Column> {
    let number = |heading: &str, drop_order, of: fn(&Score) -> u64| {
        Column::right(
            heading,
            drop_order,
            rows.iter().map(move |row| format::count(of(&row.score))),
        )
    };
    let mut columns = vec![
        number("Bad", 0, |score| score.bad),
        Column::right(
            "% of bad",
            1,
            rows.iter()
                .map(|row| format::share(percent(row.score.bad, all_bad))),
        ),
        Column::left("", 4, rows.iter().map(|row| bar(row.score.bad, all_bad))),
    ];
    if rows.iter().any(|row| row.score.neutral > 0) {
        columns.push(number("Neutral", 3, |score| score.neutral));
    }
    columns
}

/// The scores on one axis: the interval as a line, the score as a dot on it.
fn plot(rows: &[&Bucket]) -> Column {
    let floor = format::axis_floor(rows.iter().copied());
    let cell = |percent: f64| {
        let place = (percent - floor) / (100.0 - floor) * (PLOT_WIDTH - 1) as f64;
        place.round().clamp(0.0, (PLOT_WIDTH - 1) as f64) as usize
    };
    let draw = |row: &&Bucket| {
        let score = &row.score;
        let (Some(interval), Some(csat)) = (score.interval(), score.csat_percent) else {
            return String::new();
        };
        let (low, high, middle) = (cell(interval.low), cell(interval.high), cell(csat));
        (0..=high.max(middle))
            .map(|at| match at {
                _ if at == middle => '●',
                _ if at >= low => '─',
                _ => '\u{a0}',
            })
            .collect()
    };
    let left = format!("{floor:.0}%");
    let heading = format!("{left}{:>width$}", "100%", width = PLOT_WIDTH - left.len());
    Column::left(heading.replace(' ', "\u{a0}"), 9, rows.iter().map(draw))
}

fn bar(part: u64, whole: u64) -> String {
    let eighths = percent(part, whole).map_or(0, |share| {
        (share / 100.0 * PLOT_WIDTH as f64 * 8.0).round() as usize
    });
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
    format!("{}{rest}", "█".repeat(eighths / 8))
}

fn marked_csat(score: &Score) -> String {
    let mark = if is_marked(score) { SMALL_SAMPLE_MARK } else { ' ' };
    format!("{}{mark}", format::share(score.csat_percent)).replace(' ', "\u{a0}")
}

fn interval(score: &Score) -> String {
    score.interval().map_or_else(
        || format::NOTHING.to_owned(),
        |interval| format!("{:.0}–{:.0}", interval.low, interval.high),
    )
}

fn cut(name: &str) -> String {
    if name.chars().count() <= LONGEST_NAME {
        return name.to_owned();
    }
    name.chars().take(LONGEST_NAME - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut() {
        assert_eq!(cut(&"x".repeat(LONGEST_NAME)), "x".repeat(LONGEST_NAME));
        assert_eq!(cut(&"x".repeat(LONGEST_NAME + 1)).chars().count(), LONGEST_NAME);
    }

    #[test]
    fn bars_are_as_long_as_their_share() {
        assert_eq!(bar(0, 10), "");
        assert_eq!(bar(10, 10), "█".repeat(PLOT_WIDTH));
        assert_eq!(bar(1, 0), "");
    }
}
