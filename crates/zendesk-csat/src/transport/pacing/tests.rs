use std::sync::atomic::{AtomicU32, Ordering};

use futures::FutureExt;
use futures::future::join_all;
use proptest::prelude::*;

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

fn pacer() -> (Pacer, TestClock) {
    let clock = TestClock::default();
    (Pacer::new(Arc::new(clock.clone())), clock)
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A caller who waits for budgets as long as `max_wait`, and for the rest as long as it takes.
fn up_to(max_wait: Duration) -> WaitBudget {
    WaitBudget {
        max_wait,
        waited: Duration::ZERO,
        deadline: None,
    }
}

fn patient() -> WaitBudget {
    up_to(Duration::MAX)
}

fn until(deadline: u64) -> WaitBudget {
    WaitBudget {
        deadline: Some(seconds(deadline)),
        ..patient()
    }
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
    pacer.acquire(route, &mut patient(), |_| {}).now_or_never()?.ok()
}

/// The wait for a permit, as told to a caller who will not wait.
fn closed_for(pacer: &Pacer, route: Route) -> Duration {
    let mut impatient = up_to(Duration::ZERO);
    match pacer.acquire(route, &mut impatient, |_| {}).now_or_never() {
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
                let permit = pacer.acquire(RATINGS, &mut patient(), |_| {}).await.unwrap();
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
                let permit = pacer.acquire(RATINGS, &mut patient(), |_| {}).await.unwrap();
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
                let permit = pacer.acquire(route, &mut patient(), |_| {}).await.unwrap();
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
    let too_short = pacer.acquire(RATINGS, &mut up_to(seconds(29)), |_| {}).await;
    assert_eq!(too_short.err(), Some(TooLong::MaxWait { wait }));
    let too_close = pacer.acquire(RATINGS, &mut until(30), |_| {}).await;
    assert_eq!(too_close.err(), Some(TooLong::Deadline { wait }));
    assert_eq!(clock.monotonic(), Duration::ZERO, "nobody waited");
    let mut just_enough = WaitBudget {
        max_wait: seconds(30),
        ..until(31)
    };
    assert!(pacer.acquire(RATINGS, &mut just_enough, |_| {}).await.is_ok());
    assert_eq!(just_enough.waited, seconds(30));
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
            tokio::spawn(async move {
                let mut patience = up_to(seconds(max_wait));
                let permit = pacer.acquire(RATINGS, &mut patience, |_| {}).await;
                permit.map(|_| patience.waited)
            })
        })
        .into_iter()
        .collect();
    tokio::task::yield_now().await;
    under_way.refused(&RateLimits::default(), seconds(40));
    let mut results = Vec::new();
    for task in waiting {
        results.push(task.await.unwrap());
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
        let permit = pacer.acquire(RATINGS, &mut patient(), |_| {}).await.unwrap();
        clock.sleep(seconds(5)).await;
        permit.refused(&RateLimits::default(), seconds(30));
    };
    let (mut too_little, mut enough) = (up_to(seconds(69)), up_to(seconds(70)));
    let second = pacer.acquire(RATINGS, &mut too_little, |_| {});
    let third = pacer.acquire(RATINGS, &mut enough, |_| {});
    let ((), second, third) = futures::join!(first, second, third);
    assert_eq!(second.err(), Some(TooLong::MaxWait { wait: seconds(30) }));
    assert!(third.is_ok());
    assert_eq!((too_little.waited, enough.waited), (seconds(40), seconds(70)));
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
    let mut impatient = up_to(Duration::ZERO);
    assert!(pacer.acquire(RATINGS, &mut impatient, |_| {}).await.is_ok());
    assert_eq!(clock.monotonic(), seconds(100));
    release.await.unwrap();
}

#[tokio::test]
async fn a_deadline_ends_the_queueing() {
    let (pacer, clock) = pacer();
    let _under_way: Vec<_> = std::iter::from_fn(|| at_once(&pacer, RATINGS)).collect();
    let result = pacer.acquire(RATINGS, &mut until(9), |_| {}).await;
    assert_eq!(result.err(), Some(TooLong::DeadlinePassed));
    assert_eq!(clock.monotonic(), seconds(9));
}

#[tokio::test]
async fn who_goes_away_gives_up_place_and_permit() {
    let (pacer, _clock) = pacer();
    let mut under_way: Vec<_> = std::iter::from_fn(|| at_once(&pacer, RATINGS)).collect();
    let mut its_patience = patient();
    let mut gone = Box::pin(pacer.acquire(RATINGS, &mut its_patience, |_| {}));
    assert!(gone.as_mut().now_or_never().is_none());
    let next = {
        let pacer = pacer.clone();
        tokio::spawn(async move { pacer.acquire(RATINGS, &mut patient(), |_| {}).await })
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
    let (mut ones, mut the_others) = (patient(), patient());
    let mut woken = Box::pin(pacer.acquire(RATINGS, &mut ones, |_| {}));
    let mut next = Box::pin(pacer.acquire(RATINGS, &mut the_others, |_| {}));
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
    let export = at_once(&pacer, EXPORT).unwrap();
    export.refused(&account(0, 30), seconds(45));
    assert_eq!(closed_for(&pacer, RATINGS), seconds(45));
    assert_eq!(closed_for(&pacer, EXPORT), seconds(45));
}

#[test]
fn an_endpoint_with_little_left_has_few_calls_at_once() {
    let (pacer, _clock) = pacer();
    at_once(&pacer, AUDITS).unwrap().answered(&endpoint(8, 20));
    let audits: Vec<_> = std::iter::from_fn(|| at_once(&pacer, AUDITS)).collect();
    assert_eq!(audits.len(), 2);
    assert!(at_once(&pacer, RATINGS).is_some());
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

#[derive(Debug, Clone)]
struct Caller {
    route: Route,
    comes_at: u64,
    max_wait: u64,
    goes_away_after: u64,
    takes: u64,
    ending: Ending,
}

#[derive(Debug, Clone)]
enum Ending {
    Answered { remaining: u32, resets_in: u64 },
    Silent,
    Refused { wait: u64 },
    NotSent,
    Dropped,
}

fn callers() -> impl Strategy<Value = Caller> {
    let ending = prop_oneof![
        4 => (0..30_u32, 0..60_u64)
            .prop_map(|(remaining, resets_in)| Ending::Answered { remaining, resets_in }),
        1 => Just(Ending::Silent),
        1 => (0..60_u64).prop_map(|wait| Ending::Refused { wait }),
        1 => Just(Ending::NotSent),
        1 => Just(Ending::Dropped),
    ];
    let route = proptest::sample::select(vec![RATINGS, AUDITS, SURVEYS, EXPORT]);
    (route, 0..20_u64, 0..200_u64, 1..300_u64, 0..9_u64, ending).prop_map(
        |(route, comes_at, max_wait, goes_away_after, takes, ending)| Caller {
            route,
            comes_at,
            max_wait,
            goes_away_after,
            takes,
            ending,
        },
    )
}

impl Caller {
    async fn call(self, pacer: Pacer, clock: TestClock) {
        clock.sleep(seconds(self.comes_at)).await;
        let mut patience = up_to(seconds(self.max_wait));
        let call = async {
            let Ok(permit) = pacer.acquire(self.route, &mut patience, |_| {}).await else {
                return;
            };
            clock.sleep(seconds(self.takes)).await;
            match self.ending {
                Ending::Answered { remaining, resets_in } => permit.answered(&account(remaining, resets_in)),
                Ending::Silent => permit.answered(&RateLimits::default()),
                Ending::Refused { wait } => permit.refused(&RateLimits::default(), seconds(wait)),
                Ending::NotSent => permit.not_sent(),
                Ending::Dropped => drop(permit),
            }
        };
        select(pin!(call), clock.sleep(seconds(self.goes_away_after))).await;
        assert!(patience.waited <= patience.max_wait, "{patience:?}");
    }
}

/// Runs tasks on a runtime of their own, and fails if they get stuck.
fn run_to_the_end(tasks: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let tasks = join_all(tasks.into_iter().map(tokio::spawn));
        let ended = tokio::time::timeout(seconds(60), tasks).await;
        ended
            .expect("tasks are stuck")
            .into_iter()
            .for_each(Result::unwrap);
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whoever_comes_and_goes_nobody_gets_stuck(callers in proptest::collection::vec(callers(), 1..60)) {
        let (pacer, clock) = pacer();
        run_to_the_end(callers.into_iter().map(|caller| caller.call(pacer.clone(), clock.clone())));
        let state = pacer.shared.state();
        prop_assert!(state.queues.is_empty());
        for (lane, budget) in &state.budgets {
            prop_assert!(budget.is_idle(), "{lane:?} {budget:?}");
        }
    }
}

#[test]
fn threads_share_a_pacer() {
    let (pacer, clock) = pacer();
    let service = SimulatedService::new(&clock, 100);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let (pacer, service) = (pacer.clone(), service.clone());
                run_to_the_end([async move { overrun(&pacer, &service, 100).await }]);
            });
        }
    });
    assert_eq!(service.counts().served, 400);
    assert!(pacer.shared.state().queues.is_empty());
}
