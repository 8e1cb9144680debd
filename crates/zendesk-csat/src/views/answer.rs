//! Answers to the questions of a survey.

use crate::types::{
    Answer, AnswerInput, AnswerType, ClosedEndedAnswerInput, ClosedEndedAnswerInputType,
    OpenEndedAnswerInput, OpenEndedAnswerInputType, OptionId, QuestionId, QuestionSubType, RatingCategory,
    RatingScaleAnswerInput, RatingScaleAnswerInputType, Selection, SelectionInput, SelectionInputType,
    SkippedAnswerInput, SkippedAnswerInputType,
};
use chrono::{DateTime, Utc};

/// What an [`Answer`] says, by its type.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum AnswerKind<'a> {
    /// A point on a scale.
    RatingScale {
        /// The point, from 1.
        rating: Option<i64>,
        /// What the point counts as.
        category: Option<&'a RatingCategory>,
    },
    /// Options picked from a list.
    ClosedEnded {
        /// The options, in the order in which they came.
        selections: &'a [Selection],
    },
    /// Words of the customer's own.
    OpenEnded {
        /// The words.
        value: &'a str,
    },
    /// The question was left out.
    Skipped,
    /// A kind that is newer than this crate, as it came.
    Unknown(&'a Answer),
}

impl Answer {
    /// What the answer says, by its type.
    ///
    /// ```
    /// use zendesk_csat::{AnswerKind, types::Answer};
    ///
    /// let answer: Answer = serde_json::from_str(r#"{"type": "open_ended", "value": "Quick!"}"#)?;
    /// assert_eq!(answer.kind(), AnswerKind::OpenEnded { value: "Quick!" });
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn kind(&self) -> AnswerKind<'_> {
        match &self.type_ {
            AnswerType::RatingScale => AnswerKind::RatingScale {
                rating: self.rating,
                category: self.rating_category.as_ref(),
            },
            AnswerType::ClosedEnded => AnswerKind::ClosedEnded {
                selections: self.selections.as_deref().unwrap_or_default(),
            },
            AnswerType::OpenEnded => AnswerKind::OpenEnded {
                value: self.value.as_deref().unwrap_or_default(),
            },
            AnswerType::Skipped => AnswerKind::Skipped,
            AnswerType::Unknown(_) => AnswerKind::Unknown(self),
        }
    }

    /// Whether this is the rating that counts for CSAT: a scale whose question asks for satisfaction.
    pub fn is_csat(&self) -> bool {
        let sub_type = self
            .question
            .as_ref()
            .and_then(|question| question.sub_type.as_ref());
        self.type_ == AnswerType::RatingScale && sub_type == Some(&QuestionSubType::CustomerSatisfaction)
    }

    /// When the answer was given, or changed last.
    pub fn changed_at(&self) -> Option<DateTime<Utc>> {
        self.updated_at.or(self.created_at)
    }

    /// The options picked, by their ids, in the order in which they came.
    pub fn option_ids(&self) -> impl Iterator<Item = &OptionId> {
        let selections = self.selections.iter().flatten();
        selections.filter_map(|selection| selection.option_id.as_ref())
    }
}

impl AnswerInput {
    /// A point on a scale, from 1.
    pub fn rating(question_id: impl Into<QuestionId>, rating: i64) -> Self {
        let type_ = RatingScaleAnswerInputType::RatingScale;
        RatingScaleAnswerInput {
            question_id: question_id.into(),
            rating,
            type_,
        }
        .into()
    }

    /// Options of a list.
    pub fn options<I>(question_id: impl Into<QuestionId>, option_ids: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<OptionId>,
    {
        let selection = |id: I::Item| SelectionInput {
            type_: SelectionInputType::PreDefined,
            value: id.into(),
        };
        ClosedEndedAnswerInput {
            question_id: question_id.into(),
            selections: option_ids.into_iter().map(selection).collect(),
            type_: ClosedEndedAnswerInputType::ClosedEnded,
        }
        .into()
    }

    /// Words of the customer's own.
    pub fn text(question_id: impl Into<QuestionId>, value: impl Into<String>) -> Self {
        let type_ = OpenEndedAnswerInputType::OpenEnded;
        OpenEndedAnswerInput {
            question_id: question_id.into(),
            value: value.into(),
            type_,
        }
        .into()
    }

    /// Nothing: the question is left out.
    pub fn skipped(question_id: impl Into<QuestionId>) -> Self {
        SkippedAnswerInput {
            question_id: question_id.into(),
            type_: SkippedAnswerInputType::Skipped,
        }
        .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(json: &str) -> Answer {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_type_decides_and_an_unknown_one_is_kept() {
        // A skipped answer may still carry what an earlier answer said.
        assert_eq!(
            answer(r#"{"type": "skipped", "value": "x"}"#).kind(),
            AnswerKind::Skipped
        );
        let new = answer(r#"{"type": "drawing", "value": "x"}"#);
        let AnswerKind::Unknown(kept) = new.kind() else {
            panic!("{:?}", new.kind())
        };
        assert_eq!(
            (kept.type_.as_str(), kept.value.as_deref()),
            ("drawing", Some("x"))
        );
        assert_eq!(
            answer(r#"{"type": "closed_ended"}"#).kind(),
            AnswerKind::ClosedEnded { selections: &[] }
        );
    }

    #[test]
    fn only_a_scale_that_asks_for_satisfaction_counts() {
        let csat = r#"{"type": "rating_scale", "question": {"id": "Q", "type": "rating_scale_emoji", "sub_type": "customer_satisfaction"}}"#;
        assert!(answer(csat).is_csat());
        assert!(!answer(&csat.replace("customer_satisfaction", "other")).is_csat());
        assert!(!answer(&csat.replace(r#""rating_scale""#, r#""skipped""#)).is_csat());
        assert!(!answer(r#"{"type": "rating_scale"}"#).is_csat());
    }

    #[test]
    fn inputs_are_what_the_service_takes() {
        let json = |input: AnswerInput| serde_json::to_string(&input).unwrap();
        assert_eq!(
            json(AnswerInput::rating("Q", 4)),
            r#"{"question_id":"Q","rating":4,"type":"rating_scale"}"#
        );
        assert_eq!(
            json(AnswerInput::options("Q", ["O"])),
            r#"{"question_id":"Q","selections":[{"type":"pre_defined","value":"O"}],"type":"closed_ended"}"#
        );
        assert_eq!(
            json(AnswerInput::text("Q", "Hm")),
            r#"{"question_id":"Q","type":"open_ended","value":"Hm"}"#
        );
        assert_eq!(
            json(AnswerInput::skipped("Q")),
            r#"{"question_id":"Q","type":"skipped"}"#
        );
    }
}
