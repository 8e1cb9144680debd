//! Answers to surveys, and the legacy rating that Zendesk writes on the ticket of each.

use super::Account;
use super::life::SECOND;
use super::records::{Answer, AnswerValue, Made, NONE, Rating, RatingReason, Score};
use super::texts::Comment;

impl Account {
    /// The number of an answer that is given now: the latest of all.
    pub(crate) fn next_answer(&mut self) -> u32 {
        self.answers += 1;
        self.answers
    }

    /// Replaces a response's answers and keeps the rating that mirrors them in step, which is stamped `copied`; `rates` where
    /// the customer satisfaction question was answered, or answered anew.
    pub(crate) fn set_answers(
        &mut self,
        index: u32,
        answers: Vec<Answer>,
        rates: bool,
        at: i64,
        copied: u32,
    ) {
        let seconds = u32::try_from(at / SECOND).unwrap_or(u32::MAX);
        let Some(response) = self.responses.get_mut(index as usize) else {
            return;
        };
        response.answers = answers;
        let (ticket, mirror) = (response.ticket, response.mirror);
        let Some((score, reason, comment)) = self.mirrored(index) else {
            self.take_back_rating(index);
            return;
        };
        if rates {
            self.responses[index as usize].answer = self.next_answer();
        }
        if let Some(rating) = self.ratings.get_mut(mirror as usize) {
            rating.score = score;
            rating.reason = reason;
            rating.comment = comment;
            rating.updated = copied;
            self.touch(ticket, seconds, false);
        } else if let Some(found) = self.tickets.get(ticket as usize) {
            let rating = Rating {
                ticket,
                requester: found.requester,
                created: copied,
                updated: copied,
                previous: NONE,
                made: Made::CopyOf(index),
                rated: copied,
                answer: 0,
                assignee: found.assignee,
                group: found.group,
                score,
                reason,
                comment,
            };
            let mirror = self.add_rating(rating);
            self.responses[index as usize].mirror = mirror;
            self.touch(ticket, seconds, false);
        }
    }

    /// Leaves a response without answers; the rating that mirrored them goes too.
    pub(crate) fn take_back_answers(&mut self, index: u32, at: i64) {
        let Some(response) = self.responses.get_mut(index as usize) else {
            return;
        };
        response.answers = Vec::new();
        let ticket = response.ticket;
        self.take_back_rating(index);
        self.touch(ticket, u32::try_from(at / SECOND).unwrap_or(u32::MAX), false);
    }

    fn take_back_rating(&mut self, index: u32) {
        if let Some(response) = self.responses.get_mut(index as usize) {
            response.answer = 0;
            let mirror = std::mem::replace(&mut response.mirror, NONE);
            self.remove_rating(mirror);
        }
    }

    /// Takes a rating off its ticket; its id is not given again.
    fn remove_rating(&mut self, index: u32) {
        let Some(rating) = self.ratings.get_mut(index as usize) else {
            return;
        };
        let ticket = std::mem::replace(&mut rating.ticket, NONE);
        let previous = std::mem::replace(&mut rating.previous, NONE);
        let Some(ticket) = self.tickets.get_mut(ticket as usize) else {
            return;
        };
        if ticket.last_rating == index {
            ticket.last_rating = previous;
            return;
        }
        let mut next = ticket.last_rating;
        while let Some(later) = self.ratings.get_mut(next as usize) {
            if later.previous == index {
                later.previous = previous;
            }
            next = later.previous;
        }
    }

    /// What the legacy rating of an answered survey says.
    fn mirrored(&self, index: u32) -> Option<(Score, RatingReason, Comment)> {
        let response = self.responses.get(index as usize)?;
        let category = self.csat_of(response)?.category;
        let score = if category == "good" {
            Score::Good
        } else {
            Score::Bad
        };
        let chosen = response.answers.iter().find_map(|answer| match &answer.value {
            AnswerValue::Selections(chosen) => Some((answer.question, *chosen.first()?)),
            _ => None,
        });
        let reason = match chosen {
            Some((question, choice)) if score == Score::Bad => RatingReason::Option {
                version: response.version,
                question,
                choice,
            },
            _ => RatingReason::Unset,
        };
        let comment = response.answers.iter().find_map(|answer| match &answer.value {
            AnswerValue::Text(comment) if comment.is_written() => Some(comment.clone()),
            _ => None,
        });
        Some((score, reason, comment.unwrap_or(Comment::Null)))
    }
}
