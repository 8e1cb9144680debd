use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use futures::FutureExt;

use super::super::bucket::Bucket;
use super::super::rate_limit::RateLimitReading;
use super::super::simulated_service::SimulatedService;
use super::super::test_clock::TestClock;
use super::*;

const ROUTE: Route = Route {
    bucket: Bucket::Support,
    endpoint: "satisfaction_ratings.list",
};
const GET: Call = Call {
    route: ROUTE,
    idempotent: true,
    deadline: None,
};
const POST: Call = Call {
    idempotent: false,
    ..GET
};

type Script = VecDeque<Outcome<&'static str, &'static str>>;

struct Bench {
    clock: TestClock,
    pacer: Pacer,
    policy: RetryPolicy,
    attempts: Mutex<Vec<(u32, u64, Option<u64>)>>,
    health: Health,
    patience: Duration,
    waits: Mutex<Vec<Wait>>,
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn bench() -> Bench {
    let clock = TestClock::default();
    Bench {
        pacer: Pacer::new(Arc::new(clock.clone())),
        clock,
        policy: RetryPolicy {
            max_retries: 2,
            max_wait: seconds(60),
        },
        attempts: Mutex::default(),
        health: Health::default(),
        patience: Duration::ZERO,
        waits: Mutex::default(),
    }
}

impl Bench {
    fn retry_loop<'a>(&'a self, tell: &'a (dyn Fn(&Wait) + Send + Sync)) -> RetryLoop<'a> {
        RetryLoop {
            clock: &self.clock,
            pacer: &self.pacer,
            policy: self.policy,
            backoff: Backoff {
                base: seconds(1),
                cap: seconds(8),
            },
            random: || 1.0,
            health: &self.health,
            patience: self.patience,
            tell,
        }
    }

    /// Runs a call whose attempts take a second each and end as `script` says.
    async fn run(
        &self,
        call: Call,
        script: impl Into<Script>,
    ) -> (Result<&'static str, Stopped<&'static str>>, Effort) {
        let script = Mutex::new(script.into());
        let attempt = |attempt: Attempt| {
            let at = self.clock.monotonic().as_secs();
            let left = attempt.time_left.map(|left| left.as_secs());
            self.attempts.lock().unwrap().push((attempt.number, at, left));
            let outcome = script.lock().unwrap().pop_front();
            async {
                self.clock.sleep(seconds(1)).await;
                outcome.expect("an attempt more than the script has")
            }
        };
        let tell = |wait: &Wait| self.waits.lock().unwrap().push(*wait);
        self.retry_loop(&tell).run(call, attempt).await
    }

    /// The seconds at which attempts were made.
    fn attempted_at(&self) -> Vec<u64> {
        self.attempts
            .lock()
            .unwrap()
            .iter()
            .map(|attempt| attempt.1)
            .collect()
    }
}

fn done() -> Outcome<&'static str, &'static str> {
    Outcome::Done {
        value: "done",
        limits: RateLimits::default(),
    }
}

fn failed(failure: Failure) -> Outcome<&'static str, &'static str> {
    told(failure, None)
}

fn told(failure: Failure, retry_after: Option<u64>) -> Outcome<&'static str, &'static str> {
    Outcome::Failed {
        error: "failed",
        failure,
        retry_after: retry_after.map(seconds),
        limits: RateLimits::default(),
    }
}

const REFUSED: Failure = Failure::Status(429);

#[tokio::test]
async fn a_call_that_succeeds_takes_one_attempt() {
    let bench = bench();
    let (result, effort) = bench.run(GET, [done()]).await;
    assert_eq!(result.unwrap(), "done");
    let expected = Effort {
        attempts: 1,
        elapsed: seconds(1),
        waited: Duration::ZERO,
    };
    assert_eq!(effort, expected);
}

#[tokio::test]
async fn attempts_back_off_until_one_succeeds() {
    let bench = bench();
    let (result, effort) = bench
        .run(
            GET,
            [failed(Failure::Status(502)), failed(Failure::Unanswered), done()],
        )
        .await;
    assert_eq!(result.unwrap(), "done");
    assert_eq!(bench.attempted_at(), [0, 2, 5]);
    assert_eq!(
        (effort.attempts, effort.elapsed, effort.waited),
        (3, seconds(6), Duration::ZERO)
    );
}

#[tokio::test]
async fn trouble_is_borne_until_no_call_has_succeeded_for_as_long_as_the_caller_allows() {
    let bench = Bench {
        patience: seconds(60),
        ..bench()
    };
    let failing = || std::iter::repeat_with(|| failed(Failure::Status(503))).take(20);
    // Nobody knows yet whether the service is there at all.
    let (result, effort) = bench.run(GET, failing().collect::<Script>()).await;
    assert_eq!(
        (result.unwrap_err().reason, effort.attempts),
        (GiveUp::AttemptsSpent, 3)
    );
    bench.run(GET, [done()]).await.0.unwrap();
    let outage = failing().take(6).chain([done()]).collect::<Script>();
    assert_eq!(bench.run(GET, outage).await.0.unwrap(), "done");
    // Seconds of waiting after each attempt of one: 1, 2, 4, 8, 8, …
    let (result, effort) = bench.run(GET, failing().collect::<Script>()).await;
    assert_eq!(result.unwrap_err().reason, GiveUp::AttemptsSpent);
    assert_eq!(
        (effort.attempts, effort.elapsed),
        (9, seconds(9 + 1 + 2 + 4 + 5 * 8))
    );
    let (result, effort) = bench.run(POST, failing().collect::<Script>()).await;
    assert_eq!(
        (result.unwrap_err().reason, effort.attempts),
        (GiveUp::MayHaveArrived, 1)
    );
}

#[tokio::test]
async fn trouble_is_borne_up_to_the_deadline() {
    let bench = Bench {
        patience: seconds(600),
        ..bench()
    };
    bench.run(GET, [done()]).await.0.unwrap();
    let call = Call {
        deadline: Some(seconds(30)),
        ..GET
    };
    let failing = std::iter::repeat_with(|| failed(Failure::NotSent)).take(20);
    let (_, effort) = bench.run(call, failing.collect::<Script>()).await;
    assert!(effort.elapsed < seconds(30), "{effort:?}");
    assert_eq!(effort.attempts, 6);
}

#[tokio::test]
async fn waits_are_told_as_they_begin() {
    let bench = bench();
    let script = [told(REFUSED, Some(30)), failed(Failure::Status(503)), done()];
    bench.run(GET, script).await.0.unwrap();
    let waits: Vec<_> = bench
        .waits
        .lock()
        .unwrap()
        .iter()
        .map(|wait| (wait.reason, wait.duration))
        .collect();
    assert_eq!(
        waits,
        [
            (WaitReason::RateLimit, seconds(30)),
            (WaitReason::Status(503), seconds(2)),
        ]
    );
}

#[tokio::test]
async fn the_last_error_comes_back_when_attempts_are_spent() {
    let bench = bench();
    let (result, effort) = bench
        .run(
            GET,
            [
                failed(Failure::NotSent),
                failed(Failure::NotSent),
                failed(Failure::NotSent),
            ],
        )
        .await;
    let stopped = result.unwrap_err();
    assert_eq!(
        (stopped.error, stopped.reason, stopped.retry_after),
        (Some("failed"), GiveUp::AttemptsSpent, None)
    );
    assert_eq!(effort.attempts, 3);
}

#[tokio::test]
async fn a_post_that_may_have_arrived_is_made_once() {
    for failure in [
        Failure::Unanswered,
        Failure::BodyBrokenOff,
        Failure::Status(503),
        Failure::Status(504),
    ] {
        let bench = bench();
        let (result, effort) = bench.run(POST, [told(failure, Some(1))]).await;
        assert_eq!(result.unwrap_err().reason, GiveUp::MayHaveArrived, "{failure:?}");
        assert_eq!(effort.attempts, 1);
    }
}

#[tokio::test]
async fn a_post_that_did_not_get_in_is_made_again() {
    let bench = bench();
    let (result, effort) = bench
        .run(POST, [failed(Failure::NotSent), told(REFUSED, Some(7)), done()])
        .await;
    assert_eq!(result.unwrap(), "done");
    assert_eq!(bench.attempted_at(), [0, 2, 10]);
    assert_eq!(effort.waited, seconds(7));
}

#[tokio::test]
async fn an_unavailable_service_is_left_alone_for_as_long_as_it_asks() {
    let bench = bench();
    let (result, effort) = bench
        .run(GET, [told(Failure::Status(503), Some(20)), done()])
        .await;
    assert_eq!(result.unwrap(), "done");
    assert_eq!(bench.attempted_at(), [0, 21]);
    assert_eq!(effort.waited, seconds(20));
}

#[tokio::test]
async fn a_refusal_waits_for_the_reset_that_the_answer_tells() {
    let bench = bench();
    let reading = RateLimitReading {
        limit: Some(400),
        remaining: Some(0),
        resets_in: Some(seconds(33)),
    };
    let refused = Outcome::Failed {
        error: "failed",
        failure: REFUSED,
        retry_after: None,
        limits: RateLimits {
            account: Some(reading),
            endpoints: Vec::new(),
        },
    };
    let (result, effort) = bench.run(GET, [refused, done()]).await;
    assert_eq!(result.unwrap(), "done");
    assert_eq!(bench.attempted_at(), [0, 34]);
    assert_eq!(effort.waited, seconds(33));
}

#[tokio::test]
async fn waiting_ends_at_max_wait_in_all_and_the_caller_learns_how_long_it_would_be() {
    let bench = bench();
    let (result, effort) = bench
        .run(GET, [told(REFUSED, Some(40)), told(REFUSED, Some(30))])
        .await;
    let stopped = result.unwrap_err();
    assert_eq!(stopped.error, Some("failed"));
    assert_eq!(stopped.reason, GiveUp::WaitTooLong { wait: seconds(30) });
    assert_eq!(stopped.retry_after, Some(seconds(30)));
    assert_eq!(
        (effort.attempts, effort.waited, effort.elapsed),
        (2, seconds(40), seconds(42))
    );
}

#[tokio::test]
async fn a_closed_budget_stops_the_next_call_before_an_attempt() {
    let mut bench = bench();
    bench.policy.max_wait = seconds(5);
    bench.run(GET, [told(REFUSED, Some(30))]).await.0.unwrap_err();
    let (result, effort) = bench.run(POST, []).await;
    let stopped = result.unwrap_err();
    assert_eq!((stopped.error, stopped.retry_after), (None, Some(seconds(30))));
    assert_eq!(stopped.reason, GiveUp::WaitTooLong { wait: seconds(30) });
    assert_eq!(effort, Effort::default());
}

#[tokio::test]
async fn a_spent_call_still_tells_when_to_come_back() {
    let mut bench = bench();
    bench.policy.max_retries = 0;
    let stopped = bench.run(GET, [told(REFUSED, Some(30))]).await.0.unwrap_err();
    assert_eq!(
        (stopped.reason, stopped.retry_after),
        (GiveUp::AttemptsSpent, Some(seconds(30)))
    );
}

#[tokio::test]
async fn nothing_waits_past_the_deadline() {
    let bench = bench();
    let by_10 = Call {
        deadline: Some(seconds(10)),
        ..GET
    };
    let (result, effort) = bench
        .run(
            by_10,
            [failed(Failure::Status(502)), told(Failure::Status(503), Some(7))],
        )
        .await;
    let stopped = result.unwrap_err();
    assert_eq!(stopped.reason, GiveUp::DeadlineTooClose { wait: seconds(7) });
    assert_eq!(effort.elapsed, seconds(3));
    let attempts = bench.attempts.lock().unwrap().clone();
    assert_eq!(attempts, [(1, 0, Some(10)), (2, 2, Some(8))]);
}

#[tokio::test]
async fn a_deadline_that_has_passed_makes_no_attempt() {
    let bench = bench();
    bench.clock.advance(seconds(11));
    let by_10 = Call {
        deadline: Some(seconds(10)),
        ..GET
    };
    let (result, effort) = bench.run(by_10, []).await;
    assert_eq!(result.unwrap_err().reason, GiveUp::DeadlinePassed);
    assert_eq!(effort.attempts, 0);
}

#[tokio::test]
async fn one_refusal_makes_all_calls_wait() {
    let bench = bench();
    let refused = bench.run(GET, [told(REFUSED, Some(30)), done()]);
    let later = async {
        bench.clock.sleep(seconds(2)).await;
        bench.run(GET, [done()]).await
    };
    let (first, second) = futures::join!(refused, later);
    assert_eq!((first.0.unwrap(), second.0.unwrap()), ("done", "done"));
    assert_eq!(bench.attempted_at(), [0, 31, 32]);
    let refused_one_goes_first = (first.1.elapsed, second.1.elapsed);
    assert_eq!(refused_one_goes_first, (seconds(32), seconds(31)));
    assert_eq!(second.1.waited, seconds(29));
}

#[tokio::test]
async fn a_request_that_did_not_leave_costs_no_budget() {
    let bench = bench();
    let reading = RateLimitReading {
        limit: Some(400),
        remaining: Some(1),
        resets_in: Some(seconds(30)),
    };
    let one_left = Outcome::Done {
        value: "done",
        limits: RateLimits {
            account: Some(reading),
            endpoints: Vec::new(),
        },
    };
    bench.run(GET, [one_left]).await.0.unwrap();
    let (result, _) = bench.run(GET, [failed(Failure::NotSent), done()]).await;
    assert_eq!(result.unwrap(), "done");
    assert_eq!(bench.attempted_at(), [0, 1, 3]);
}

#[tokio::test]
async fn a_gateway_s_silence_on_limits_does_not_lift_them() {
    let mut bench = bench();
    bench.policy.max_retries = 0;
    let (result, _) = bench.run(GET, [failed(Failure::Status(502))]).await;
    result.unwrap_err();
    let mut calls: Vec<_> = (0..50).map(|_| Box::pin(bench.run(GET, [done()]))).collect();
    for call in &mut calls {
        assert!(call.as_mut().now_or_never().is_none());
    }
    assert_eq!(bench.attempted_at().len(), 1 + 4);
}

#[tokio::test]
async fn a_call_that_is_dropped_frees_its_permit() {
    let bench = bench();
    for _ in 0..50 {
        let mut dropped = Box::pin(bench.run(GET, [done()]));
        assert!(dropped.as_mut().now_or_never().is_none());
    }
    let (result, effort) = bench.run(GET, [done()]).await;
    assert_eq!((result.unwrap(), effort.elapsed), ("done", seconds(1)));
}

#[tokio::test]
async fn a_crowd_is_served_without_a_refusal_reaching_a_caller() {
    let bench = Arc::new(Bench {
        policy: RetryPolicy {
            max_retries: 2,
            max_wait: seconds(600),
        },
        ..bench()
    });
    let service = SimulatedService::new(&bench.clock, 100);
    service.use_elsewhere(97);
    let calls = (0..400).map(|_| {
        let (bench, service) = (Arc::clone(&bench), service.clone());
        // Spawning also shows that a call may move between threads.
        tokio::spawn(async move {
            let attempt = |_| async {
                let answer = service.call().await;
                if answer.is_refused {
                    Outcome::Failed {
                        error: "refused",
                        failure: REFUSED,
                        retry_after: Some(answer.resets_in),
                        limits: answer.limits,
                    }
                } else {
                    Outcome::Done {
                        value: "done",
                        limits: answer.limits,
                    }
                }
            };
            bench
                .retry_loop(&|_| {})
                .run(GET, attempt)
                .await
                .0
                .map_err(|stopped| stopped.reason)
        })
    });
    for call in futures::future::join_all(calls).await {
        assert_eq!(call.unwrap(), Ok("done"));
    }
    let counts = service.counts();
    assert_eq!(counts.served, 400);
    assert!(counts.refused <= 4, "{counts:?}");
    assert!(
        bench.clock.monotonic() < seconds(300),
        "{:?}",
        bench.clock.monotonic()
    );
}
