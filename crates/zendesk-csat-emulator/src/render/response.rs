//! A survey response, in a list and on its own.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::json;
use ulid::Ulid;

use super::iso_millis;
use super::survey::{QuestionJson, state_name};
use crate::account::Account;
use crate::account::ids::{domain, mix};
use crate::account::records::{Answer, AnswerValue, Named, Response};
use crate::account::surveys::SurveyVersion;
use crate::account::texts::Comment;

/// A survey response: with short questions where there is no locale, as lists give it.
pub(crate) struct ResponseJson<'a> {
    pub(crate) account: &'a Account,
    pub(crate) response: &'a Response,
    pub(crate) locale: Option<&'a str>,
}

impl Serialize for ResponseJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            account,
            response,
            locale,
        } = *self;
        let version = &account.surveys.versions[usize::from(response.version)];
        let survey = &account.surveys.surveys[version.survey];
        let subjects = subjects(account, response);
        let prefix = if response.old_shape { "zrn" } else { "zen" };
        let zrns: Vec<String> = subjects
            .iter()
            .map(|(kind, id)| format!("{prefix}:{kind}:{id}"))
            .collect();
        let answers: Vec<_> = response
            .answers
            .iter()
            .map(|answer| AnswerJson {
                version,
                answer,
                locale,
            })
            .collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &Ulid(response.id).to_string())?;
        map.serialize_entry("expires_at", &iso_millis(account.expires(response)))?;
        // The page says integer; the service sends text.
        map.serialize_entry("responder_id", &account.person_id(response.responder).to_string())?;
        map.serialize_entry("subject_zrns", &zrns)?;
        if response.old_shape {
            map.serialize_entry("survey_id", &survey.id.to_string())?;
            map.serialize_entry("survey_version", &version.number)?;
        } else {
            let structured: Vec<_> = subjects
                .iter()
                .zip(&zrns)
                .map(|((kind, id), zrn)| json!({"id": id, "type": kind, "zrn": zrn}))
                .collect();
            map.serialize_entry("subjects", &structured)?;
            map.serialize_entry("survey", &json!({"id": survey.id.to_string(), "state": state_name(survey.enabled), "version": version.number}))?;
        }
        map.serialize_entry("answers", &answers)?;
        map.end()
    }
}

/// What a response is about, as pairs of type and id.
fn subjects(account: &Account, response: &Response) -> Vec<(&'static str, String)> {
    let mut subjects = Vec::new();
    if response.conversation != 0 {
        subjects.push(("conversation", conversation_uuid(account, response.conversation)));
    }
    let id = || account.ticket_id(response.ticket).to_string();
    match response.named {
        Named::Ticket => subjects.push(("ticket", id())),
        Named::Request => subjects.push(("request", id())),
        Named::Nowhere => {}
    }
    subjects
}

/// The UUID (version 4) of a conversation.
pub(crate) fn conversation_uuid(account: &Account, conversation: u64) -> String {
    if let Some(uuid) = account.written_conversations.get(&conversation) {
        return uuid.to_string();
    }
    let seed = account.seed;
    let (high, low) = (
        mix(seed, domain::CONVERSATION, conversation),
        mix(conversation, domain::CONVERSATION, seed),
    );
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xFFFF,
        high & 0xFFF,
        0x8000 | ((low >> 48) & 0x3FFF),
        low & 0xFFFF_FFFF_FFFF
    )
}

struct AnswerJson<'a> {
    version: &'a SurveyVersion,
    answer: &'a Answer,
    locale: Option<&'a str>,
}

impl Serialize for AnswerJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let question = &self.version.questions[usize::from(self.answer.question)];
        let mut map = serializer.serialize_map(None)?;
        match &self.answer.value {
            AnswerValue::Rating(rating) => {
                map.serialize_entry("type", "rating_scale")?;
                map.serialize_entry("rating", rating)?;
                map.serialize_entry("rating_category", question.category(*rating))?;
            }
            AnswerValue::Selections(chosen) => {
                let selections: Vec<_> = chosen
                    .iter()
                    .filter_map(|place| question.choices.get(usize::from(*place)))
                    .map(|choice| json!({"type": "predefined", "option_id": choice.id.to_string()}))
                    .collect();
                map.serialize_entry("type", "closed_ended")?;
                map.serialize_entry("selections", &selections)?;
            }
            AnswerValue::Text(comment) => {
                map.serialize_entry("type", "open_ended")?;
                map.serialize_entry("value", &written(comment))?;
            }
            AnswerValue::Skipped => map.serialize_entry("type", "skipped")?,
        }
        map.serialize_entry(
            "question",
            &QuestionJson {
                question,
                locale: self.locale,
                leads_on: false,
            },
        )?;
        map.serialize_entry("created_at", &iso_millis(self.answer.created))?;
        map.serialize_entry("updated_at", &iso_millis(self.answer.updated))?;
        map.end()
    }
}

fn written(comment: &Comment) -> String {
    comment.text().unwrap_or_default()
}
