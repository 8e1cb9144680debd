//! What customers answer, drawn at random.

use rand::Rng;
use rand::rngs::StdRng;

use super::records::{Answer, AnswerValue};
use super::surveys::{QuestionType, SurveyVersion};
use super::texts::Comment;

/// The answers of a content or a discontent customer to a survey.
pub(super) fn draw_answers(version: &SurveyVersion, at: i64, happy: bool, rng: &mut StdRng) -> Vec<Answer> {
    let answer = |question: u8, value| Answer {
        created: at,
        updated: at,
        value,
        question,
    };
    let skip_all_else = rng.random_bool(0.3);
    (0_u8..)
        .zip(&version.questions)
        .filter_map(|(place, question)| {
            let points = u8::try_from(question.choices.len()).unwrap_or(u8::MAX);
            let value = match question.kind {
                kind if kind.is_scale() && question.is_csat() => {
                    AnswerValue::Rating(draw_rating(points, happy, rng))
                }
                _ if skip_all_else || rng.random_bool(0.3) => AnswerValue::Skipped,
                // Content customers rarely go on to choose what was wrong.
                QuestionType::ClosedEnded if happy && rng.random_bool(0.7) => AnswerValue::Skipped,
                QuestionType::ClosedEnded if rng.random_bool(0.03) => AnswerValue::Selections(Box::default()),
                QuestionType::ClosedEnded => {
                    let first = rng.random_range(0..points);
                    let second = rng.random_range(0..points);
                    let chosen: &[u8] = if first != second && rng.random_bool(0.2) {
                        &[first, second]
                    } else {
                        &[first]
                    };
                    AnswerValue::Selections(chosen.into())
                }
                QuestionType::OpenEnded if rng.random_bool(0.1) => AnswerValue::Text(Comment::Empty),
                QuestionType::OpenEnded => {
                    AnswerValue::Text(Comment::sampled(happy, rng.random_range(0..1 << 30)))
                }
                _ => AnswerValue::Rating(rng.random_range(1..=points)),
            };
            // A customer who closes the page after the first click leaves no answer to the last question.
            let left_early = value == AnswerValue::Skipped
                && usize::from(place) + 1 == version.questions.len()
                && rng.random_bool(0.3);
            (!left_early).then(|| answer(place, value))
        })
        .collect()
}

pub(super) fn draw_rating(points: u8, happy: bool, rng: &mut StdRng) -> u8 {
    match (points, happy) {
        (2, false) => 1,
        (2, true) => 2,
        (3, false) => rng.random_range(1..=2),
        (3, true) => 3,
        (_, false) => [1, 1, 1, 2, 2, 3][rng.random_range(0..6)],
        (_, true) => [3, 4, 4, 5, 5, 5, 5, 5][rng.random_range(0..8)],
    }
}

pub(super) fn draw_comment(happy: bool, rng: &mut StdRng) -> Comment {
    match rng.random_range(0..100) {
        0..8 => Comment::Empty,
        draw if draw < if happy { 30 } else { 50 } => Comment::sampled(happy, rng.random_range(0..1 << 30)),
        _ => Comment::Null,
    }
}
