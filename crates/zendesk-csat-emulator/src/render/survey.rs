//! Surveys, their questions and texts.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::json;

use super::iso_millis;
use crate::account::surveys::{Choice, Question, SurveyVersion, Surveys, Text};

/// A text in one language.
pub(crate) struct TextJson<'a> {
    pub(crate) text: &'a Text,
    pub(crate) locale: &'a str,
}

impl Serialize for TextJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.text {
            Text::Static(_) => map.serialize_entry("type", "static")?,
            Text::Dynamic { key, .. } => {
                map.serialize_entry("type", "dynamic")?;
                map.serialize_entry("key", key)?;
            }
        }
        map.serialize_entry("value", self.text.in_locale(self.locale))?;
        map.end()
    }
}

struct ChoiceJson<'a> {
    choice: &'a Choice,
    locale: &'a str,
    on_scale: bool,
    leads_on: bool,
}

impl Serialize for ChoiceJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if self.on_scale {
            map.serialize_entry("rating", &self.choice.rating)?;
        } else {
            map.serialize_entry("id", &self.choice.id.to_string())?;
        }
        map.serialize_entry(
            "label",
            &TextJson {
                text: &self.choice.label,
                locale: self.locale,
            },
        )?;
        if let Some(question) = self.choice.follow_up.filter(|_| self.leads_on) {
            map.serialize_entry("follow_up", &json!({"question_id": question.to_string()}))?;
        }
        if let Some(emoji) = self.choice.emoji {
            map.serialize_entry(
                "emoji",
                &TextJson {
                    text: &Text::Static(emoji.to_owned()),
                    locale: self.locale,
                },
            )?;
        }
        map.end()
    }
}

/// A question: in short where there is no locale, as lists give it, else with its texts and options.
pub(crate) struct QuestionJson<'a> {
    pub(crate) question: &'a Question,
    pub(crate) locale: Option<&'a str>,
    /// Whether options say which question comes next, as lists of surveys do.
    pub(crate) leads_on: bool,
}

impl Serialize for QuestionJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let question = self.question;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &question.id.to_string())?;
        map.serialize_entry("type", question.kind.name())?;
        if let Some(sub_type) = question.sub_type {
            map.serialize_entry("sub_type", sub_type)?;
        }
        if let Some(locale) = self.locale {
            if let Some(alias) = question.alias {
                map.serialize_entry("alias", alias)?;
            }
            map.serialize_entry(
                "headline",
                &question.headline.as_ref().map(|text| TextJson { text, locale }),
            )?;
            if !question.choices.is_empty() {
                let on_scale = question.kind.is_scale();
                let choices: Vec<_> = question
                    .choices
                    .iter()
                    .map(|choice| ChoiceJson {
                        choice,
                        locale,
                        on_scale,
                        leads_on: self.leads_on,
                    })
                    .collect();
                map.serialize_entry("options", &choices)?;
            }
        }
        map.end()
    }
}

/// A survey as it stands, in one language.
pub(crate) struct SurveyJson<'a> {
    pub(crate) surveys: &'a Surveys,
    pub(crate) version: &'a SurveyVersion,
    pub(crate) locale: &'a str,
}

impl Serialize for SurveyJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let survey = &self.surveys.surveys[self.version.survey];
        let questions: Vec<_> = self
            .version
            .questions
            .iter()
            .map(|question| QuestionJson {
                question,
                locale: Some(self.locale),
                leads_on: true,
            })
            .collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &survey.id.to_string())?;
        map.serialize_entry("version", &self.version.number)?;
        map.serialize_entry("state", state_name(survey.enabled))?;
        map.serialize_entry("created_at", &iso_millis(survey.created))?;
        map.serialize_entry("updated_at", &iso_millis(self.version.from))?;
        map.serialize_entry("questions", &questions)?;
        map.end()
    }
}

pub(crate) fn state_name(enabled: bool) -> &'static str {
    if enabled { "enabled" } else { "disabled" }
}
