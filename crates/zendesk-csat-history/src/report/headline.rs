//! The facts that the report begins with, the same in the text, on the page and in Markdown.

use super::format;
use super::model::{Comparison, Report};
use super::score::Score;

/// A number with what there is to say about it.
pub(super) struct Fact {
    pub(super) name: &'static str,
    pub(super) value: String,
    /// As it stands behind the number, with a space where there is one.
    pub(super) unit: &'static str,
    /// Too few answers to lean on.
    pub(super) small: bool,
    /// Phrases, by lines where there is room for lines.
    pub(super) details: Vec<Vec<String>>,
}

pub(super) fn facts(report: &Report) -> Vec<Fact> {
    let total = &report.total;
    let mut facts = vec![csat(total)];
    if report.has_response_rate() {
        facts.push(response_rate(total));
    }
    facts.push(Fact {
        name: "Customers answered after",
        value: format::duration(total.median_time_to_answer_seconds),
        unit: "",
        small: total.small_sample,
        details: vec![vec!["median, from being asked to the first answer".to_owned()]],
    });
    facts.extend(
        report
            .comparison
            .as_ref()
            .map(|comparison| change(report, comparison)),
    );
    facts
}

/// The unit of a number that may not be there.
const fn percent_of(share: Option<f64>) -> &'static str {
    if share.is_some() { "%" } else { "" }
}

fn csat(total: &Score) -> Fact {
    let answers = [
        (total.good, "good"),
        (total.neutral, "neutral"),
        (total.bad, "bad"),
    ]
    .map(|(number, name)| format!("{} {name}", format::count(number)))
    .join(", ");
    let unscored =
        (total.unscored > 0).then(|| format!("{} of another score", format::count(total.unscored)));
    let interval = total.interval().map(|interval| format::interval(&interval));
    Fact {
        name: "CSAT",
        value: format::percent(total.csat_percent),
        unit: percent_of(total.csat_percent),
        small: total.small_sample,
        details: vec![interval.into_iter().chain([answers]).chain(unscored).collect()],
    }
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
        value: format::percent(total.response_rate_percent),
        unit: percent_of(total.response_rate_percent),
        small: total.small_sample,
        details: vec![asked],
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
            unit: "",
            small: true,
            details: vec![vec![format::not_compared(&report.time_zone, comparison)]],
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
        value: format::points(change.csat_points),
        unit: " points",
        small: false,
        details: vec![
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
