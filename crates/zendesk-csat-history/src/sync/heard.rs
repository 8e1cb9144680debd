//! How far the lists of what customers said have come, told while they are read.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::Notify;

use crate::progress::Step;

/// Told by the steps that list, asked by the one that waits for them.
#[derive(Debug, Default)]
pub(super) struct Heard {
    rows: AtomicU64,
    newest_survey: AtomicBool,
    all: AtomicBool,
    more: Notify,
}

impl Heard {
    /// Rows of the step were stored.
    pub(super) fn rows(&self, step: Step, rows: u64) {
        match step {
            Step::SurveyResponses if rows > 0 => self.newest_survey.store(true, Ordering::Relaxed),
            Step::SurveyResponses | Step::Ratings => {}
            _ => return,
        }
        self.rows.fetch_add(rows, Ordering::Relaxed);
        self.more.notify_one();
    }

    /// The lists have come to their end.
    pub(super) fn end(&self) {
        self.all.store(true, Ordering::Relaxed);
        self.more.notify_one();
    }

    pub(super) fn count(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }

    /// Waits for the newest survey response, which comes first, and for so many rows. Whether the lists go on.
    pub(super) async fn wait(&self, rows: u64) -> bool {
        loop {
            if self.all.load(Ordering::Relaxed) {
                return false;
            }
            if self.newest_survey.load(Ordering::Relaxed) && self.count() >= rows {
                return true;
            }
            self.more.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn one_waits_for_surveys_and_for_rows_or_for_the_end() {
        let heard = Heard::default();
        let waits = |rows| heard.wait(rows).now_or_never();
        heard.rows(Step::Ratings, 100);
        heard.rows(Step::SurveyResponses, 0);
        heard.rows(Step::Questions, 9);
        assert_eq!((waits(0), heard.count()), (None, 100));
        heard.rows(Step::SurveyResponses, 50);
        assert_eq!((waits(0), waits(150), waits(151)), (Some(true), Some(true), None));
        heard.end();
        assert_eq!(waits(0), Some(false));
    }
}
