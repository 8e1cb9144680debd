//! The report as text for a terminal or a mail.

mod plain;
pub(super) mod table;

use std::fmt::Write as _;

use zendesk_csat::is_bidi_control;

use super::dimension::Dimension;
use super::headline::{self, Fact};
use super::model::{Breakdown, Report};
use super::score::Score;
use super::{format, notes};

/// How many of the last groups by time are shown, and how many of the others.
pub(super) const LAST_IN_TIME: usize = 12;
pub(super) const MOST_ANSWERED: usize = 15;

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
        };
        writer.gaps(self);
        if let Some([nothing, what_to_do]) = notes::empty(self) {
            writer.sentence(&format!("No CSAT report. {nothing}"));
            writer.sentence(&what_to_do);
            writer.scope(self);
            return writer.text;
        }
        writer.title(&format!(
            "CSAT of {}, {}",
            visible(&format::accounts(self)),
            format::period(self)
        ));
        writer.scope(self);
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

    fn sentence(&mut self, sentence: &str) {
        for line in wrapped(sentence, self.width) {
            self.line(&line, "");
        }
    }

    /// What the report is of, where that is not what one would think.
    fn scope(&mut self, report: &Report) {
        for sentence in &report.scope {
            self.sentence(&visible(sentence));
        }
    }

    fn title(&mut self, title: &str) {
        self.line(title, BOLD);
    }

    fn headline(&mut self, report: &Report) {
        let surveys = report.surveys_began_at.map(|began| Fact {
            name: "Surveys since",
            value: format::date(&report.time_zone, began),
            unit: "",
            small: false,
            details: vec![vec!["legacy ratings before".to_owned()]],
        });
        let facts: Vec<Fact> = headline::facts(report).into_iter().chain(surveys).collect();
        let widest = |of: fn(&Fact) -> usize| facts.iter().map(of).max().unwrap_or_default();
        let name_width = widest(|fact| fact.name.chars().count());
        let value_width = widest(|fact| fact.value.chars().count() + fact.unit.len());
        for fact in &facts {
            let (name, value) = (fact.name, format!("{}{}", fact.value, fact.unit));
            let mut lead = format!("{name:<name_width$}  {value:<value_width$}");
            let indent = lead.chars().count();
            for parts in &fact.details {
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
        let by = &breakdown.by;
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
            self.title(&format::title(breakdown));
        }
        let (table, header) = table::fitting(by, &shown, report, self.width);
        for (index, line) in table.lines().enumerate() {
            // The header and the rule under it come first.
            let row = index.checked_sub(header + 1).and_then(|row| shown.get(row));
            let style = match row {
                None if index < header => BOLD,
                Some(bucket) if bucket.score.small_sample && *by != Dimension::Reason => DIM,
                _ => "",
            };
            self.line(line.trim_end(), style);
        }
        if !by.is_time() && !hidden.is_empty() {
            let sum =
                |of: fn(&Score) -> u64| format::count(hidden.iter().map(|bucket| of(&bucket.score)).sum());
            let of_them = if *by == Dimension::Reason {
                format!("{} bad ratings", sum(|score| score.bad))
            } else {
                format!("{} answers", sum(|score| score.answered))
            };
            self.line(
                &format!("and {} more, with {of_them}", format::count(hidden.len() as u64)),
                DIM,
            );
        }
    }

    fn notes(&mut self, report: &Report) {
        self.text.push('\n');
        let synced = report
            .as_of
            .map(|as_of| format!("Synced until {}.", format::minute(&report.time_zone, as_of)));
        for note in notes::notes(report).into_iter().chain(synced) {
            for line in wrapped(&note, self.width) {
                self.line(&line, DIM);
            }
        }
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
