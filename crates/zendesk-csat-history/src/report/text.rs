//! The report as text for a terminal or a mail.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};

use super::dimension::Dimension;
use super::format;
use super::model::{Breakdown, Bucket, Report};
use super::score::{SMALL_SAMPLE_BELOW, Score, percent};

/// How many of the last groups by time are shown, and how many of the others.
const LAST_IN_TIME: usize = 12;
const MOST_ANSWERED: usize = 15;

const PLOT_WIDTH: usize = 16;
const LONGEST_NAME: usize = 40;
const SMALL_SAMPLE_MARK: char = '*';
const SURVEYS_BEGAN_MARK: char = '◆';

const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

impl Report {
    /// The report as lines of at most `width` columns if that is 72 or more; columns that do not fit are left out, and
    /// 100 shows them all.
    /// With `color`, headings are bold and small samples dim (ANSI); without, no escape code is in the text.
    pub fn to_text(&self, width: u16, color: bool) -> String {
        let mut writer = Writer {
            text: String::new(),
            width: usize::from(width),
            color,
            small: false,
            changes: false,
            seam: None,
        };
        if self.is_empty() {
            let nothing = if self.first_sent_at.is_none() {
                "No CSAT report: the table holds no ratings yet.".to_owned()
            } else {
                format!(
                    "No CSAT report: no rating was sent in the period, {}.",
                    format::period(self)
                )
            };
            writer.line(&nothing, "");
            return writer.text;
        }
        writer.title(&format!(
            "CSAT of {}, {}",
            visible(&format::accounts(self)),
            format::period(self)
        ));
        writer.text.push('\n');
        writer.headline(self);
        for breakdown in &self.breakdowns {
            writer.breakdown(breakdown, self);
        }
        writer.notes(self);
        writer.text
    }
}

struct Writer {
    text: String,
    width: usize,
    color: bool,
    /// What the notes have to explain.
    small: bool,
    changes: bool,
    seam: Option<Dimension>,
}

impl Writer {
    fn line(&mut self, line: &str, style: &str) {
        let _ = if self.color && !style.is_empty() {
            writeln!(self.text, "\u{1b}[{style}m{line}\u{1b}[0m")
        } else {
            writeln!(self.text, "{line}")
        };
    }

    fn title(&mut self, title: &str) {
        self.line(title, BOLD);
    }

    fn headline(&mut self, report: &Report) {
        let facts = facts(report);
        let value_width = facts
            .iter()
            .map(|fact| fact.value.chars().count())
            .max()
            .unwrap_or_default();
        for Fact { name, value, lines } in facts {
            let mut lead = format!("{name:<14}  {value:<value_width$}");
            let indent = lead.chars().count();
            for parts in lines {
                let mut line = std::mem::replace(&mut lead, " ".repeat(indent));
                line.push_str("  ");
                for (index, part) in parts.iter().enumerate() {
                    if index > 0 {
                        if line.chars().count() + 2 + part.chars().count() > self.width {
                            self.line(&format!("{line};"), "");
                            line = " ".repeat(indent + 2);
                        } else {
                            line.push_str("; ");
                        }
                    }
                    line.push_str(part);
                }
                self.line(line.trim_end(), "");
            }
        }
    }

    fn breakdown(&mut self, breakdown: &Breakdown, report: &Report) {
        let by = breakdown.by;
        let buckets: Vec<&Bucket> = breakdown
            .buckets
            .iter()
            .filter(|bucket| by != Dimension::Reason || bucket.score.bad > 0)
            .collect();
        if buckets.is_empty() {
            return;
        }
        let shown = if by.is_time() {
            &buckets[buckets.len().saturating_sub(LAST_IN_TIME)..]
        } else {
            &buckets[..buckets.len().min(MOST_ANSWERED)]
        };
        self.text.push('\n');
        let all = buckets.len();
        let title = match (by.is_time(), shown.len() < all) {
            (true, true) => format!(
                "{}, the last {} of {}",
                format::title(by),
                shown.len(),
                format::count(all as u64)
            ),
            _ => format::title(by).to_owned(),
        };
        self.title(&title);
        let columns = if by == Dimension::Reason {
            reason_columns(shown, report.total.bad)
        } else {
            score_columns(by, shown)
        };
        self.table(columns, shown);
        let hidden = &buckets[shown.len()..];
        if !by.is_time() && !hidden.is_empty() {
            let sum =
                |of: fn(&Score) -> u64| format::count(hidden.iter().map(|bucket| of(&bucket.score)).sum());
            let number = format::count(hidden.len() as u64);
            let rest = if by == Dimension::Reason {
                format!("and {number} more, with {} bad ratings", sum(|score| score.bad))
            } else {
                format!("and {number} more, with {} answers", sum(|score| score.answered))
            };
            self.line(&rest, DIM);
        }
        self.small |= by != Dimension::Reason && shown.iter().any(|bucket| is_marked(&bucket.score));
        self.changes |= !by.is_time() && shown.iter().any(|bucket| bucket.change.is_some());
        if shown.iter().any(|bucket| bucket.surveys_began) {
            self.seam = self.seam.or(Some(by));
        }
    }

    fn table(&mut self, mut columns: Vec<Column>, rows: &[&Bucket]) {
        loop {
            let table = build(&columns, rows.len());
            let gaps = GAP as usize * columns.len().saturating_sub(1);
            let needed: usize = table
                .column_max_content_widths()
                .into_iter()
                .map(usize::from)
                .sum::<usize>()
                + gaps;
            let least = columns
                .iter()
                .enumerate()
                .filter(|(_, column)| column.drop_order > 0);
            let least = least
                .max_by_key(|(_, column)| column.drop_order)
                .map(|(index, _)| index);
            if let (true, Some(index)) = (needed > self.width, least) {
                columns.remove(index);
                continue;
            }
            for (index, line) in table.lines().enumerate() {
                // The header and the rule under it come first.
                let dim = index
                    .checked_sub(2)
                    .and_then(|row| rows.get(row))
                    .is_some_and(|row| row.score.small_sample);
                self.line(
                    line.trim_end(),
                    if index == 0 {
                        BOLD
                    } else if dim {
                        DIM
                    } else {
                        ""
                    },
                );
            }
            return;
        }
    }

    fn notes(&mut self, report: &Report) {
        let mut notes = Vec::new();
        if self.small {
            notes.push(format!(
                "{SMALL_SAMPLE_MARK} fewer than {SMALL_SAMPLE_BELOW} answers: a single one moves the score by over 3 points"
            ));
        }
        if let (Some(by), Some(began)) = (self.seam, report.surveys_began_at) {
            notes.push(format!(
                "{SURVEYS_BEGAN_MARK} the {by} of the first survey, {}",
                format::date(began)
            ));
        }
        if self.changes {
            notes.push("Change: points against the span before; p: probability of chance.".to_owned());
        }
        notes.push("CSAT is the share of good in all answers. Times are UTC.".to_owned());
        let end = report
            .as_of
            .map(|time| format!(" The table ends at {}.", format::minute(time)));
        notes.push(format!(
            "A rating counts when it was sent.{}",
            end.unwrap_or_default()
        ));
        self.text.push('\n');
        for note in notes {
            self.line(&note, DIM);
        }
    }
}

/// One fact of the headline: its name, its value, and lines of what there is to say about it.
struct Fact {
    name: &'static str,
    value: String,
    lines: Vec<Vec<String>>,
}

fn facts(report: &Report) -> Vec<Fact> {
    let total = &report.total;
    let interval = total
        .interval()
        .map(|interval| format!("95 % interval {:.1} to {:.1} %", interval.low, interval.high));
    let answers = [
        (total.good, "good"),
        (total.neutral, "neutral"),
        (total.bad, "bad"),
    ]
    .map(|(number, name)| format!("{} {name}", format::count(number)))
    .join(", ");
    let mut asked = vec![format!(
        "{} answered of {} sent",
        format::count(total.answered),
        format::count(total.sent)
    )];
    if total.unanswered_open > 0 {
        asked.push(format!(
            "{} can still be answered",
            format::count(total.unanswered_open)
        ));
    }
    let mut facts = vec![
        Fact {
            name: "CSAT",
            value: with_unit(total.csat_percent),
            lines: vec![interval.into_iter().chain([answers]).collect()],
        },
        Fact {
            name: "Response rate",
            value: with_unit(total.response_rate_percent),
            lines: vec![asked],
        },
        Fact {
            name: "Time to answer",
            value: format::duration(total.median_time_to_answer_seconds),
            lines: vec![vec!["median".to_owned()]],
        },
    ];
    if let Some(comparison) = &report.comparison {
        let change = &comparison.change;
        let side = |csat_percent, answered, span| {
            let score = format!(
                "{} of {} answers",
                with_unit(Some(csat_percent)),
                format::count(answered)
            );
            vec![score, format::span(span)]
        };
        let chance = format!(
            "probability that it is chance: {}",
            format::probability(change.probability_of_chance)
        );
        let few = change.small_sample.then(|| "few answers".to_owned());
        facts.push(Fact {
            name: "Change",
            value: format!("{} points", format::points(change.csat_points)),
            lines: vec![
                side(
                    change.current_csat_percent,
                    change.current_answered,
                    &comparison.current,
                ),
                side(
                    change.previous_csat_percent,
                    change.previous_answered,
                    &comparison.previous,
                ),
                [chance].into_iter().chain(few).collect(),
            ],
        });
    }
    if let Some(began) = report.surveys_began_at {
        let before = vec!["legacy ratings before".to_owned()];
        facts.push(Fact {
            name: "Surveys since",
            value: format::date(began),
            lines: vec![before],
        });
    }
    facts
}

const BOLD: &str = "1";
const DIM: &str = "2";
const GAP: u16 = 2;

struct Column {
    heading: String,
    cells: Vec<String>,
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

    fn right(heading: &str, drop_order: u8, cells: impl Iterator<Item = String>) -> Self {
        Self {
            align: CellAlignment::Right,
            ..Self::left(heading, drop_order, cells)
        }
    }
}

fn build(columns: &[Column], rows: usize) -> Table {
    let mut table = Table::new();
    table.load_style(STYLE);
    table.set_header(columns.iter().map(|column| column.heading.as_str()));
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
    table
}

fn names(by: Dimension, rows: &[&Bucket]) -> Column {
    let cell = |bucket: &&Bucket| {
        let mut name = cut(&visible(&format::name(by, bucket)));
        if bucket.surveys_began {
            name.push(' ');
            name.push(SURVEYS_BEGAN_MARK);
        }
        name
    };
    Column::left(format::heading(by), 0, rows.iter().map(cell))
}

fn score_columns(by: Dimension, rows: &[&Bucket]) -> Vec<Column> {
    let number = |heading: &str, drop_order, of: fn(&Score) -> u64| {
        Column::right(
            heading,
            drop_order,
            rows.iter().map(move |row| format::count(of(&row.score))),
        )
    };
    let mut columns = vec![names(by, rows)];
    if !by.is_of_answers() {
        columns.push(number("Sent", 4, |score| score.sent));
    }
    columns.push(number("Answered", 0, |score| score.answered));
    if !by.is_of_answers() {
        columns.push(Column::right(
            "Resp. %",
            3,
            rows.iter()
                .map(|row| format::percent(row.score.response_rate_percent)),
        ));
    }
    columns.push(number("Good", 5, |score| score.good));
    columns.push(number("Neutral", 6, |score| score.neutral));
    columns.push(number("Bad", 2, |score| score.bad));
    columns.push(Column::right(
        "CSAT %",
        0,
        rows.iter().map(|row| marked_csat(&row.score)),
    ));
    columns.push(Column::right(
        "95 %",
        1,
        rows.iter().map(|row| interval(&row.score)),
    ));
    if by.is_time() {
        columns.push(plot(rows));
    } else {
        columns.push(Column::right(
            "Median",
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
                            format::whole_probability(change.probability_of_chance)
                        )
                    },
                )
            };
            columns.push(Column::right("Change (p)", 8, rows.iter().map(change)));
        }
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
        names(Dimension::Reason, rows),
        number("Bad", 0, |score| score.bad),
        Column::right(
            "% of bad",
            1,
            rows.iter()
                .map(|row| format::percent(percent(row.score.bad, all_bad))),
        ),
        Column::left("", 4, rows.iter().map(|row| bar(row.score.bad, all_bad))),
    ];
    // Most accounts ask for a reason only where the rating is bad.
    if rows.iter().any(|row| row.score.answered > row.score.bad) {
        columns.push(number("Neutral", 3, |score| score.neutral));
        columns.push(number("Good", 2, |score| score.good));
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
    let left = format!("{floor:.0} %");
    let heading = format!("{left}{:>width$}", "100 %", width = PLOT_WIDTH - left.len());
    Column::left(heading.replace(' ', "\u{a0}"), 9, rows.iter().map(draw))
}

fn bar(part: u64, whole: u64) -> String {
    let eighths = percent(part, whole).map_or(0, |share| {
        (share / 100.0 * PLOT_WIDTH as f64 * 8.0).round() as usize
    });
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
    format!("{}{rest}", "█".repeat(eighths / 8))
}

fn is_marked(score: &Score) -> bool {
    score.small_sample && score.answered > 0
}

fn marked_csat(score: &Score) -> String {
    let mark = if is_marked(score) { SMALL_SAMPLE_MARK } else { ' ' };
    format!("{}{mark}", format::percent(score.csat_percent)).replace(' ', "\u{a0}")
}

fn interval(score: &Score) -> String {
    score.interval().map_or_else(
        || format::NOTHING.to_owned(),
        |interval| format!("{:.0}–{:.0}", interval.low, interval.high),
    )
}

fn with_unit(share: Option<f64>) -> String {
    share.map_or_else(|| format::NOTHING.to_owned(), |share| format!("{share:.1} %"))
}

/// Customers' and administrators' words cannot steer the terminal: what does not print becomes a replacement mark.
fn visible(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars()
        .map(|c| if steers(c) { char::REPLACEMENT_CHARACTER } else { c })
        .collect()
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
    fn words_cannot_steer_the_terminal() {
        assert_eq!(
            visible("a\u{1b}[31m\nb\u{202e}c é 好"),
            "a\u{fffd}[31m\u{fffd}b\u{fffd}c é 好"
        );
    }

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
