//! Records made by hand, for tests.

use rusqlite::Transaction;

use crate::csat::{CsatQuery, CsatRow};
use crate::error::HistoryError;
use crate::rows::question::{Question, QuestionOption, SurveyVersion};
use crate::rows::rating::Rating;
use crate::rows::survey_response::{Answer, SurveyResponse};
use crate::rows::ticket::{Ticket, TicketRating};
use crate::store::History;

/// 2026-03-01T10:00:00.000Z
pub(crate) const MARCH: i64 = 1_772_359_200_000;
pub(crate) const DAY: i64 = 86_400_000;
pub(crate) const SURVEY: &str = "01J58KJ9RAE0D2EK7HRVM7Z8F2";
pub(crate) const CSAT_QUESTION: &str = "01J1WBE8QR0YQVE373K2JDJR0F";
pub(crate) const REASON_QUESTION: &str = "01J1WBGX1BR4ECKTS87CRJTXSF";
pub(crate) const COMMENT_QUESTION: &str = "01J1WBNS76ZC4TTFWP9RCNQ1S8";

/// A history in memory with one account, and what is written to it.
pub(crate) struct Account {
    pub(crate) history: History,
    pub(crate) id: i64,
}

impl Account {
    pub(crate) fn new(subdomain: &str) -> Self {
        Self::of(History::open(":memory:").unwrap(), subdomain)
    }

    pub(crate) fn of(history: History, subdomain: &str) -> Self {
        let id = block_on(async {
            let right = history.right_to_sync().await?;
            history.account(&right, subdomain, "en-us").await
        });
        Self {
            id: id.unwrap(),
            history,
        }
    }

    pub(crate) fn write(
        &self,
        write: impl FnOnce(&Transaction<'_>, i64) -> rusqlite::Result<()> + Send + 'static,
    ) -> &Self {
        let id = self.id;
        self.try_write(move |transaction| write(transaction, id)).unwrap();
        self
    }

    pub(crate) fn try_write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, HistoryError> {
        block_on(async {
            let right = self.history.right_to_sync().await?;
            self.history.write(&right, write).await
        })
    }

    pub(crate) fn rows(&self) -> Vec<CsatRow> {
        self.history.csat(&CsatQuery::default()).unwrap()
    }

    pub(crate) fn row(&self) -> CsatRow {
        let mut rows = self.rows();
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows.remove(0)
    }

    /// Every row of every table, as text.
    pub(crate) fn dump(&self) -> Vec<String> {
        const TABLES: [&str; 7] = [
            "ratings",
            "survey_responses",
            "answers",
            "tickets",
            "reasons",
            "options",
            "csat",
        ];
        self.history
            .read(|connection| {
                let mut dump = Vec::new();
                for table in TABLES {
                    let mut statement = connection.prepare(&format!("SELECT * FROM {table}"))?;
                    let columns = statement.column_count();
                    let mut rows = statement.query([])?;
                    while let Some(row) = rows.next()? {
                        let values: rusqlite::Result<Vec<_>> =
                            (0..columns).map(|column| row.get_ref(column)).collect();
                        dump.push(format!("{table} {:?}", values?));
                    }
                }
                dump.sort();
                Ok(dump)
            })
            .unwrap()
    }
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// An offered rating of ticket 1, by a group and an agent of its own.
pub(crate) fn rating(id: i64) -> Rating {
    Rating {
        id,
        ticket_id: Some(1),
        requester_id: Some(501),
        assignee_id: Some(601),
        group_id: Some(701),
        score: Some("offered".to_owned()),
        comment: None,
        reason: None,
        reason_id: None,
        created_at: Some(MARCH),
        updated_at: Some(MARCH),
    }
}

/// A survey sent to ticket 1 in March, not answered.
pub(crate) fn response(id: &str) -> SurveyResponse {
    SurveyResponse {
        id: id.to_owned(),
        ticket_id: Some(1),
        responder_id: Some(501),
        sent_at: Some(MARCH),
        expires_at: Some(MARCH + 28 * DAY),
        survey_id: Some(SURVEY.to_owned()),
        survey_version: Some(3),
        answers: Vec::new(),
    }
}

/// The answer to the question of customer satisfaction.
pub(crate) fn csat_answer(rating: i64, category: &str, at: i64) -> Answer {
    Answer {
        kind: Some("rating_scale".to_owned()),
        is_csat: true,
        question_id: Some(CSAT_QUESTION.to_owned()),
        question_kind: Some("rating_scale_numeric".to_owned()),
        question_sub_type: Some("customer_satisfaction".to_owned()),
        rating: Some(rating),
        rating_category: Some(category.to_owned()),
        created_at: Some(at),
        updated_at: Some(at),
        ..Answer::default()
    }
}

pub(crate) fn reason_answer(options: &[&str], at: i64) -> Answer {
    Answer {
        kind: Some("closed_ended".to_owned()),
        question_id: Some(REASON_QUESTION.to_owned()),
        question_kind: Some("closed_ended".to_owned()),
        option_ids: options.iter().map(|&id| id.to_owned()).collect(),
        created_at: Some(at),
        updated_at: Some(at),
        ..Answer::default()
    }
}

pub(crate) fn comment_answer(value: &str, at: i64) -> Answer {
    Answer {
        kind: Some("open_ended".to_owned()),
        question_id: Some(COMMENT_QUESTION.to_owned()),
        question_kind: Some("open_ended".to_owned()),
        value: Some(value.to_owned()),
        created_at: Some(at),
        updated_at: Some(at),
        ..Answer::default()
    }
}

/// Ticket `id`, assigned to an agent and a group other than those of [`rating`].
pub(crate) fn ticket(id: i64, generated_at: i64) -> Ticket {
    Ticket {
        id,
        generated_at,
        subject: Some("Where is my order?".to_owned()),
        status: Some("solved".to_owned()),
        channel: Some("email".to_owned()),
        assignee_id: Some(602),
        group_id: Some(702),
        rating: None::<TicketRating>,
    }
}

/// The survey of [`response`], with five points and the reasons `slow`, `rude` and one without a label.
pub(crate) fn questions() -> (SurveyVersion, Vec<Question>) {
    let survey = SurveyVersion {
        survey_id: SURVEY.to_owned(),
        version: 3,
    };
    let question = |id: &str, kind: &str, options| Question {
        id: id.to_owned(),
        kind: Some(kind.to_owned()),
        sub_type: None,
        alias: None,
        headline: Some("How was it?".to_owned()),
        options,
    };
    let points = (1..=5)
        .map(|rating| QuestionOption {
            id: None,
            rating: Some(rating),
            label: Some(rating.to_string()),
        })
        .collect();
    let reasons = [("slow", "Too slow"), ("rude", "Rude"), ("other", "")]
        .map(|(id, label)| QuestionOption {
            id: Some(id.to_owned()),
            rating: None,
            label: Some(label.to_owned()),
        })
        .into();
    let questions = vec![
        question(CSAT_QUESTION, "rating_scale_numeric", points),
        question(REASON_QUESTION, "closed_ended", reasons),
        question(COMMENT_QUESTION, "open_ended", Vec::new()),
    ];
    (survey, questions)
}
