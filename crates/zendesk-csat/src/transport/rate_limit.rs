//! What an answer's headers say about the budgets that it was charged to, in every spelling seen.

use std::time::Duration;

use reqwest::header::HeaderMap;

use super::retry_after::decimal_seconds;

/// Header names that start so describe an endpoint's own budget: `total=10; remaining=9; resets=45`.
const ENDPOINT_PREFIX: &str = "zendesk-ratelimit-";

/// More than this is no time until a window ends, but a date or a mistake.
const LONGEST_WINDOW: Duration = Duration::from_secs(60 * 60);

/// One budget as an answer tells it. What the answer leaves out, or what cannot be read, is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct RateLimitReading {
    /// Calls in a window.
    pub(crate) limit: Option<u32>,
    /// Calls left in this window.
    pub(crate) remaining: Option<u32>,
    /// Time until the window ends.
    pub(crate) resets_in: Option<Duration>,
}

impl RateLimitReading {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn is_spent(&self) -> bool {
        self.remaining == Some(0)
    }

    /// Two tellings of one budget: the stricter number counts.
    fn tighten(&mut self, other: Self) {
        self.limit = smaller(self.limit, other.limit);
        self.remaining = smaller(self.remaining, other.remaining);
        self.resets_in = self.resets_in.max(other.resets_in);
    }
}

/// Every budget that one answer tells of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RateLimits {
    /// The budget of the account: Support's or the Help Center's, by the call's bucket.
    pub(crate) account: Option<RateLimitReading>,
    /// The budgets of endpoints by their names, such as `incremental-exports`.
    pub(crate) endpoints: Vec<(String, RateLimitReading)>,
}

impl RateLimits {
    /// Reads an answer's headers.
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let mut account = RateLimitReading::default();
        let mut endpoints = Vec::new();
        for (name, value) in headers {
            let Ok(value) = value.to_str() else { continue };
            if let Some(endpoint) = name.as_str().strip_prefix(ENDPOINT_PREFIX) {
                let reading = read_members(value);
                if !reading.is_empty() {
                    endpoints.push((endpoint.to_owned(), reading));
                }
            } else if let Some(member) = account_member(name.as_str()) {
                account.tighten(read_member(member, value));
            }
        }
        Self {
            account: (!account.is_empty()).then_some(account),
            endpoints,
        }
    }

    /// The endpoint's budget with the least left.
    pub(crate) fn tightest_endpoint(&self) -> Option<RateLimitReading> {
        self.endpoints
            .iter()
            .map(|(_, reading)| *reading)
            .min_by_key(|reading| {
                (
                    reading.remaining.unwrap_or(u32::MAX),
                    std::cmp::Reverse(reading.resets_in),
                )
            })
    }

    /// Whether the account's budget is used up.
    pub(crate) fn account_is_spent(&self) -> bool {
        self.account.is_some_and(|reading| reading.is_spent())
    }

    /// The time until every budget that is used up is filled again; `None` if none is, or if it is not told.
    pub(crate) fn resets_in(&self) -> Option<Duration> {
        let endpoints = self.endpoints.iter().map(|(_, reading)| *reading);
        endpoints
            .chain(self.account)
            .filter(RateLimitReading::is_spent)
            .filter_map(|reading| reading.resets_in)
            .max()
    }
}

#[derive(Clone, Copy)]
enum Member {
    Limit,
    Remaining,
    Reset,
}

/// `x-rate-limit`, `x-rate-limit-remaining`, `ratelimit-limit`, `rate-limit-reset` and their like.
fn account_member(name: &str) -> Option<Member> {
    let name = name.strip_prefix("x-").unwrap_or(name);
    let member = name
        .strip_prefix("rate-limit")
        .or_else(|| name.strip_prefix("ratelimit"))?;
    match member {
        "" | "-limit" => Some(Member::Limit),
        "-remaining" => Some(Member::Remaining),
        "-reset" => Some(Member::Reset),
        _ => None,
    }
}

fn read_members(value: &str) -> RateLimitReading {
    let mut reading = RateLimitReading::default();
    for (key, value) in value.split(';').filter_map(|member| member.split_once('=')) {
        let member = match key.trim().to_ascii_lowercase().as_str() {
            "total" | "limit" => Member::Limit,
            "remaining" => Member::Remaining,
            "resets" | "reset" => Member::Reset,
            _ => continue,
        };
        reading.tighten(read_member(member, value));
    }
    reading
}

fn read_member(member: Member, value: &str) -> RateLimitReading {
    let value = value.trim();
    let mut reading = RateLimitReading::default();
    match member {
        Member::Limit => reading.limit = count(value),
        Member::Remaining => reading.remaining = count(value),
        Member::Reset => {
            reading.resets_in = decimal_seconds(value).filter(|wait| *wait <= LONGEST_WINDOW);
        }
    }
    reading
}

/// A whole number. One below zero leaves nothing; a policy after it (`100, 100;w=60`) is passed over.
fn count(value: &str) -> Option<u32> {
    let number = value.split([',', ';']).next().unwrap_or(value).trim();
    let (is_negative, digits) = match number.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, number),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(if is_negative {
        0
    } else {
        // Digits alone fail to parse only by being too many.
        digits.parse().unwrap_or(u32::MAX)
    })
}

fn smaller(a: Option<u32>, b: Option<u32>) -> Option<u32> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn read(headers: &[(&str, &str)]) -> RateLimits {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            map.append(name, HeaderValue::from_str(value).unwrap());
        }
        RateLimits::read(&map)
    }

    fn reading(limit: u32, remaining: u32, resets_in: Option<u64>) -> RateLimitReading {
        RateLimitReading {
            limit: Some(limit),
            remaining: Some(remaining),
            resets_in: resets_in.map(Duration::from_secs),
        }
    }

    #[test]
    fn every_spelling_of_the_account_s_budget_is_read() {
        let help_center = [("X-Rate-Limit", "700"), ("X-RATE-LIMIT-REMAINING", "699")];
        assert_eq!(read(&help_center).account, Some(reading(700, 699, None)));
        for prefix in [
            "ratelimit",
            "rate-limit",
            "RateLimit",
            "x-ratelimit",
            "x-rate-limit",
        ] {
            let names = ["limit", "remaining", "reset"].map(|member| format!("{prefix}-{member}"));
            let headers = [(&*names[0], "400"), (&*names[1], "12"), (&*names[2], "33")];
            assert_eq!(
                read(&headers).account,
                Some(reading(400, 12, Some(33))),
                "{prefix}"
            );
        }
    }

    #[test]
    fn two_spellings_in_one_answer_give_the_stricter_number() {
        let headers = [
            ("x-rate-limit", "700"),
            ("x-rate-limit-remaining", "650"),
            ("ratelimit-limit", "700"),
            ("ratelimit-remaining", "649"),
            ("ratelimit-reset", "41"),
        ];
        assert_eq!(read(&headers).account, Some(reading(700, 649, Some(41))));
    }

    #[test]
    fn endpoints_have_budgets_of_their_own() {
        let limits = read(&[
            ("x-rate-limit", "700"),
            ("x-rate-limit-remaining", "650"),
            (
                "Zendesk-RateLimit-Incremental-Exports",
                "total=10; remaining=0; resets=45",
            ),
            (
                "zendesk-ratelimit-tickets-index",
                "Total = 100;Remaining=99 ;resets=5;new=1",
            ),
        ]);
        assert_eq!(limits.account, Some(reading(700, 650, None)));
        let mut endpoints = limits.endpoints.clone();
        endpoints.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(
            endpoints,
            [
                ("incremental-exports".to_owned(), reading(10, 0, Some(45))),
                ("tickets-index".to_owned(), reading(100, 99, Some(5))),
            ]
        );
        assert_eq!(limits.tightest_endpoint(), Some(reading(10, 0, Some(45))));
        assert_eq!(limits.resets_in(), Some(Duration::from_secs(45)));
        assert!(!limits.account_is_spent());
    }

    #[test]
    fn the_reset_counts_only_where_nothing_is_left() {
        let some_left = [("ratelimit-remaining", "1"), ("ratelimit-reset", "41")];
        assert_eq!(read(&some_left).resets_in(), None);
        let none_left = [("ratelimit-remaining", "0"), ("ratelimit-reset", "41")];
        assert_eq!(read(&none_left).resets_in(), Some(Duration::from_secs(41)));
        assert!(read(&none_left).account_is_spent());
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        for headers in [
            [("ratelimit-remaining", "many")],
            [("ratelimit-remaining", "")],
            [("ratelimit-reset", "1772366400")],
            [("ratelimit-reset", "-1")],
            [("ratelimit-policy", "100")],
            [("zendesk-ratelimit-incremental-exports", "10")],
            [("content-length", "10")],
        ] {
            assert_eq!(read(&headers), RateLimits::default(), "{headers:?}");
        }
    }

    #[test]
    fn numbers_out_of_range_keep_their_sense() {
        let remaining = |value| read(&[("ratelimit-remaining", value)]).account.unwrap().remaining;
        assert_eq!(remaining("-3"), Some(0));
        assert_eq!(remaining("99999999999999999999"), Some(u32::MAX));
        assert_eq!(remaining("100, 100;w=60"), Some(100));
    }

    proptest! {
        #[test]
        fn no_header_panics(
            name in "(x-)?(rate-limit|ratelimit|zendesk-ratelimit)[a-z-]{0,12}",
            value in proptest::collection::vec(any::<u8>(), 0..40),
        ) {
            let mut headers = HeaderMap::new();
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                headers.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), value);
            }
            RateLimits::read(&headers);
        }

        #[test]
        fn what_the_service_writes_is_what_is_read(total in any::<u32>(), remaining in any::<u32>(), resets in 0..=3_600_u64) {
            let value = format!("total={total}; remaining={remaining}; resets={resets}");
            let limits = read(&[("zendesk-ratelimit-anything", &value)]);
            prop_assert_eq!(limits.tightest_endpoint(), Some(reading(total, remaining, Some(resets))));
        }
    }
}
