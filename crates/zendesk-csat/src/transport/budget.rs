//! One budget of the service as the client knows it: whether a call may go now, after another, or later.
//!
//! Times are those of [`Clock::monotonic`](super::clock::Clock::monotonic).

use std::time::Duration;

use super::rate_limit::RateLimitReading;

/// Calls at once, however much is left: more bring no more speed on a connection or two.
const MOST_AT_ONCE: u32 = 16;

/// Calls at once while nothing is known of the window: enough to learn, too few to overrun it.
const PROBES: u32 = 4;

/// Of what is left, one part in so many may be under way. The rest is for the account's other clients, whose calls
/// show only in the next answer.
const PART_AT_ONCE: u32 = 4;

/// The service counts by the minute. An answer that leaves out when its window ends came before this time from now.
const WINDOW: Duration = Duration::from_secs(60);

/// Ends of windows that are told in whole seconds and arrive late differ by less than this if they are the same.
const SAME_END: Duration = Duration::from_secs(5);

/// Whether a call may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Room {
    Now,
    /// When one that is under way has ended.
    AfterAnother,
    /// When this time has passed.
    In(Duration),
}

/// What is known of one budget, and the calls under way that it is charged with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Budget {
    in_flight: u32,
    closed_until: Duration,
    knowledge: Knowledge,
    /// Calls a minute, as told last.
    limit: Option<u32>,
}

#[derive(Debug, Clone, Copy, Default)]
enum Knowledge {
    /// No answer yet.
    #[default]
    Nothing,
    /// The answers name no limit.
    NoLimit,
    /// A call was refused, and no answer has told more since.
    Refused,
    Window(Window),
}

#[derive(Debug, Clone, Copy)]
struct Window {
    remaining: u32,
    ends_at: Duration,
    seen_at: Duration,
}

impl Budget {
    pub(crate) fn room(&self, now: Duration) -> Room {
        if let Some(wait) = until(self.closed_until, now) {
            return Room::In(wait);
        }
        let at_once = match self.knowledge {
            Knowledge::Nothing => PROBES,
            Knowledge::NoLimit => MOST_AT_ONCE,
            Knowledge::Refused => 1,
            Knowledge::Window(window) => match until(window.ends_at, now) {
                None => PROBES,
                Some(wait) if window.remaining == 0 => return Room::In(wait),
                Some(_) => (window.remaining / PART_AT_ONCE).clamp(1, MOST_AT_ONCE),
            },
        };
        if self.in_flight < at_once {
            Room::Now
        } else {
            Room::AfterAnother
        }
    }

    /// Whether an answer or a refusal has shown that this budget exists.
    pub(crate) fn is_limited(&self) -> bool {
        matches!(self.knowledge, Knowledge::Refused | Knowledge::Window(_))
    }

    #[cfg(test)]
    pub(crate) fn is_idle(&self) -> bool {
        self.in_flight == 0
    }

    /// A call goes out.
    pub(crate) fn start(&mut self) {
        self.in_flight += 1;
    }

    /// A call has ended, in whatever way.
    pub(crate) fn end(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// A call may have been counted, but its answer told nothing.
    pub(crate) fn spend(&mut self, now: Duration) {
        if let Knowledge::Window(window) = &mut self.knowledge
            && now < window.ends_at
        {
            window.remaining = window.remaining.saturating_sub(1);
        }
    }

    /// A call that went out at `sent_at` was answered, and its answer told this.
    pub(crate) fn read(&mut self, reading: Option<RateLimitReading>, sent_at: Duration, now: Duration) {
        self.limit = reading.and_then(|reading| reading.limit).or(self.limit);
        let told = reading.and_then(|reading| Some((reading.remaining?, reading.resets_in)));
        let Some((remaining, resets_in)) = told else {
            match self.knowledge {
                Knowledge::Nothing | Knowledge::Refused => self.knowledge = Knowledge::NoLimit,
                Knowledge::NoLimit => {}
                Knowledge::Window(_) => self.spend(now),
            }
            return;
        };
        let told_end = resets_in.map(|wait| now.saturating_add(wait));
        let told_window = Window {
            remaining,
            ends_at: told_end.unwrap_or_else(|| now.saturating_add(WINDOW)),
            seen_at: now,
        };
        if let Knowledge::Window(known) = &mut self.knowledge {
            match known.compare(remaining, told_end, sent_at, now) {
                // Answers overtake each other: in one window the smallest number is the latest.
                ToldWindow::Same => known.remaining = known.remaining.min(remaining),
                ToldWindow::Later => *known = told_window,
                ToldWindow::Earlier => self.spend(now),
            }
        } else {
            self.knowledge = Knowledge::Window(told_window);
        }
    }

    /// Calls a minute, where an answer has told.
    pub(crate) fn limit(&self) -> Option<u32> {
        self.limit
    }

    /// The service refused a call: none goes out before `until`, and then one alone, to see.
    pub(crate) fn refuse(&mut self, until: Duration) {
        self.closed_until = self.closed_until.max(until);
        self.knowledge = Knowledge::Refused;
    }
}

/// The window that an answer tells of, seen from the one that is known.
enum ToldWindow {
    Earlier,
    Same,
    Later,
}

impl Window {
    fn compare(
        &self,
        remaining: u32,
        told_end: Option<Duration>,
        sent_at: Duration,
        now: Duration,
    ) -> ToldWindow {
        let was_sent_before = sent_at < self.seen_at;
        if now >= self.ends_at {
            let may_be_old = told_end.is_none() && sent_at < self.ends_at;
            return if may_be_old {
                ToldWindow::Earlier
            } else {
                ToldWindow::Later
            };
        }
        match told_end {
            Some(end) if end > self.ends_at.saturating_add(SAME_END) => ToldWindow::Later,
            Some(end) if end.saturating_add(SAME_END) < self.ends_at => {
                // Told sooner by a later call, the end that was known was a guess.
                if was_sent_before {
                    ToldWindow::Earlier
                } else {
                    ToldWindow::Later
                }
            }
            Some(_) => ToldWindow::Same,
            None if was_sent_before => ToldWindow::Earlier,
            // More than calls overtaking each other could explain.
            None if remaining > self.remaining.saturating_add(MOST_AT_ONCE) => ToldWindow::Later,
            None => ToldWindow::Same,
        }
    }
}

fn until(time: Duration, now: Duration) -> Option<Duration> {
    time.checked_sub(now).filter(|wait| !wait.is_zero())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn told(remaining: u32, resets_in: Option<u64>) -> Option<RateLimitReading> {
        Some(RateLimitReading {
            limit: None,
            remaining: Some(remaining),
            resets_in: resets_in.map(seconds),
        })
    }

    /// Calls that may be under way together at `now`.
    fn at_once(budget: &Budget, now: u64) -> u32 {
        let mut budget = budget.clone();
        let before = budget.in_flight;
        while budget.room(seconds(now)) == Room::Now {
            budget.start();
        }
        budget.in_flight - before
    }

    /// A budget after one answer at second 10.
    fn after(reading: Option<RateLimitReading>) -> Budget {
        let mut budget = Budget::default();
        budget.start();
        budget.end();
        budget.read(reading, seconds(9), seconds(10));
        budget
    }

    #[test]
    fn a_few_calls_learn_before_many_go() {
        assert_eq!(at_once(&Budget::default(), 0), PROBES);
        assert_eq!(at_once(&after(None), 10), MOST_AT_ONCE);
        assert_eq!(at_once(&after(told(700, Some(30))), 10), MOST_AT_ONCE);
    }

    #[test]
    fn fewer_go_at_once_the_less_is_left() {
        for (remaining, expected) in [(400, 16), (64, 16), (40, 10), (8, 2), (4, 1), (1, 1)] {
            assert_eq!(
                at_once(&after(told(remaining, Some(30))), 10),
                expected,
                "{remaining}"
            );
        }
    }

    #[test]
    fn a_spent_budget_opens_when_its_window_ends() {
        let budget = after(told(0, Some(30)));
        assert_eq!(budget.room(seconds(10)), Room::In(seconds(30)));
        assert_eq!(budget.room(seconds(39)), Room::In(seconds(1)));
        assert_eq!(at_once(&budget, 40), PROBES);
    }

    #[test]
    fn a_window_whose_end_is_not_told_ends_within_a_minute() {
        let budget = after(told(0, None));
        assert_eq!(budget.room(seconds(10)), Room::In(WINDOW));
        assert_eq!(at_once(&budget, 70), PROBES);
    }

    #[test]
    fn a_refusal_closes_and_then_lets_one_call_see() {
        let mut budget = after(told(300, Some(30)));
        budget.refuse(seconds(17));
        assert_eq!(budget.room(seconds(10)), Room::In(seconds(7)));
        assert_eq!(at_once(&budget, 17), 1);
        budget.refuse(seconds(12));
        assert_eq!(
            budget.room(seconds(10)),
            Room::In(seconds(7)),
            "an earlier end does not open"
        );
        budget.read(told(300, Some(60)), seconds(17), seconds(18));
        assert_eq!(at_once(&budget, 18), MOST_AT_ONCE);
    }

    #[test]
    fn an_answer_that_comes_late_does_not_open_what_a_refusal_closed() {
        let mut budget = after(told(300, Some(30)));
        budget.refuse(seconds(25));
        budget.read(told(299, Some(29)), seconds(9), seconds(11));
        assert_eq!(budget.room(seconds(11)), Room::In(seconds(14)));
    }

    #[test]
    fn in_one_window_the_smallest_number_counts() {
        let mut budget = after(told(8, Some(30)));
        budget.read(told(12, Some(30)), seconds(9), seconds(10));
        assert_eq!(at_once(&budget, 10), 2);
        budget.read(told(4, Some(29)), seconds(10), seconds(11));
        assert_eq!(at_once(&budget, 11), 1);
    }

    #[test]
    fn a_new_window_counts_anew() {
        let mut told_end = after(told(1, Some(3)));
        told_end.read(told(399, Some(59)), seconds(11), seconds(12));
        assert_eq!(at_once(&told_end, 12), MOST_AT_ONCE, "the end is later");
        let mut untold_end = after(told(1, None));
        untold_end.read(told(399, None), seconds(11), seconds(12));
        assert_eq!(at_once(&untold_end, 12), MOST_AT_ONCE, "the number has risen");
        let mut over = after(told(0, Some(3)));
        over.read(told(100, Some(60)), seconds(14), seconds(15));
        assert_eq!(at_once(&over, 15), MOST_AT_ONCE, "the old one is over");
    }

    #[test]
    fn an_answer_of_the_window_before_does_not_spoil_the_new_one() {
        let mut told_end = after(told(400, Some(60)));
        told_end.read(told(0, Some(1)), seconds(8), seconds(11));
        assert_eq!(at_once(&told_end, 11), MOST_AT_ONCE);
        let mut untold_end = after(told(400, None));
        untold_end.read(told(0, None), seconds(8), seconds(11));
        assert_eq!(at_once(&untold_end, 11), MOST_AT_ONCE);
        let mut over = after(told(0, None));
        over.read(told(0, None), seconds(60), seconds(71));
        assert_eq!(at_once(&over, 71), PROBES);
    }

    #[test]
    fn a_guessed_end_gives_way_to_a_told_one() {
        let mut budget = after(told(0, None));
        budget.read(told(0, Some(5)), seconds(10), seconds(11));
        assert_eq!(budget.room(seconds(11)), Room::In(seconds(5)));
    }

    #[test]
    fn a_call_without_an_answer_is_counted_as_spent() {
        let mut budget = after(told(1, Some(30)));
        budget.start();
        budget.end();
        budget.spend(seconds(11));
        assert_eq!(budget.room(seconds(11)), Room::In(seconds(29)));
        let mut silent = after(told(1, Some(30)));
        silent.read(None, seconds(10), seconds(11));
        assert_eq!(silent.room(seconds(11)), Room::In(seconds(29)));
    }

    #[derive(Debug, Clone)]
    enum Step {
        Start,
        End {
            remaining: Option<u32>,
            resets_in: Option<u64>,
        },
        Lose,
        Refuse(u64),
        Pass(u64),
    }

    fn steps() -> impl Strategy<Value = Step> {
        prop_oneof![
            Just(Step::Start),
            (proptest::option::of(0..500_u32), proptest::option::of(0..70_u64))
                .prop_map(|(remaining, resets_in)| Step::End { remaining, resets_in }),
            Just(Step::Lose),
            (0..90_u64).prop_map(Step::Refuse),
            (0..30_u64).prop_map(Step::Pass),
        ]
    }

    proptest! {
        /// Whatever the service says, the budget never stays closed: with no call under way, it opens in time.
        #[test]
        fn no_history_closes_a_budget_for_ever(history in proptest::collection::vec(steps(), 0..60)) {
            let (mut budget, mut now) = (Budget::default(), Duration::ZERO);
            let mut sent = std::collections::VecDeque::new();
            for step in history {
                match step {
                    Step::Start => if budget.room(now) == Room::Now {
                        budget.start();
                        sent.push_back(now);
                    },
                    Step::End { remaining, resets_in } => if let Some(sent_at) = sent.pop_front() {
                        let reading = RateLimitReading { limit: None, remaining, resets_in: resets_in.map(seconds) };
                        budget.end();
                        budget.read(Some(reading), sent_at, now);
                    },
                    Step::Lose => if sent.pop_back().is_some() {
                        budget.end();
                        budget.spend(now);
                    },
                    Step::Refuse(wait) => budget.refuse(now + seconds(wait)),
                    Step::Pass(wait) => now += seconds(wait),
                }
                prop_assert!(sent.len() <= MOST_AT_ONCE as usize);
                prop_assert_eq!(budget.in_flight as usize, sent.len());
            }
            while sent.pop_front().is_some() {
                budget.end();
                budget.spend(now);
            }
            let room = budget.room(now);
            prop_assert!(room != Room::AfterAnother);
            if let Room::In(wait) = room {
                prop_assert!(wait <= seconds(90));
                prop_assert_eq!(budget.room(now + wait), Room::Now);
            }
        }
    }
}
