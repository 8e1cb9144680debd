//! The report in Markdown, as GitHub and most chats show it: tables and no comments, for many may read along.

mod escape;

use std::fmt::Write as _;

use self::escape::escape;
use super::model::{Breakdown, Report};
use super::text::table::columns_of;
use super::text::{LAST_IN_TIME, MOST_ANSWERED};
use super::{format, headline, notes};

impl Report {
    /// The report in GitHub's Markdown, for a chat, a mail or the summary of a job. It has no comments of customers, and no
    /// text from outside becomes markup, a mention or a link.
    ///
    /// ```
    /// use zendesk_csat_history::History;
    /// use zendesk_csat_history::report::ReportOptions;
    ///
    /// let report = History::open(":memory:")?.report(&ReportOptions::default())?;
    /// assert!(report.to_markdown().starts_with("## CSAT\n"));
    /// # Ok::<(), zendesk_csat_history::HistoryError>(())
    /// ```
    pub fn to_markdown(&self) -> String {
        let mut text = String::new();
        let _ = write(&mut text, self);
        text
    }
}

fn write(text: &mut String, report: &Report) -> std::fmt::Result {
    if report.subdomains.is_empty() {
        writeln!(text, "## CSAT")?;
    } else {
        let accounts = escape(&format::accounts(report));
        writeln!(text, "## CSAT of {accounts}, {}", format::period(report))?;
    }
    for gap in &report.gaps {
        writeln!(text, "\n> **Not whole:** {}", escape(&gap.to_string()))?;
    }
    if let Some([nothing, what_to_do]) = notes::empty(report) {
        writeln!(text, "\n{nothing} {what_to_do}")?;
        return report
            .scope
            .iter()
            .try_for_each(|sentence| writeln!(text, "\n{}", escape(sentence)));
    }
    for sentence in &report.scope {
        writeln!(text, "\n{}", escape(sentence))?;
    }
    writeln!(text, "\n| | | |\n| --- | ---: | --- |")?;
    for fact in headline::facts(report) {
        let details: Vec<String> = fact.details.into_iter().flatten().collect();
        writeln!(
            text,
            "| **{}** | {}{} | {} |",
            fact.name,
            fact.value,
            fact.unit,
            of_ours(&details.join("; "))
        )?;
    }
    for breakdown in &report.breakdowns {
        table(text, breakdown, report)?;
    }
    writeln!(text)?;
    let synced = report
        .as_of
        .map(|as_of| format!("Synced until {}.", format::minute(&report.time_zone, as_of)));
    for note in notes::notes(report).into_iter().chain(synced) {
        writeln!(text, "- {}", of_ours(&note))?;
    }
    Ok(())
}

fn table(text: &mut String, breakdown: &Breakdown, report: &Report) -> std::fmt::Result {
    let by = &breakdown.by;
    let most = if by.is_time() { LAST_IN_TIME } else { MOST_ANSWERED };
    let (shown, hidden) = breakdown.first(most);
    if shown.is_empty() {
        return Ok(());
    }
    let mut columns = columns_of(by, &shown, report);
    columns.retain(|column| !column.is_picture());
    write!(
        text,
        "\n### {}\n\n| {} |",
        format::title(breakdown),
        format::heading(by)
    )?;
    for column in &columns {
        write!(text, " {} |", of_ours(&column.heading.replace('\n', " ")))?;
    }
    write!(text, "\n| --- |{}", " ---: |".repeat(columns.len()))?;
    for (index, bucket) in shown.iter().enumerate() {
        write!(text, "\n| {}", escape(&format::name(by, bucket)))?;
        if bucket.is_open {
            write!(text, " (open)")?;
        }
        if bucket.surveys_began {
            write!(text, " {}", notes::SURVEYS_BEGAN_MARK)?;
        }
        for column in &columns {
            let cell = column.cells.get(index).map_or("", String::as_str);
            write!(text, " | {}", of_ours(cell.trim()))?;
        }
        write!(text, " |")?;
    }
    writeln!(text)?;
    if !hidden.is_empty() {
        let kind = if by.is_time() { "earlier" } else { "more" };
        writeln!(text, "\nand {} {kind}", format::count(hidden.len() as u64))?;
    }
    Ok(())
}

/// What the report itself says: of the marks that it uses, one is markup.
fn of_ours(text: &str) -> String {
    text.replace(notes::SMALL_SAMPLE_MARK, "\\*")
        .replace('<', "\\<")
        .replace('|', "\\|")
}
