//! How a sync is shown while it runs: counters on a terminal, a line a minute in a log, events for a scheduler.

use crate::events::{self, Event};
use crate::output;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::collections::{BTreeMap, HashMap};
use std::io::IsTerminal;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use zendesk_csat::{Client, Wait};
use zendesk_csat_history::{History, HistoryError, Progress, Step, SyncOptions, SyncSummary};

/// How often to tell how far it is, where nobody watches.
const EVERY: Duration = Duration::from_secs(60);

/// How a sync is shown while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// A counter a step, on a terminal.
    Bars,
    /// Lines on standard error.
    Lines,
    /// Events on standard output.
    Events,
}

impl Shown {
    /// For a person: on a terminal, or later in a log.
    pub(crate) fn new() -> Self {
        if std::io::stderr().is_terminal() {
            Self::Bars
        } else {
            Self::Lines
        }
    }

    /// A step is so far, or done.
    fn tell(self, step: Step, rows: u64, done: bool) {
        match self {
            Self::Bars => {}
            Self::Lines if done => output::say(&format!("{step}: {rows} rows")),
            Self::Lines => output::say(&format!("{step}: {rows} rows so far")),
            // Progress that nobody reads is no reason to end the sync.
            Self::Events => drop(events::print(&Event::Progress { step, rows, done })),
        }
    }

    /// All tickets are read once more.
    fn tell_again(self, calls: u64) {
        match self {
            Self::Bars => {}
            Self::Lines => output::say(&again(calls)),
            Self::Events => drop(events::print(&Event::TicketsAgain { calls })),
        }
    }

    /// A call waits.
    fn tell_wait(self, wait: &Wait) {
        match self {
            Self::Bars => {}
            Self::Lines => output::say(&wait.to_string()),
            Self::Events => drop(events::print(&Event::Waiting {
                seconds: wait.duration.as_secs_f64().ceil(),
                reason: wait.to_string(),
            })),
        }
    }
}

/// What it costs that all tickets are read once more.
fn again(calls: u64) -> String {
    let calls = match calls {
        1 => "1 call".to_owned(),
        calls => format!("{calls} calls"),
    };
    format!(
        "the tickets here were read without all that is to be known of them by now: all are read once more, about {calls}"
    )
}

/// Syncs, and shows it.
pub(crate) async fn sync(
    history: &mut History,
    client: &Client,
    options: SyncOptions,
    shown: Shown,
) -> Result<SyncSummary, HistoryError> {
    if shown == Shown::Bars {
        return history.sync(client, options, &mut Bars::default()).await;
    }
    let running = Running::default();
    let mut steps = Steps {
        running: running.clone(),
        shown,
    };
    let sync = history.sync(client, options, &mut steps);
    telling(sync, EVERY, || {
        for (step, rows) in running.lock().iter() {
            shown.tell(*step, *rows, false);
        }
    })
    .await
}

/// Runs the future to its end, and tells every so often that it still runs.
async fn telling<T>(future: impl Future<Output = T>, every: Duration, tell: impl Fn()) -> T {
    let mut future = pin!(future);
    loop {
        match tokio::time::timeout(every, &mut future).await {
            Ok(done) => return done,
            Err(_) => tell(),
        }
    }
}

/// The rows of each step that runs.
#[derive(Debug, Clone, Default)]
struct Running(Arc<Mutex<BTreeMap<Step, u64>>>);

impl Running {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Step, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts, for whoever tells of it.
struct Steps {
    running: Running,
    shown: Shown,
}

impl Progress for Steps {
    fn started(&mut self, step: Step) {
        self.running.lock().insert(step, 0);
    }

    fn advanced(&mut self, step: Step, rows: u64) {
        *self.running.lock().entry(step).or_default() += rows;
    }

    fn reads_tickets_again(&mut self, calls: u64) {
        self.shown.tell_again(calls);
    }

    fn waiting(&mut self, wait: &Wait) {
        self.shown.tell_wait(wait);
    }

    fn finished(&mut self, step: Step) {
        let rows = self.running.lock().remove(&step).unwrap_or(0);
        self.shown.tell(step, rows, true);
    }
}

/// Counters on standard error.
#[derive(Default)]
struct Bars {
    bars: MultiProgress,
    by_step: HashMap<Step, ProgressBar>,
}

impl Bars {
    fn bar(&mut self, step: Step) -> &ProgressBar {
        self.by_step.entry(step).or_insert_with(|| {
            let bar = ProgressBar::no_length()
                .with_style(style())
                .with_message(step.to_string());
            let bar = self.bars.add(bar);
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        })
    }
}

fn style() -> ProgressStyle {
    // The template is ours: a wrong one would fail every run, not some.
    ProgressStyle::with_template("{spinner} {msg:<18} {human_pos:>10} rows  {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
}

impl Progress for Bars {
    fn started(&mut self, step: Step) {
        self.bar(step);
    }

    fn advanced(&mut self, step: Step, rows: u64) {
        self.bar(step).inc(rows);
    }

    fn reads_tickets_again(&mut self, calls: u64) {
        let _ = self.bars.println(again(calls));
    }

    fn waiting(&mut self, wait: &Wait) {
        // Above the counters, which go on. Nothing can be done where it cannot be said.
        let _ = self.bars.println(wait.to_string());
    }

    fn finished(&mut self, step: Step) {
        self.bar(step).finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_long_run_is_told_of_once_a_minute() {
        let paused = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let told = |seconds| {
            let count = Cell::new(0);
            let run = async { tokio::time::sleep(Duration::from_secs(seconds)).await };
            paused.block_on(telling(run, EVERY, || count.set(count.get() + 1)));
            count.get()
        };
        assert_eq!((told(59), told(61), told(190)), (0, 1, 3));
    }
}
