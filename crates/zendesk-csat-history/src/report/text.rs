//! The report as text for a terminal or a mail.

mod plain;
mod table;

use std::fmt::Write as _;

use zendesk_csat::is_bidi_control;

use self::table::{SMALL_SAMPLE_MARK, SURVEYS_BEGAN_MARK, is_marked};

use super::dimension::Dimension;
use super::format;
use super::model::{Breakdown, Comparison, Report};
use super::score::{SMALL_SAMPLE_BELOW, Score};

/// How many of the last groups by time are shown, and how many of the others.
const LAST_IN_TIME: usize = 12;
const MOST_ANSWERED: usize = 15;

impl Report {
    /// The report as lines of at most `width` columns if that is 72 or more; columns that do not fit are left out, and
    /// 100 shows them all.
    /// With `color`, headings are bold and small samples dim (ANSI); without, no escape code is in the text.
    pub fn to_text(&self, width: u16, color: bool) -> String {
        plain::words_as_written(&self.drawn(width, color))
    }

    /// The same without color, and with marks that every console has: what is not ASCII in it are the words of people.
    pub fn to_plain_text(&self, width: u16) -> String {
        plain::plain(&self.drawn(width, false))
    }

    /// The text with words that [`plain`] tells from marks.
    fn drawn(&self, width: u16, color: bool) -> String {
        let mut writer = Writer {
            text: String::new(),
            width: usize::from(width),
            color,
            small: false,
            changes: 0,
            is_open: None,
            reasons: false,
            seam: None,
        };
        writer.gaps(self);
        let scope = |writer: &mut Writer| {
            for sentence in &self.scope {
                for line in wrapped(&visible(sentence), usize::from(width)) {
                    writer.line(&line, "");
                }
            }
        };
        if self.is_empty() {
            let nothing = if self.first_sent_at.is_none() {
                "No CSAT report: the table holds no ratings yet.".to_owned()
            } else {
                let of_those = if self.filters.is_empty() {
                    ""
                } else {
                    " of those picked"
                };
                format!(
                    "No CSAT report: no rating{of_those} was sent in the period, {}.",
                    format::period(self)
                )
            };
            writer.line(&nothing, "");
            scope(&mut writer);
            return writer.text;
        }
        writer.title(&format!(
            "CSAT of {}, {}",
            visible(&format::accounts(self)),
            format::period(self)
        ));
        scope(&mut writer);
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
    /// How many changes of a table were tested.
    changes: usize,
    is_open: Option<Dimension>,
    reasons: bool,
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

    /// What is not whole says so first.
    fn gaps(&mut self, report: &Report) {
        for gap in &report.gaps {
            self.line(&visible(&format!("Not whole: {gap}")), BOLD);
        }
        if !report.gaps.is_empty() {
            self.text.push('\n');
        }
    }

    fn title(&mut self, title: &str) {
        self.line(title, BOLD);
    }

    fn headline(&mut self, report: &Report) {
        let facts = facts(report);
        let widest = |of: fn(&Fact) -> usize| facts.iter().map(of).max().unwrap_or_default();
        let name_width = widest(|fact| fact.name.chars().count());
        let value_width = widest(|fact| fact.value.chars().count());
        for Fact { name, value, lines } in &facts {
            let mut lead = format!("{name:<name_width$}  {value:<value_width$}");
            let indent = lead.chars().count();
            for parts in lines {
                let mut line = std::mem::replace(&mut lead, " ".repeat(indent));
                line.push(' ');
                for word in parts.join("; ").split(' ') {
                    if line.chars().count() + 1 + word.chars().count() > self.width {
                        self.line(&line, "");
                        line = " ".repeat(indent + 3);
                    }
                    line.push(' ');
                    line.push_str(word);
                }
                self.line(line.trim_end(), "");
            }
        }
    }

    fn breakdown(&mut self, breakdown: &Breakdown, report: &Report) {
        let by = breakdown.by;
        let (shown, hidden) = breakdown.first(if by.is_time() { LAST_IN_TIME } else { MOST_ANSWERED });
        if shown.is_empty() {
            return;
        }
        self.text.push('\n');
        let all = shown.len() + hidden.len();
        if by.is_time() && !hidden.is_empty() {
            self.title(&format!(
                "{}, the last {} of {}",
                format::title(breakdown),
                shown.len(),
                format::count(all as u64)
            ));
        } else {
            self.title(format::title(breakdown));
        }
        let table = table::fitting(by, &shown, report, self.width);
        for (index, line) in table.lines().enumerate() {
            // The header and the rule under it come first.
            let row = index.checked_sub(2).and_then(|row| shown.get(row));
            let style = match row {
                None if index == 0 => BOLD,
                Some(bucket) if bucket.score.small_sample && by != Dimension::Reason => DIM,
                _ => "",
            };
            self.line(line.trim_end(), style);
        }
        if !by.is_time() && !hidden.is_empty() {
            let sum =
                |of: fn(&Score) -> u64| format::count(hidden.iter().map(|bucket| of(&bucket.score)).sum());
            let of_them = if by == Dimension::Reason {
                format!("{} bad ratings", sum(|score| score.bad))
            } else {
                format!("{} answers", sum(|score| score.answered))
            };
            self.line(
                &format!("and {} more, with {of_them}", format::count(hidden.len() as u64)),
                DIM,
            );
        }
        if by == Dimension::Reason {
            self.reasons = true;
        } else {
            self.small |= shown.iter().any(|bucket| is_marked(&bucket.score));
            if !by.is_time() {
                let tested = breakdown
                    .buckets
                    .iter()
                    .filter(|bucket| bucket.change.is_some())
                    .count();
                self.changes = self.changes.max(tested);
            }
        }
        if shown.iter().any(|bucket| bucket.is_open) {
            self.is_open = self.is_open.or(Some(by));
        }
        if shown.iter().any(|bucket| bucket.surveys_began) {
            self.seam = self.seam.or(Some(by));
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
                format::date(&report.time_zone, began)
            ));
        }
        if let Some(by) = self.is_open {
            notes.push(format!(
                "open: customers asked in that {by} can still answer, so that its numbers will change."
            ));
        }
        if self.changes > 0 {
            let corrected = if self.changes > 1 {
                format!(", corrected for {} comparisons in a table (Holm)", self.changes)
            } else {
                String::new()
            };
            let against = report.comparison.as_ref().map_or_else(
                || "the span before".to_owned(),
                |comparison| format::span(&report.time_zone, &comparison.previous),
            );
            notes.push(format!(
                "Change: points against {against}; p: how often, with no real change, one as large comes{corrected}."
            ));
            notes.push(format!(
                "No change is shown from or to fewer than {SMALL_SAMPLE_BELOW} answers."
            ));
        }
        if self.reasons {
            notes.push(
                "Reasons: those of bad and neutral answers. One with several reasons counts under each."
                    .to_owned(),
            );
        }
        notes.extend(format::how_it_counts(report));
        if let Some(as_of) = report.as_of {
            notes.push(format!(
                "Synced until {}.",
                format::minute(&report.time_zone, as_of)
            ));
        }
        self.text.push('\n');
        for note in notes {
            for line in wrapped(&note, self.width) {
                self.line(&line, DIM);
            }
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
    let unscored =
        (total.unscored > 0).then(|| format!("{} of another score", format::count(total.unscored)));
    let csat = Fact {
        name: "CSAT",
        value: format::share(total.csat_percent),
        lines: vec![interval.into_iter().chain([answers]).chain(unscored).collect()],
    };
    let mut facts = vec![csat];
    if report.has_response_rate() {
        facts.push(response_rate(total));
    }
    facts.push(Fact {
        name: "Customers answered after",
        value: format::duration(total.median_time_to_answer_seconds),
        lines: vec![vec!["median".to_owned()]],
    });
    facts.extend(
        report
            .comparison
            .as_ref()
            .map(|comparison| change(report, comparison)),
    );
    if let Some(began) = report.surveys_began_at {
        let before = vec!["legacy ratings before".to_owned()];
        facts.push(Fact {
            name: "Surveys since",
            value: format::date(&report.time_zone, began),
            lines: vec![before],
        });
    }
    facts
}

fn response_rate(total: &Score) -> Fact {
    let mut asked = vec![format!(
        "{} answered of {} sent",
        format::count(total.answered.saturating_sub(total.unasked)),
        format::count(total.sent)
    )];
    if total.unanswered_open > 0 {
        asked.push(format!(
            "{} open: can still be answered",
            format::count(total.unanswered_open)
        ));
    }
    if total.unasked > 0 {
        asked.push(format!(
            "{} more rated without being asked",
            format::count(total.unasked)
        ));
    }
    Fact {
        name: "Response rate",
        value: format::share(total.response_rate_percent),
        lines: vec![asked],
    }
}

fn change(report: &Report, comparison: &Comparison) -> Fact {
    let side = |csat_percent, answered, span| {
        let score = format!(
            "{} of {} answers",
            format::share(Some(csat_percent)),
            format::count(answered)
        );
        vec![score, format::span(&report.time_zone, span)]
    };
    let Some(change) = &comparison.change else {
        return Fact {
            name: "Change",
            value: format::NOTHING.to_owned(),
            lines: vec![vec![format::not_compared(comparison)]],
        };
    };
    let mut before = side(
        change.previous_csat_percent,
        change.previous_answered,
        &comparison.previous,
    );
    before.extend(format::later_answers(comparison));
    Fact {
        name: "Change",
        value: format!("{} points", format::points(change.csat_points)),
        lines: vec![
            side(
                change.current_csat_percent,
                change.current_answered,
                &comparison.current,
            ),
            before,
            format::significance(change).to_vec(),
        ],
    }
}

/// The words in lines of at most so many characters, as far as words are not longer.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

const BOLD: &str = "1";
const DIM: &str = "2";

/// Customers' and administrators' words cannot steer the terminal: what does not print becomes a replacement mark.
fn visible(text: &str) -> String {
    let steers = |c: char| c.is_control() || is_bidi_control(c) || matches!(c, '\u{2028}' | '\u{2029}');
    text.chars()
        .map(|c| {
            if steers(c) {
                char::REPLACEMENT_CHARACTER
            } else {
                plain::in_words(c)
            }
        })
        .collect()
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
}
