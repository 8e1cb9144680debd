//! A row of the combined table, as far as the report asks for it.

use std::borrow::Cow;
use std::fmt::Write as _;

use rusqlite::Row;
use rusqlite::types::{Type, ValueRef};

use super::dimension::Dimension;
use super::tally::Outcome;
use super::{CountBasis, Like, ReportError, ReportOptions};

/// One record: an answer, or a customer who was asked and has not answered.
#[derive(Debug, Clone)]
pub(crate) struct Record<'a> {
    pub(crate) sent_at: Option<i64>,
    pub(crate) rated_at: Option<i64>,
    pub(crate) first_rated_at: Option<i64>,
    pub(crate) outcome: Outcome,
    pub(crate) is_survey: bool,
    /// Whether the customer was asked; not so where they rated once more by themselves.
    pub(crate) is_offer: bool,
    /// Whether it is its ticket's latest answer.
    pub(crate) is_latest: bool,
    /// Whether the report's filter picks it.
    pub(crate) is_picked: bool,
    pub(crate) ticket: Option<i64>,
    pub(crate) agent: Option<i64>,
    pub(crate) group: Option<i64>,
    pub(crate) scale: Option<i64>,
    pub(crate) survey: Option<Cow<'a, str>>,
    pub(crate) survey_version: Option<i64>,
    pub(crate) channel: Option<Cow<'a, str>>,
    pub(crate) brand: Option<i64>,
    pub(crate) organization: Option<i64>,
    pub(crate) form: Option<i64>,
    /// A list in JSON; none where the ticket is not known.
    pub(crate) tags: Option<Cow<'a, str>>,
    pub(crate) priority: Option<Cow<'a, str>>,
    /// The values of custom fields in JSON, by the order in which the report is grouped by them.
    pub(crate) fields: Vec<Option<Cow<'a, str>>>,
    /// The reasons, a list in JSON.
    pub(crate) reasons: Option<Cow<'a, str>>,
    pub(crate) id: Option<Cow<'a, str>>,
    pub(crate) comment: Option<Cow<'a, str>>,
}

/// The columns that [`Record::read`] reads, in their order. One that nothing asks for is not read.
pub(crate) fn select(options: &ReportOptions, condition: Option<&str>, fields: &[String]) -> String {
    let asked = |dimension| options.by.contains(&dimension);
    let of_agents = options.comments_of_each_agent() > 0;
    let (comments, explore) = (
        options.bad_comments > 0 || of_agents,
        options.like == Some(Like::Explore),
    );
    let tickets = options.counted() == CountBasis::Tickets;
    let mut columns = String::from(
        "sent_at, rated_at, first_rated_at, expires_at, source = 'survey', score, is_offer, scale, is_closed_offer",
    );
    let mut column = |name: &str, needed: bool| {
        let _ = write!(columns, ", {}", if needed { name } else { "NULL" });
    };
    column("ticket_status = 'deleted'", explore);
    match condition {
        Some(condition) => column(&format!("coalesce({condition}, false)"), true),
        None => column("true", true),
    }
    column("is_latest", tickets);
    column("ticket_id", tickets || comments);
    column("assignee_id", asked(Dimension::Agent) || comments);
    column("group_id", asked(Dimension::Group) || comments);
    column("survey_id", asked(Dimension::SurveyVersion));
    column("survey_version", asked(Dimension::SurveyVersion));
    column("channel", asked(Dimension::Channel));
    column("brand_id", asked(Dimension::Brand));
    column("organization_id", asked(Dimension::Organization));
    column("ticket_form_id", asked(Dimension::Form));
    column("tags", asked(Dimension::Tag));
    column("priority", asked(Dimension::Priority));
    // What only some rows are asked for is not put together for all.
    let reasons = "CASE WHEN score IN ('bad', 'neutral') THEN reasons END";
    column(reasons, asked(Dimension::Reason) || comments);
    if of_agents {
        column("CASE WHEN comment IS NOT NULL THEN id END", true);
        column("comment", true);
    } else {
        column(
            "CASE WHEN score IN ('bad', 'neutral') AND comment IS NOT NULL THEN id END",
            comments,
        );
        column("CASE WHEN score IN ('bad', 'neutral') THEN comment END", comments);
    }
    for field in fields {
        column(field, true);
    }
    format!("SELECT {columns} FROM typed_csat_ms WHERE subdomain = ?1")
}

impl<'a> Record<'a> {
    /// Reads a row of [`select`]; none if the report leaves it out.
    pub(crate) fn read(
        row: &'a Row<'_>,
        like: Option<Like>,
        as_of: Option<i64>,
        fields: usize,
    ) -> Result<Option<Self>, ReportError> {
        let mut columns = Columns { row, next: 0 };
        let sent_at = columns.number("sent_at")?;
        let rated_at = columns.number("rated_at")?;
        let first_rated_at = columns.number("first_rated_at")?;
        let expires_at = columns.number("expires_at")?;
        let is_survey = columns.number("source")? == Some(1);
        let score = columns.text("score")?;
        let is_offer = columns.number("is_offer")? == Some(1);
        let scale = columns.number("scale")?;
        let is_closed_offer = columns.number("is_closed_offer")? == Some(1);
        if columns.number("ticket_status")? == Some(1) {
            return Ok(None);
        }
        let outcome = match score {
            Some("good") => Outcome::Good,
            Some("neutral") if like == Some(Like::Explore) => Outcome::Bad,
            Some("neutral") => Outcome::Neutral,
            Some("bad") => Outcome::Bad,
            Some(_) => Outcome::Unscored,
            None if rated_at.is_some() => Outcome::Unscored,
            None if is_closed_offer || expires_at.is_some_and(|expires_at| Some(expires_at) <= as_of) => {
                Outcome::Expired
            }
            None => Outcome::Open,
        };
        Ok(Some(Self {
            sent_at,
            rated_at,
            first_rated_at,
            outcome,
            is_survey,
            is_offer,
            scale,
            is_picked: columns.number("filter")? == Some(1),
            is_latest: columns.number("is_latest")? == Some(1),
            ticket: columns.number("ticket_id")?,
            agent: columns.number("assignee_id")?,
            group: columns.number("group_id")?,
            survey: columns.words("survey_id")?,
            survey_version: columns.number("survey_version")?,
            channel: columns.words("channel")?,
            brand: columns.number("brand_id")?,
            organization: columns.number("organization_id")?,
            form: columns.number("ticket_form_id")?,
            tags: columns.words("tags")?,
            priority: columns.words("priority")?,
            reasons: columns.words("reasons")?,
            id: columns.words("id")?,
            comment: columns.words("comment")?,
            fields: (0..fields)
                .map(|_| columns.words("custom_fields"))
                .collect::<Result<_, _>>()?,
        }))
    }

    /// The record by itself, to be kept beyond its row.
    pub(crate) fn into_owned(self) -> Record<'static> {
        let owned = |text: Option<Cow<'a, str>>| text.map(|text| Cow::Owned(text.into_owned()));
        Record {
            sent_at: self.sent_at,
            rated_at: self.rated_at,
            first_rated_at: self.first_rated_at,
            outcome: self.outcome,
            is_survey: self.is_survey,
            is_offer: self.is_offer,
            is_latest: self.is_latest,
            is_picked: self.is_picked,
            ticket: self.ticket,
            agent: self.agent,
            group: self.group,
            scale: self.scale,
            survey: owned(self.survey),
            survey_version: self.survey_version,
            channel: owned(self.channel),
            brand: self.brand,
            organization: self.organization,
            form: self.form,
            tags: owned(self.tags),
            priority: owned(self.priority),
            fields: self.fields.into_iter().map(owned).collect(),
            reasons: owned(self.reasons),
            id: owned(self.id),
            comment: owned(self.comment),
        }
    }
}

/// Reads the columns of a row one after another.
struct Columns<'a, 'row> {
    row: &'a Row<'row>,
    next: usize,
}

impl<'a> Columns<'a, '_> {
    fn value(&mut self) -> Result<ValueRef<'a>, ReportError> {
        let value = self.row.get_ref(self.next)?;
        self.next += 1;
        Ok(value)
    }

    fn text(&mut self, column: &'static str) -> Result<Option<&'a str>, ReportError> {
        match self.value()? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Some(text)),
                Err(_) => Err(ReportError::Column {
                    column,
                    found: "text that is not UTF-8".to_owned(),
                }),
            },
            other => Err(wrong_type(column, other.data_type())),
        }
    }

    fn words(&mut self, column: &'static str) -> Result<Option<Cow<'a, str>>, ReportError> {
        Ok(self.text(column)?.map(Cow::Borrowed))
    }

    fn number(&mut self, column: &'static str) -> Result<Option<i64>, ReportError> {
        match self.value()? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(number) => Ok(Some(number)),
            other => Err(wrong_type(column, other.data_type())),
        }
    }
}

fn wrong_type(column: &'static str, found: Type) -> ReportError {
    ReportError::Column {
        column,
        found: found.to_string(),
    }
}
