use std::sync::atomic::{AtomicU32, Ordering};

use futures::FutureExt;
use futures::future::join_all;

use super::super::rate_limit::RateLimitReading;
use super::super::simulated_service::SimulatedService;
use super::super::test_clock::TestClock;
use super::*;

const RATINGS: Route = Route {
    bucket: Bucket::Support,
    endpoint: "satisfaction_ratings.list",
};
const AUDITS: Route = Route {
    bucket: Bucket::Support,
    endpoint: "tickets.audits",
};
const SURVEYS: Route = Route {
    bucket: Bucket::HelpCenter,
    endpoint: "surveys.list",
};
const EXPORT: Route = Route {
    bucket: Bucket::Incremental,
    endpoint: "tickets.export",
};

const MINUTE: Duration = Duration::from_secs(60);
const PATIENT: Duration = Duration::from_secs(24 * 60 * 60);

fn pacer() -> (Pacer, TestClock) {
    let clock = TestClock::default();
    (Pacer::new(Arc::new(clock.clone())), clock)
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn account(remaining: u32, resets_in: u64) -> RateLimits {
    RateLimits {
        account: Some(RateLimitReading {
            limit: None,
            remaining: Some(remaining),
            resets_in: Some(seconds(resets_in)),
        }),
        endpoints: Vec::new(),
    }
}

fn endpoint(remaining: u32, resets_in: u64) -> RateLimits {
    let of_the_endpoint = account(remaining, resets_in).account.unwrap();
    RateLimits {
        endpoints: vec![("some-endpoint".to_owned(), of_the_endpoint)],
        ..account(300, 30)
    }
}

/// A permit that is there for the taking.
fn at_once(pacer: &Pacer, route: Route) -> Option<Permit> {
    pacer.acquire(route, PATIENT, None).now_or_never()?.ok()
}

/// The wait for a permit, as told to a caller who will not wait.
fn closed_for(pacer: &Pacer, route: Route) -> Duration {
    match pacer.acquire(route, Duration::ZERO, None).now_or_never() {
        Some(Ok(_)) => Duration::ZERO,
        Some(Err(TooLong::MaxWait { wait })) => wait,
        other => panic!("{other:?}"),
    }
}

/// Makes `calls` in as many tasks, each again until it is served.
async fn overrun(pacer: &Pacer, service: &SimulatedService, calls: u32) {
    let tasks = (0..calls).map(|_| {
        let (pacer, service) = (pacer.clone(), service.clone());
        tokio::spawn(async move {
            loop {
                let permit = pacer.acquire(RATINGS, PATIENT, None).await.unwrap();
                let answer = service.call().await;
                if !answer.is_refused {
                    return permit.answered(&answer.limits);
                }
                permit.refused(&answer.limits, answer.resets_in);
            }
        })
    });
    for task in join_all(tasks).await {
        task.unwrap();
    }
}

#[tokio::test]
async fn a_thousand_tasks_keep_within_the_limit_and_use_it_up() {
    let (pacer, clock) = pacer();
    let service = SimulatedService::new(&clock, 200);
    overrun(&pacer, &service, 1_000).await;
    let counts = service.counts();
    assert_eq!((counts.served, counts.refused), (1_000, 0));
    assert!(counts.most_at_once <= 16, "{counts:?}");
    // The first window is cut short by 17 seconds; the fifth is entered by its last 200 calls.
    assert!(clock.monotonic() < 5 * MINUTE, "{:?}", clock.monotonic());
}

#[tokio::test]
async fn a_limit_without_a_told_reset_is_kept_too() {
    let (pacer, clock) = pacer();
    let mut service = SimulatedService::new(&clock, 200);
    service.tells_reset = false;
    overrun(&pacer, &service, 1_000).await;
    let counts = service.counts();
    assert_eq!((counts.served, counts.refused), (1_000, 0));
    assert!(clock.monotonic() < 7 * MINUTE, "{:?}", clock.monotonic());
}

#[tokio::test]
async fn a_small_limit_is_kept_too() {
    let (pacer, clock) = pacer();
    let service = SimulatedService::new(&clock, 10);
    overrun(&pacer, &service, 45).await;
    assert_eq!(service.counts().refused, 0);
    assert!(clock.monotonic() < 6 * MINUTE, "{:?}", clock.monotonic());
}

#[tokio::test]
async fn other_clients_of_the_account_cost_few_refusals() {
    let (pacer, clock) = pacer();
    let service = SimulatedService::new(&clock, 100);
    let others = {
        let (service, clock) = (service.clone(), clock.clone());
        tokio::spawn(async move {
            for _ in 0..60 {
                service.use_elsewhere(5);
                clock.sleep(seconds(3)).await;
            }
        })
    };
    overrun(&pacer, &service, 300).await;
    let refused = service.counts().refused;
    others.abort();
    assert!(refused <= 10, "{refused} refused");
}

#[tokio::test]
async fn no_stampede_follows_a_refusal() {
    let (pacer, clock) = pacer();
    let service = SimulatedService::new(&clock, 100);
    service.use_elsewhere(100);
    let first = at_once(&pacer, RATINGS).unwrap();
    first.refused(&account(0, 43), seconds(43));
    let at_opening = Arc::new(AtomicU32::new(0));
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (pacer, clock) = (pacer.clone(), clock.clone());
            let at_opening = Arc::clone(&at_opening);
            tokio::spawn(async move {
                let permit = pacer.acquire(RATINGS, PATIENT, None).await.unwrap();
                if clock.monotonic() == seconds(43) {
                    at_opening.fetch_add(1, Ordering::Relaxed);
                }
                clock.sleep(seconds(1)).await;
                permit.answered(&account(99, 59));
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(at_opening.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn who_comes_first_goes_first() {
    let (pacer, clock) = pacer();
    at_once(&pacer, RATINGS).unwrap().answered(&account(0, 30));
    let order = Arc::new(Mutex::new(Vec::new()));
    let tasks: Vec<_> = (0..40)
        .map(|number| {
            let (pacer, clock) = (pacer.clone(), clock.clone());
            let order = Arc::clone(&order);
            // Two queues that share a budget, and in whichever of them one waits.
            let route = if number % 10 == 9 { AUDITS } else { RATINGS };
            tokio::spawn(async move {
                let permit = pacer.acquire(route, PATIENT, None).await.unwrap();
                order.lock().unwrap().push(number);
                clock.sleep(seconds(1)).await;
                permit.answered(&account(4, 60));
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let order = order.lock().unwrap();
    assert!(order.is_sorted(), "{order:?}");
}

#[tokio::test]
async fn who_will_not_wait_so_long_learns_it_at_once() {
    let (pacer, clock) = pacer();
    at_once(&pacer, RATINGS).unwrap().answered(&account(0, 30));
    let wait = seconds(30);
    let too_short = pacer.acquire(RATINGS, seconds(29), None).await;
    assert_eq!(too_short.err(), Some(TooLong::MaxWait { wait }));
    let too_close = pacer.acquire(RATINGS, PATIENT, Some(seconds(30))).await;
    assert_eq!(too_close.err(), Some(TooLong::Deadline { wait }));
    assert_eq!(clock.monotonic(), Duration::ZERO, "nobody waited");
    let permit = pacer.acquire(RATINGS, seconds(30), Some(seconds(31))).await;
    assert_eq!(permit.unwrap().waited(), seconds(30));
    assert_eq!(clock.monotonic(), seconds(30));
}

#[tokio::test]
async fn a_refusal_sends_those_away_who_already_wait() {
    let (pacer, clock) = pacer();
    at_once(&pacer, RATINGS).unwrap().answered(&account(1, 30));
    let under_way = at_once(&pacer, RATINGS).unwrap();
    let waiting: Vec<_> = [20, 60, 20]
        .map(|max_wait| {
            let pacer = pacer.clone();
            tokio::spawn(async move { pacer.acquire(RATINGS, seconds(max_wait), None).await })
        })
        .into_iter()
        .collect();
    tokio::task::yield_now().await;
    under_way.refused(&RateLimits::default(), seconds(40));
    let mut results = Vec::new();
    for task in waiting {
        results.push(task.await.unwrap().map(|permit| permit.waited()));
    }
    let wait = seconds(40);
    let sent_away = Err(TooLong::MaxWait { wait });
    assert_eq!(results, [sent_away, Ok(wait), sent_away]);
    assert_eq!(clock.monotonic(), wait);
}

#[tokio::test]
async fn max_wait_is_a_sum_over_several_closings() {
    let (pacer, clock) = pacer();
    at_once(&pacer, RATINGS)
        .unwrap()
        .refused(&RateLimits::default(), seconds(40));
    let first = async {
        let permit = pacer.acquire(RATINGS, PATIENT, None).await.unwrap();
        clock.sleep(seconds(5)).await;
        permit.refused(&RateLimits::default(), seconds(30));
    };
    let second = pacer.acquire(RATINGS, seconds(69), None);
    let third = pacer.acquire(RATINGS, seconds(70), None);
    let ((), second, third) = futures::join!(first, second, third);
    assert_eq!(second.err(), Some(TooLong::MaxWait { wait: seconds(30) }));
    assert_eq!(third.unwrap().waited(), seconds(70));
    assert_eq!(clock.monotonic(), seconds(75));
}

#[tokio::test]
async fn queueing_behind_calls_under_way_is_no_wait_for_a_limit() {
    let (pacer, clock) = pacer();
    let under_way: Vec<_> = std::iter::from_fn(|| at_once(&pacer, RATINGS)).collect();
    assert_eq!(under_way.len(), 4);
    let release = {
        let clock = clock.clone();
        tokio::spawn(async move {
            clock.sleep(seconds(100)).await;
            drop(under_way);
        })
    };
    let permit = pacer.acquire(RATINGS, Duration::ZERO, None).await.unwrap();
    assert_eq!(permit.waited(), Duration::ZERO);
    assert_eq!(clock.monotonic(), seconds(100));
    release.await.unwrap();
}

#[tokio::test]
async fn a_deadline_ends_the_queueing() {
    let (pacer, clock) = pacer();
    let _under_way: Vec<_> = std::iter::from_fn(|| at_once(&pacer, RATINGS)).collect();
    let result = pacer.acquire(RATINGS, PATIENT, Some(seconds(9))).await;
    assert_eq!(result.err(), Some(TooLong::DeadlinePassed));
    assert_eq!(clock.monotonic(), seconds(9));
}

#[tokio::test]
async fn who_goes_away_gives_up_place_and_permit() {
    let (pacer, _clock) = pacer();
    let mut under_way: Vec<_> = std::iter::from_fn(|| at_once(&pacer, RATINGS)).collect();
    let mut gone = Box::pin(pacer.acquire(RATINGS, PATIENT, None));
    assert!(gone.as_mut().now_or_never().is_none());
    let next = {
        let pacer = pacer.clone();
        tokio::spawn(async move { pacer.acquire(RATINGS, PATIENT, None).await })
    };
    tokio::task::yield_now().await;
    drop(gone);
    under_way.pop();
    let permit = next.await.unwrap().unwrap();
    drop((permit, under_way));
    assert!(at_once(&pacer, RATINGS).is_some());
    assert!(pacer.shared.state().queues.is_empty());
}

#[tokio::test]
async fn a_woken_waiter_who_goes_away_wakes_the_next() {
    let (pacer, _clock) = pacer();
    let mut under_way: Vec<_> = std::iter::from_fn(|| at_once(&pacer, RATINGS)).collect();
    let mut woken = Box::pin(pacer.acquire(RATINGS, PATIENT, None));
    let mut next = Box::pin(pacer.acquire(RATINGS, PATIENT, None));
    assert!(woken.as_mut().now_or_never().is_none());
    assert!(next.as_mut().now_or_never().is_none());
    under_way.pop();
    drop(woken);
    assert!(next.now_or_never().is_some());
}

#[test]
fn buckets_do_not_close_each_other() {
    let (pacer, _clock) = pacer();
    at_once(&pacer, SURVEYS)
        .unwrap()
        .refused(&account(0, 30), seconds(30));
    assert_eq!(closed_for(&pacer, SURVEYS), seconds(30));
    assert_eq!(closed_for(&pacer, RATINGS), Duration::ZERO);
    assert_eq!(closed_for(&pacer, EXPORT), Duration::ZERO);
}

#[test]
fn an_export_is_charged_to_the_account_too() {
    let (pacer, _clock) = pacer();
    at_once(&pacer, RATINGS).unwrap().answered(&account(0, 30));
    assert_eq!(closed_for(&pacer, EXPORT), seconds(30));
    assert_eq!(closed_for(&pacer, AUDITS), seconds(30));
}

#[test]
fn a_refused_export_closes_exports_only() {
    for limits in [RateLimits::default(), account(300, 30), endpoint(0, 45)] {
        let (pacer, _clock) = pacer();
        at_once(&pacer, EXPORT).unwrap().refused(&limits, seconds(45));
        assert_eq!(closed_for(&pacer, EXPORT), seconds(45));
        assert_eq!(closed_for(&pacer, RATINGS), Duration::ZERO);
    }
}

#[test]
fn a_refusal_of_the_account_closes_all_its_calls() {
    let (pacer, _clock) = pacer();
    at_once(&pacer, EXPORT)
        .unwrap()
        .refused(&account(0, 45), seconds(45));
    assert_eq!(closed_for(&pacer, RATINGS), seconds(45));
    assert_eq!(closed_for(&pacer, EXPORT), seconds(45));
}

#[test]
fn an_endpoint_with_a_budget_of_its_own_closes_alone() {
    let (pacer, _clock) = pacer();
    at_once(&pacer, AUDITS).unwrap().answered(&endpoint(0, 20));
    assert_eq!(closed_for(&pacer, AUDITS), seconds(20));
    assert_eq!(closed_for(&pacer, RATINGS), Duration::ZERO);
    at_once(&pacer, RATINGS)
        .unwrap()
        .refused(&RateLimits::default(), seconds(50));
    assert_eq!(closed_for(&pacer, AUDITS), seconds(50));
}

#[test]
fn a_call_that_never_left_is_not_counted() {
    let (pacer, _clock) = pacer();
    at_once(&pacer, RATINGS).unwrap().answered(&account(1, 30));
    at_once(&pacer, RATINGS).unwrap().not_sent();
    assert_eq!(closed_for(&pacer, RATINGS), Duration::ZERO);
    // The question itself took a permit, and dropped it.
    assert_eq!(closed_for(&pacer, RATINGS), seconds(30));
}
