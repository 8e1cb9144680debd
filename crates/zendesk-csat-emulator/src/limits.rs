//! How many calls a plan allows in a minute, and the headers that tell.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

use crate::account::life::SECOND;
use crate::clock::Clock;
use crate::reply::{Reply, described};

const MINUTE: i64 = 60 * SECOND;
/// What the headers say where there is no limit.
const UNLIMITED: Plan = Plan {
    account: 2_500,
    exports: 30,
};

/// The calls a minute that a plan allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plan {
    /// To Support, and again to the Help Center.
    account: u32,
    /// To the incremental exports; they count to Support too.
    exports: u32,
}

/// The plans by name; `+high-volume` adds the add-on.
pub(crate) const PLANS: [(&str, u32); 9] = [
    ("support-essential", 10),
    ("support-team", 200),
    ("support-professional", 400),
    ("support-enterprise", 700),
    ("suite-team", 200),
    ("suite-growth", 400),
    ("suite-professional", 400),
    ("suite-enterprise", 700),
    ("suite-enterprise-plus", 2_500),
];

impl Plan {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let (base, high_volume) = name
            .strip_suffix("+high-volume")
            .map_or((name, false), |base| (base, true));
        let &(_, account) = PLANS.iter().find(|(plan, _)| *plan == base)?;
        Some(if high_volume {
            UNLIMITED
        } else {
            Self { account, exports: 10 }
        })
    }
}

/// Calls in the current minute.
#[derive(Debug, Default)]
struct Window {
    minute: i64,
    support: u32,
    help_center: u32,
    exports: u32,
}

#[derive(Debug)]
pub(crate) struct Limits {
    plan: Option<Plan>,
    window: Mutex<Window>,
}

/// What a call leaves of its budgets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    in_help_center: bool,
    account: (u32, u32),
    exports: Option<(u32, u32)>,
    /// Real seconds to the end of the account's minute.
    resets: i64,
    pub(crate) exceeded: Option<Exceeded>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exceeded {
    Account,
    Exports,
}

impl Limits {
    pub(crate) fn new(plan: Option<Plan>) -> Self {
        Self {
            plan,
            window: Mutex::default(),
        }
    }

    /// Counts a call.
    pub(crate) fn count(&self, bucket: &str, clock: &Clock) -> Budget {
        let now = clock.now();

        let in_help_center = bucket == "help_center";
        let is_export = bucket == "incremental";
        let resets = clock.real_seconds(60 - (now % MINUTE) / SECOND);
        let Some(plan) = self.plan else {
            let exports = is_export.then_some((UNLIMITED.exports, UNLIMITED.exports - 1));
            return Budget {
                in_help_center,
                account: (UNLIMITED.account, UNLIMITED.account - 1),
                exports,
                resets,
                exceeded: None,
            };
        };
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if window.minute != now / MINUTE {
            *window = Window {
                minute: now / MINUTE,
                ..Window::default()
            };
        }
        let used = if in_help_center {
            &mut window.help_center
        } else {
            &mut window.support
        };
        *used = used.saturating_add(1);
        let account_used = *used;
        let mut exceeded = (account_used > plan.account).then_some(Exceeded::Account);
        let exports = is_export.then(|| {
            window.exports = window.exports.saturating_add(1);
            if exceeded.is_none() && window.exports > plan.exports {
                exceeded = Some(Exceeded::Exports);
            }
            (plan.exports, plan.exports.saturating_sub(window.exports))
        });
        Budget {
            in_help_center,
            account: (plan.account, plan.account.saturating_sub(account_used)),
            exports,
            resets,
            exceeded,
        }
    }
}

impl Budget {
    /// Adds the headers that the endpoint's service writes.
    pub(crate) fn tell(&self, reply: Reply) -> Reply {
        let (limit, remaining) = self.account;
        let mut reply = reply
            .with("x-rate-limit", limit.to_string())
            .with("x-rate-limit-remaining", remaining.to_string());
        if !self.in_help_center {
            reply = reply
                .with("ratelimit-limit", limit.to_string())
                .with("ratelimit-remaining", remaining.to_string())
                .with("ratelimit-reset", self.resets.to_string());
        }
        if let Some((total, remaining)) = self.exports {
            reply = reply.with(
                "zendesk-ratelimit-incremental-exports",
                format!("total={total}; remaining={remaining}; resets={}", self.resets),
            );
        }
        reply
    }

    /// The refusal of a call beyond the budget; `draw` chooses its form.
    pub(crate) fn refusal(&self, exceeded: Exceeded, draw: u64) -> Reply {
        let reply = too_many_requests(exceeded, draw);
        // As a rule there is a `Retry-After` in seconds; sometimes none.
        if draw % 8 == 7 {
            reply
        } else {
            reply.with("retry-after", self.resets.to_string())
        }
    }
}

/// 429 as JSON or as text.
pub(crate) fn too_many_requests(exceeded: Exceeded, draw: u64) -> Reply {
    let description = match exceeded {
        Exceeded::Account => "Number of allowed API requests per minute exceeded",
        Exceeded::Exports => "Number of allowed incremental export API requests per minute exceeded",
    };
    if draw.is_multiple_of(2) {
        described(429, "APIRateLimitExceeded", description)
    } else {
        Reply::text(429, description)
    }
}

/// A date as HTTP headers write it.
pub(crate) fn http_date(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_780_300_800_000;

    #[test]
    fn the_help_center_and_the_exports_have_counters_of_their_own() {
        let limits = Limits::new(Plan::parse("suite-professional"));
        let clock = Clock::new(NOW, 0.0);
        for _ in 0..10 {
            assert!(limits.count("incremental", &clock).exceeded.is_none());
        }
        assert_eq!(
            limits.count("incremental", &clock).exceeded,
            Some(Exceeded::Exports)
        );
        assert_eq!(limits.count("support", &clock).account, (400, 388));
        assert_eq!(limits.count("help_center", &clock).account, (400, 399));
    }

    #[test]
    fn a_new_minute_has_a_new_budget() {
        let limits = Limits::new(Plan::parse("support-essential"));
        let clock = Clock::new(NOW + 59_000, 0.0);
        for _ in 0..10 {
            limits.count("support", &clock);
        }
        clock.advance(999);
        assert_eq!(limits.count("support", &clock).exceeded, Some(Exceeded::Account));
        clock.advance(1);
        let budget = limits.count("support", &clock);
        assert_eq!((budget.exceeded, budget.resets), (None, 60));
    }

    #[test]
    fn a_fast_clock_makes_waits_short() {
        let budget = Limits::new(None).count("support", &Clock::new(NOW, 30.0));
        assert!((1..=2).contains(&budget.resets), "{}", budget.resets);
    }

    #[test]
    fn the_add_on_raises_both_limits() {
        assert_eq!(Plan::parse("suite-team+high-volume"), Some(UNLIMITED));
        assert_eq!(Plan::parse("free"), None);
    }

    #[test]
    fn dates_are_written_as_http_has_them() {
        let date = DateTime::<Utc>::from_timestamp_millis(NOW).unwrap();
        assert_eq!(http_date(date), "Mon, 01 Jun 2026 08:00:00 GMT");
    }
}
