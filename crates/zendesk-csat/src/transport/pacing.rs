//! Hands out permission to call, so that the tasks of a client together keep within the service's budgets.

use std::collections::{HashMap, VecDeque};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::select;
use tokio::sync::Notify;

use super::bucket::{Bucket, Limits};
use super::budget::{Budget, Room};
use super::clock::Clock;
use super::rate_limit::RateLimits;

/// Where a call goes, as far as budgets are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Route {
    pub(crate) bucket: Bucket,
    /// A name that the calls share which the service would limit together, such as the operation's.
    pub(crate) endpoint: &'static str,
}

/// The two budgets that a call is charged to: one of the account and one of the endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Lanes {
    account: Lane,
    endpoint: Lane,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Lane {
    Support,
    HelpCenter,
    OAuth,
    Incremental,
    Endpoint(&'static str),
}

impl From<Route> for Lanes {
    fn from(route: Route) -> Self {
        let account = match route.bucket {
            Bucket::Support | Bucket::Incremental => Lane::Support,
            Bucket::HelpCenter => Lane::HelpCenter,
            Bucket::OAuth => Lane::OAuth,
        };
        let endpoint = match route.bucket {
            Bucket::Incremental => Lane::Incremental,
            _ => Lane::Endpoint(route.endpoint),
        };
        Self { account, endpoint }
    }
}

/// The budgets of one account, shared by all tasks of a client. Clones are the same pacer.
#[derive(Debug, Clone)]
pub(crate) struct Pacer {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    budgets: HashMap<Lane, Budget>,
    /// Who waits, by where they go. Only the first of a queue goes, so that an opening is no stampede.
    queues: HashMap<Lanes, VecDeque<Waiter>>,
    next_ticket: u64,
}

#[derive(Debug, Clone)]
struct Waiter {
    /// The smaller, the earlier it came.
    ticket: u64,
    turn: Arc<Notify>,
}

/// How long a caller waits for budgets, over all attempts of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WaitBudget {
    /// The longest time, in all, that may pass waiting because the service asks for it.
    pub(crate) max_wait: Duration,
    /// How much of it has passed.
    pub(crate) waited: Duration,
    /// The time on the clock's stopwatch by which the caller wants an end.
    pub(crate) deadline: Option<Duration>,
}

impl WaitBudget {
    /// Time until the deadline.
    pub(crate) fn time_left(&self, now: Duration) -> Option<Duration> {
        Some(self.deadline?.saturating_sub(now))
    }
}

/// A permission would have come too late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TooLong {
    /// Waiting `wait` from now would be more than the caller's `max_wait`.
    #[error("the rate limit asks to wait {wait:?}, longer than max_wait allows")]
    MaxWait { wait: Duration },
    /// The caller's deadline passes before the time to wait from now does.
    #[error("the deadline would pass during a wait of {wait:?}")]
    Deadline { wait: Duration },
    /// The caller's deadline has passed.
    #[error("the deadline has passed")]
    DeadlinePassed,
}

impl Pacer {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let state = Mutex::default();
        Self {
            shared: Arc::new(Shared { clock, state }),
        }
    }

    /// The limits that answers have told.
    pub(crate) fn limits(&self) -> Limits {
        let state = self.shared.state();
        let limit = |lane| state.budgets.get(&lane).and_then(Budget::limit);
        Limits {
            support: limit(Lane::Support),
            help_center: limit(Lane::HelpCenter),
            incremental: limit(Lane::Incremental),
            oauth: limit(Lane::OAuth),
        }
    }

    /// Waits until a call may go. Waiting for a budget is taken from `budget`, and told by the first of a queue; waiting
    /// behind calls that are under way is neither. Dropped, it leaves the queue.
    pub(crate) async fn acquire(
        &self,
        route: Route,
        budget: &mut WaitBudget,
        tell: impl Fn(Duration),
    ) -> Result<Permit, TooLong> {
        let clock = &self.shared.clock;
        let place = Place::at_the_end(&self.shared, route.into());
        loop {
            let now = clock.monotonic();
            let time_left = budget.time_left(now);
            if time_left.is_some_and(|left| left.is_zero()) {
                return Err(TooLong::DeadlinePassed);
            }
            match place.turn(now) {
                Turn::Go => {
                    return Ok(Permit {
                        shared: Arc::clone(&self.shared),
                        lanes: place.lanes,
                        sent_at: now,
                        is_settled: false,
                    });
                }
                Turn::Closed { wait, is_first } => {
                    if budget.waited.saturating_add(wait) > budget.max_wait {
                        return Err(TooLong::MaxWait { wait });
                    }
                    if time_left.is_some_and(|left| left <= wait) {
                        return Err(TooLong::Deadline { wait });
                    }
                    if is_first {
                        tell(wait);
                    }
                    let timer = if is_first { Some(wait) } else { time_left };
                    place.wait(timer).await;
                    budget.waited += clock.monotonic().saturating_sub(now).min(wait);
                }
                Turn::Queue => place.wait(time_left).await,
            }
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn budget(&mut self, lane: Lane) -> &mut Budget {
        self.budgets.entry(lane).or_default()
    }

    fn room(&mut self, lanes: Lanes, now: Duration) -> Room {
        let account = self.budget(lanes.account).room(now);
        account.max(self.budget(lanes.endpoint).room(now))
    }

    /// Whether a waiter who has come to the front of its queue must let the first of another queue go before it.
    fn gives_way(&mut self, lanes: Lanes, ticket: u64, now: Duration) -> bool {
        let earlier: Vec<Lanes> = self
            .queues
            .iter()
            .filter(|(others, _)| others.account == lanes.account)
            .filter(|(_, queue)| queue.front().is_some_and(|first| first.ticket < ticket))
            .map(|(others, _)| *others)
            .collect();
        earlier
            .into_iter()
            .any(|others| self.room(others, now) == Room::Now)
    }

    /// Wakes the first of every queue, and all whose way has closed: some of them will not want to wait so long.
    fn wake(&mut self, now: Duration) {
        let queues = std::mem::take(&mut self.queues);
        for (lanes, queue) in &queues {
            let woken = match self.room(*lanes, now) {
                Room::In(_) => queue.len(),
                Room::Now | Room::AfterAnother => 1,
            };
            for waiter in queue.iter().take(woken) {
                waiter.turn.notify_one();
            }
        }
        self.queues = queues;
    }

    fn wake_the_first(&self) {
        for first in self.queues.values().filter_map(VecDeque::front) {
            first.turn.notify_one();
        }
    }
}

enum Turn {
    Go,
    Queue,
    Closed { wait: Duration, is_first: bool },
}

/// A place in a queue, given up when dropped.
struct Place<'a> {
    shared: &'a Shared,
    lanes: Lanes,
    waiter: Waiter,
}

impl<'a> Place<'a> {
    fn at_the_end(shared: &'a Shared, lanes: Lanes) -> Self {
        let mut state = shared.state();
        let waiter = Waiter {
            ticket: state.next_ticket,
            turn: Arc::default(),
        };
        state.next_ticket += 1;
        let queue = state.queues.entry(lanes).or_default();
        queue.push_back(waiter.clone());
        Self {
            shared,
            lanes,
            waiter,
        }
    }

    /// Goes, and is charged to the budgets, if it may.
    fn turn(&self, now: Duration) -> Turn {
        let mut state = self.shared.state();
        let queue = state.queues.get(&self.lanes);
        let first = queue.and_then(VecDeque::front);
        let is_first = first.is_some_and(|first| first.ticket == self.waiter.ticket);
        match state.room(self.lanes, now) {
            Room::In(wait) => Turn::Closed { wait, is_first },
            Room::Now if is_first && !state.gives_way(self.lanes, self.waiter.ticket, now) => {
                state.budget(self.lanes.account).start();
                state.budget(self.lanes.endpoint).start();
                Turn::Go
            }
            Room::Now | Room::AfterAnother => Turn::Queue,
        }
    }

    async fn wait(&self, timer: Option<Duration>) {
        let woken = pin!(self.waiter.turn.notified());
        match timer {
            Some(timer) => {
                select(woken, self.shared.clock.sleep(timer)).await;
            }
            None => woken.await,
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        if let Some(queue) = state.queues.get_mut(&self.lanes) {
            queue.retain(|waiter| waiter.ticket != self.waiter.ticket);
            if queue.is_empty() {
                state.queues.remove(&self.lanes);
            }
        }
        state.wake_the_first();
    }
}

/// Permission for one call, which tells the pacer how the call ended. Dropped without a word, as by a caller who goes
/// away, the call counts as spent.
#[derive(Debug)]
#[must_use = "a permit that is dropped gives its place to another call"]
pub(crate) struct Permit {
    shared: Arc<Shared>,
    lanes: Lanes,
    sent_at: Duration,
    is_settled: bool,
}

impl Permit {
    /// The call was answered, and the answer's headers told this.
    pub(crate) fn answered(mut self, limits: &RateLimits) {
        self.settle(|state, permit, now| permit.read(state, limits, now));
    }

    /// The call was refused for want of budget: none of its kind goes before `wait` has passed.
    pub(crate) fn refused(mut self, limits: &RateLimits, wait: Duration) {
        self.settle(|state, permit, now| {
            permit.read(state, limits, now);
            let is_endpoints = permit.lanes.endpoint == Lane::Incremental
                || state.budget(permit.lanes.endpoint).is_limited();
            let refusing = if is_endpoints && !limits.account_is_spent() {
                permit.lanes.endpoint
            } else {
                permit.lanes.account
            };
            state.budget(refusing).refuse(now.saturating_add(wait));
        });
    }

    /// The call never left.
    pub(crate) fn not_sent(mut self) {
        self.settle(|_, _, _| {});
    }

    fn read(&self, state: &mut State, limits: &RateLimits, now: Duration) {
        let account = state.budget(self.lanes.account);
        account.read(limits.account, self.sent_at, now);
        let endpoint = state.budget(self.lanes.endpoint);
        endpoint.read(limits.tightest_endpoint(), self.sent_at, now);
    }

    fn settle(&mut self, tell: impl FnOnce(&mut State, &Self, Duration)) {
        let now = self.shared.clock.monotonic();
        self.is_settled = true;
        let mut state = self.shared.state();
        state.budget(self.lanes.account).end();
        state.budget(self.lanes.endpoint).end();
        tell(&mut state, self, now);
        state.wake(now);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if !self.is_settled {
            self.settle(|state, permit, now| {
                state.budget(permit.lanes.account).spend(now);
                state.budget(permit.lanes.endpoint).spend(now);
            });
        }
    }
}

#[cfg(test)]
mod tests;
