//! What customers answer, drawn at random.

use rand::Rng;
use rand::rngs::StdRng;

use super::life::{SECOND, seconds};
use super::records::{Answer, AnswerValue};
use super::surveys::{Question, QuestionType, SurveyVersion};
use super::texts::Comment;

/// The answers of a content or a discontent customer to a survey.
pub(super) fn draw_answers(version: &SurveyVersion, at: i64, happy: bool, rng: &mut StdRng) -> Vec<Answer> {
    let answer = |question: u8, value| Answer {
        created: at,
        updated: at,
        value,
        question,
    };
    let rating = version.csat().map(|(_, question)| {
        let points = u8::try_from(question.choices.len()).unwrap_or(u8::MAX);
        (question, draw_rating(points, happy, rng))
    });
    let is_good = rating.is_some_and(|(question, rating)| question.category(rating) == "good");
    let skip_all_else = rng.random_bool(0.2);
    // Only who is not content is asked what was wrong; what it was about, everyone.
    let tells_why = !is_good && !skip_all_else && rng.random_bool(0.85);
    (0_u8..)
        .zip(&version.questions)
        .filter_map(|(place, question)| {
            let points = u8::try_from(question.choices.len()).unwrap_or(u8::MAX);
            let value = match question.kind {
                kind if kind.is_scale() && question.is_csat() => {
                    AnswerValue::Rating(rating.map_or(points, |(_, rating)| rating))
                }
                QuestionType::ClosedEnded if question.asks_why && !tells_why => AnswerValue::Skipped,
                QuestionType::ClosedEnded if question.asks_why => draw_reasons(question, rng),
                _ if skip_all_else || rng.random_bool(0.3) => AnswerValue::Skipped,
                QuestionType::ClosedEnded => AnswerValue::Selections([rng.random_range(0..points)].into()),
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

/// What a discontent customer chooses from the reasons: one, where the survey does not allow several.
pub(super) fn draw_reasons(question: &Question, rng: &mut StdRng) -> AnswerValue {
    let options = u8::try_from(question.choices.len()).unwrap_or(u8::MAX);
    // The third of the ticket survey's reasons is the one that was renamed.
    let first = [0, 0, 1, 2, 2, 2, 3, 3, 4, 4][rng.random_range(0..10)].min(options - 1);
    let second = rng.random_range(0..options);
    let chosen: &[u8] = if rng.random_bool(0.03) {
        &[]
    } else if question.several && first != second && rng.random_bool(0.35) {
        &[first, second]
    } else {
        &[first]
    };
    AnswerValue::Selections(chosen.into())
}

/// When an answer was given, in milliseconds, and the second that its copy is stamped with: the same one, the one before, or,
/// where the copy is written only after a while, at `at`, one up to four minutes later.
pub(super) fn draw_stamps(at: i64, sent: i64, rng: &mut StdRng) -> (i64, u32) {
    let second = seconds(at);
    let (answered, copied) = match rng.random_range(0..100) {
        0..50 => (at, second),
        50..70 => (at, second - 1),
        70..88 => (at - rng.random_range(SECOND..30 * SECOND), second),
        _ => (at - rng.random_range(30 * SECOND..240 * SECOND), second),
    };
    (answered.max(sent + 1), copied)
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
