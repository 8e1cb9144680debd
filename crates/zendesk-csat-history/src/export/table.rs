//! The tables that can be taken out of a history, and their columns.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use rusqlite::types::Value;

use crate::csat::{self, Checked};

/// A table that can be taken out of a history.
///
/// ```
/// use zendesk_csat_history::export::Table;
///
/// assert_eq!("survey_responses".parse::<Table>().unwrap(), Table::SurveyResponses);
/// assert_eq!(Table::Csat.columns()[0].name, "subdomain");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Table {
    /// The one table: every rating of both systems.
    #[default]
    Csat,
    /// Ratings of the legacy system, as they are there; the one table leaves some of them out.
    Ratings,
    /// Survey responses.
    SurveyResponses,
    /// The answers of survey responses, one row a question.
    Answers,
    /// The questions that were answered.
    Questions,
    /// The options that questions offer.
    Options,
    /// The reasons that a legacy rating can have.
    Reasons,
    /// The latest version of each ticket that was exported or shown by its id.
    Tickets,
    /// The names of agents that rows and tickets have.
    Agents,
    /// The names of groups.
    Groups,
    /// The names of brands.
    Brands,
    /// The names of organizations that rows' tickets have.
    Organizations,
    /// The names of ticket forms.
    TicketForms,
    /// The names of customers; empty unless a sync was asked for them.
    Requesters,
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// UTF-8 text.
    Text,
    /// A whole number of 64 bits.
    Integer,
    /// A moment in UTC, in whole milliseconds.
    Time,
    /// True or false.
    Boolean,
    /// A list of texts.
    Texts,
    /// An object of JSON: text in every format but JSON lines.
    Object,
    /// A list of reasons, each with an `id` and a `label` that can be missing.
    Reasons,
}

impl ColumnType {
    /// Its name in the documentation.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Time => "time",
            Self::Boolean => "boolean",
            Self::Texts => "list of text",
            Self::Object => "JSON object",
            Self::Reasons => "list of id, label",
        }
    }
}

/// A column of a [`Table`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What its values are.
    pub kind: ColumnType,
    /// Whether a value can be missing.
    pub nullable: bool,
    meaning: &'static str,
    /// How the value comes out of the file, where it is not the column as it stands there.
    sql: Option<&'static str>,
}

impl Column {
    pub(crate) const fn new(name: &'static str, kind: ColumnType, meaning: &'static str) -> Self {
        Self {
            name,
            kind,
            nullable: true,
            meaning,
            sql: None,
        }
    }

    /// Never null.
    pub(crate) const fn always(mut self) -> Self {
        self.nullable = false;
        self
    }

    const fn read_by(mut self, sql: &'static str) -> Self {
        self.sql = Some(sql);
        self
    }

    /// Whether its values are names and no amounts, though they may be numbers: a spreadsheet keeps them as text, every digit.
    pub fn is_id(&self) -> bool {
        self.name == "id" || self.name.ends_with("_id")
    }

    /// Whether people read its values: what was written, in sentences.
    pub(crate) fn is_words(&self) -> bool {
        ["comment", "subject", "headline", "value"]
            .iter()
            .any(|words| self.name.ends_with(words))
    }

    /// What it means, in a sentence.
    pub fn meaning(&self) -> &'static str {
        self.meaning.trim()
    }
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 14] = [
        Self::Csat,
        Self::Ratings,
        Self::SurveyResponses,
        Self::Answers,
        Self::Questions,
        Self::Options,
        Self::Reasons,
        Self::Tickets,
        Self::Agents,
        Self::Groups,
        Self::Brands,
        Self::Organizations,
        Self::TicketForms,
        Self::Requesters,
    ];

    /// The name that [`FromStr`] reads.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csat => "csat",
            Self::Ratings => "ratings",
            Self::SurveyResponses => "survey_responses",
            Self::Answers => "answers",
            Self::Questions => "questions",
            Self::Options => "options",
            Self::Reasons => "reasons",
            Self::Tickets => "tickets",
            Self::Agents => "agents",
            Self::Groups => "groups",
            Self::Brands => "brands",
            Self::Organizations => "organizations",
            Self::TicketForms => "ticket_forms",
            Self::Requesters => "requesters",
        }
    }

    /// Its columns, in their order.
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Csat => csat::COLUMNS,
            Self::Ratings => RATINGS,
            Self::SurveyResponses => SURVEY_RESPONSES,
            Self::Answers => ANSWERS,
            Self::Questions => QUESTIONS,
            Self::Options => OPTIONS,
            Self::Reasons => REASONS,
            Self::Tickets => TICKETS,
            Self::Agents
            | Self::Groups
            | Self::Brands
            | Self::Organizations
            | Self::TicketForms
            | Self::Requesters => NAMES,
        }
    }

    /// The time that `since` and `until` bound: when the customer was asked. None where a row has no such time.
    pub(crate) const fn asked_at(self) -> Option<&'static str> {
        match self {
            Self::Csat | Self::SurveyResponses => Some("sent_at"),
            Self::Ratings => Some("created_at"),
            Self::Answers => Some("asked_at"),
            _ => None,
        }
    }

    /// Rows with the account's name.
    const fn rows(self) -> &'static str {
        macro_rules! of_accounts {
            ($table:literal, $columns:literal) => {
                concat!(
                    "(SELECT accounts.subdomain, ",
                    $columns,
                    " FROM ",
                    $table,
                    " JOIN accounts ON accounts.id = ",
                    $table,
                    ".account_id)"
                )
            };
        }
        // What was sent before `since` is there to tell which ratings are copies.
        match self {
            Self::Csat => "typed_csat_ms",
            Self::Ratings => "typed_legacy_ratings",
            Self::SurveyResponses => {
                "(SELECT accounts.subdomain, survey_responses.*
                  FROM survey_responses
                  JOIN accounts ON accounts.id = survey_responses.account_id
                  WHERE coalesce(survey_responses.sent_at >= accounts.since, true))"
            }
            Self::Answers => {
                "(SELECT accounts.subdomain, answers.*, survey_responses.sent_at AS asked_at
                  FROM answers
                  JOIN accounts ON accounts.id = answers.account_id
                  LEFT JOIN survey_responses
                    ON survey_responses.account_id = answers.account_id
                    AND survey_responses.id = answers.survey_response_id
                  WHERE coalesce(survey_responses.sent_at >= accounts.since, true))"
            }
            Self::Questions => of_accounts!("questions", "questions.*"),
            Self::Options => of_accounts!("options", "options.*"),
            Self::Reasons => of_accounts!("reasons", "reasons.*"),
            // With their custom fields by name, as the one table has them.
            Self::Tickets => of_accounts!(
                "tickets",
                "tickets.*, CASE WHEN tickets.custom_fields = '{}' THEN '{}' ELSE (
                    SELECT json_group_object(f.name, json(tickets.custom_fields -> ('$.\"' || f.id || '\"')))
                    FROM (
                        SELECT id, name FROM ticket_fields
                        WHERE ticket_fields.account_id = tickets.account_id ORDER BY name
                    ) AS f
                    WHERE tickets.custom_fields -> ('$.\"' || f.id || '\"') IS NOT NULL
                ) END AS named_fields"
            ),
            Self::Agents => of_accounts!("agents", "agents.*"),
            Self::Groups => of_accounts!("groups", "groups.*"),
            Self::Brands => of_accounts!("brands", "brands.*"),
            Self::Organizations => of_accounts!("organizations", "organizations.*"),
            Self::TicketForms => of_accounts!("ticket_forms", "ticket_forms.*"),
            Self::Requesters => of_accounts!("requesters", "requesters.*"),
        }
    }

    const fn order(self) -> &'static str {
        match self {
            Self::Csat => "sent_at, source, id, subdomain",
            Self::Ratings => "subdomain, id",
            Self::SurveyResponses
            | Self::Reasons
            | Self::Tickets
            | Self::Agents
            | Self::Groups
            | Self::Brands
            | Self::Organizations
            | Self::TicketForms
            | Self::Requesters => "account_id, id",
            Self::Answers => "account_id, survey_response_id, position",
            Self::Questions => "account_id, survey_id, survey_version, id",
            Self::Options => "account_id, survey_id, survey_version, question_id, position",
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// No table has this name. The message lists those there are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no table {0:?}: choose one of {names}", names = Table::ALL.map(Table::as_str).join(", "))]
pub struct UnknownTable(pub String);

impl FromStr for Table {
    type Err = UnknownTable;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|table| table.as_str() == name)
            .ok_or_else(|| UnknownTable(name.to_owned()))
    }
}

/// The statement that reads a table, and the values of its parameters.
pub(crate) fn select(table: Table, checked: &Checked) -> (String, Vec<Value>) {
    let query = &checked.query;
    // `group` is a word of SQL.
    let columns: Vec<String> = table
        .columns()
        .iter()
        .map(|column| match column.sql {
            Some(sql) => sql.to_owned(),
            None => format!("\"{}\"", column.name),
        })
        .collect();
    let mut sql = format!("SELECT {} FROM {} WHERE true", columns.join(", "), table.rows());
    let mut bounds = Vec::new();
    let milliseconds = |time: Option<DateTime<Utc>>| time.map(|time| Value::from(time.timestamp_millis()));
    let asked_at = table.asked_at().unwrap_or("NULL");
    for (condition, bound) in [
        (format!(" AND {asked_at} >= ?"), milliseconds(query.since)),
        (format!(" AND {asked_at} < ?"), milliseconds(query.until)),
        (
            " AND subdomain = ?".to_owned(),
            query.subdomain.clone().map(Value::from),
        ),
    ] {
        if let Some(bound) = bound {
            sql.push_str(&condition);
            bounds.push(bound);
        }
    }
    if let Some((condition, values)) = checked.picked.condition(bounds.len() + 1) {
        sql.push_str(" AND ");
        sql.push_str(&condition);
        bounds.extend_from_slice(values);
    }
    sql.push_str(" ORDER BY ");
    sql.push_str(table.order());
    (sql, bounds)
}

use ColumnType::{Boolean, Integer, Object, Text, Texts, Time};

const SUBDOMAIN: Column = Column::new("subdomain", Text, "The account.").always();

const RATINGS: &[Column] = &[
    SUBDOMAIN,
    Column::new("id", Integer, "The rating.").always(),
    Column::new("ticket_id", Integer, "The ticket."),
    Column::new("requester_id", Integer, "The customer who was asked."),
    Column::new("assignee_id", Integer, "The agent when the customer rated."),
    Column::new("group_id", Integer, "The group when the customer rated."),
    Column::new("score", Text, "`offered`, `good` or `bad`."),
    Column::new("comment", Text, "The customer's own words."),
    Column::new("reason", Text, "The reason, where the rating says it."),
    Column::new("reason_id", Integer, "The reason; see the table `reasons`."),
    Column::new("created_at", Time, "When the customer was asked, or rated again."),
    Column::new("updated_at", Time, "When the rating last changed."),
    Column::new(
        "copy_of",
        Text,
        "The survey response whose answer it is a copy of; the one table has the answer alone.",
    ),
    Column::new(
        "uncertain_copy",
        Boolean,
        "Whether it may be a copy of an answer, and is not taken for one.",
    )
    .always(),
    Column::new(
        "first_rated_at",
        Time,
        "When the customer first rated, as far as it was seen.",
    ),
    Column::new("is_offer", Boolean, "Whether the customer was asked.").always(),
    Column::new("is_latest", Boolean, "Whether it is the ticket's latest answer.").always(),
    Column::new(
        "latest",
        Boolean,
        "Whether it is the last of the ticket's ratings, copies left aside.",
    )
    .always(),
];

/// The ids of a JSON array as the one table has them.
macro_rules! joined {
    ($column:literal) => {
        concat!(
            "CASE WHEN ",
            $column,
            " IS NOT NULL THEN (SELECT nullif(group_concat(value, '; '), '')",
            " FROM (SELECT value FROM json_each(",
            $column,
            ") ORDER BY key)) END"
        )
    };
}

const SURVEY_RESPONSES: &[Column] = &[
    SUBDOMAIN,
    Column::new("id", Text, "The survey response.").always(),
    Column::new(
        "ticket_id",
        Integer,
        "The ticket; none where it is about a conversation only.",
    ),
    Column::new("responder_id", Integer, "The customer who was asked."),
    Column::new("sent_at", Time, "When the customer was asked."),
    Column::new(
        "expires_at",
        Time,
        "When it can no longer be answered or changed.",
    ),
    Column::new("survey_id", Text, "The survey."),
    Column::new("survey_version", Integer, "The version of the survey."),
    Column::new("answered_at", Time, "The latest change of any answer."),
    Column::new(
        "csat_question_id",
        Text,
        "The question about satisfaction that was answered.",
    ),
    Column::new(
        "score",
        Text,
        "`good`, `neutral` or `bad`; none while that question is unanswered.",
    ),
    Column::new("rating", Integer, "The number that was chosen, from 1."),
    Column::new(
        "rated_at",
        Time,
        "When the customer rated, or last changed the rating.",
    ),
    Column::new(
        "reason_question_id",
        Text,
        "The question whose answer tells the reasons.",
    ),
    Column::new(
        "reason_option_ids",
        Text,
        "The options that were chosen there, joined by `; `.",
    )
    .read_by(joined!("reason_option_ids")),
    Column::new("comment", Text, "The customer's own words."),
    Column::new(
        "audit_assignee_id",
        Integer,
        "The agent when the customer answered, where the audits were read.",
    ),
    Column::new(
        "audit_group_id",
        Integer,
        "The group when the customer answered, where the audits were read.",
    ),
    Column::new(
        "audited_at",
        Time,
        "The value of `answered_at` when the audits were read.",
    ),
    Column::new("first_rated_at", Time, "When the customer first rated."),
    Column::new(
        "copy_id",
        Integer,
        "The rating that is the copy of its answer, where it is about a conversation: it has the ticket.",
    ),
    Column::new("is_latest", Boolean, "Whether it is the ticket's latest answer.").always(),
];

const ANSWERS: &[Column] = &[
    SUBDOMAIN,
    Column::new("survey_response_id", Text, "The survey response.").always(),
    Column::new(
        "position",
        Integer,
        "The place of the answer in the survey response, from 0.",
    )
    .always(),
    Column::new(
        "type",
        Text,
        "`rating_scale`, `closed_ended`, `open_ended` or another type of answer.",
    ),
    Column::new("question_id", Text, "The question; see the table `questions`."),
    Column::new("question_type", Text, "The question's type."),
    Column::new(
        "question_sub_type",
        Text,
        "`customer_satisfaction` where the question is about satisfaction.",
    ),
    Column::new("rating", Integer, "The number that was chosen."),
    Column::new("rating_category", Text, "`good`, `neutral` or `bad`."),
    Column::new(
        "option_ids",
        Text,
        "The options that were chosen, joined by `; `; see the table `options`.",
    )
    .read_by(joined!("option_ids")),
    Column::new("value", Text, "What the customer wrote."),
    Column::new("created_at", Time, "When the customer answered."),
    Column::new("updated_at", Time, "When the answer last changed."),
];

const QUESTIONS: &[Column] = &[
    SUBDOMAIN,
    Column::new("survey_id", Text, "The survey.").always(),
    Column::new("survey_version", Integer, "The version of the survey.").always(),
    Column::new("locale", Text, "The locale of the texts.").always(),
    Column::new("id", Text, "The question.").always(),
    Column::new("type", Text, "Its type."),
    Column::new(
        "sub_type",
        Text,
        "`customer_satisfaction` where it is about satisfaction.",
    ),
    Column::new("alias", Text, "The name that administrators gave it."),
    Column::new("headline", Text, "What the customer is asked."),
    Column::new("option_count", Integer, "How many options it offers."),
];

const OPTIONS: &[Column] = &[
    SUBDOMAIN,
    Column::new("survey_id", Text, "The survey.").always(),
    Column::new("survey_version", Integer, "The version of the survey.").always(),
    Column::new("locale", Text, "The locale of the texts.").always(),
    Column::new("question_id", Text, "The question.").always(),
    Column::new(
        "position",
        Integer,
        "The place of the option in the question, from 0.",
    )
    .always(),
    Column::new("id", Text, "The option; none on a rating scale."),
    Column::new("rating", Integer, "The number on a rating scale."),
    Column::new("label", Text, "What it says."),
];

const REASONS: &[Column] = &[
    SUBDOMAIN,
    Column::new("id", Integer, "The reason.").always(),
    Column::new(
        "reason_code",
        Integer,
        "Its code, which is the same for the system's reasons in every account.",
    ),
    Column::new("value", Text, "What it says."),
    Column::new("deleted_at", Time, "When it was deleted."),
];

const TICKETS: &[Column] = &[
    SUBDOMAIN,
    Column::new("id", Integer, "The ticket.").always(),
    Column::new(
        "generated_at",
        Time,
        "When this version of the ticket was made, in whole seconds; 1970 where nothing but its deletion is known.",
    )
    .always()
    .read_by("generated_at * 1000"),
    Column::new("subject", Text, "Its subject."),
    Column::new("status", Text, "Its status; `deleted` where it is gone."),
    Column::new("assignee_id", Integer, "The agent."),
    Column::new("group_id", Integer, "The group."),
    Column::new("rating_id", Integer, "Its latest legacy rating."),
    Column::new("rating_score", Text, "The score of that rating."),
    Column::new("rating_comment", Text, "The customer's words with that rating."),
    Column::new(
        "channel",
        Text,
        "How it came in, such as `email` or `native_messaging`.",
    ),
    Column::new(
        "inaccessible",
        Boolean,
        "Whether the service did not show it when it was last asked for, though it may be there; the rest is what was known.",
    )
    .always(),
    Column::new("brand_id", Integer, "Its brand."),
    Column::new("organization_id", Integer, "The customer's organization."),
    Column::new("ticket_form_id", Integer, "The form that it was made with."),
    Column::new("priority", Text, "Its priority: `low`, `normal`, `high` or `urgent`."),
    Column::new("type", Text, "Its type: `question`, `incident`, `problem` or `task`."),
    Column::new("tags", Texts, "Its tags."),
    Column::new("created_at", Time, "When it was made."),
    Column::new(
        "custom_fields",
        Object,
        "Its custom fields that a sync was given names for, by those names; without those that have no value.",
    )
    .always()
    .read_by("named_fields"),
];

const NAMES: &[Column] = &[
    SUBDOMAIN,
    Column::new("id", Integer, "What rows and tickets name it by.").always(),
    Column::new(
        "name",
        Text,
        "Its name, the last where it is no more; none where the service does not tell it.",
    ),
    Column::new(
        "active",
        Boolean,
        "Whether it still is: neither deleted nor out of use; none where that is not known.",
    ),
];
