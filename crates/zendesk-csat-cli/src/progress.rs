//! How a sync is shown while it runs: counters on a terminal, a line a step elsewhere.

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::collections::HashMap;
use std::io::IsTerminal;
use std::time::Duration;
use zendesk_csat_history::{Progress, Step};

/// Shows progress on standard error.
pub(crate) struct Bars {
    bars: MultiProgress,
    by_step: HashMap<Step, ProgressBar>,
    is_terminal: bool,
}

impl Bars {
    pub(crate) fn new() -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        Self {
            bars: MultiProgress::new(),
            by_step: HashMap::new(),
            is_terminal,
        }
    }

    fn bar(&mut self, step: Step) -> &ProgressBar {
        self.by_step.entry(step).or_insert_with(|| {
            let bar = if self.is_terminal {
                ProgressBar::no_length()
            } else {
                ProgressBar::hidden()
            };
            let bar = self
                .bars
                .add(bar.with_style(style()).with_message(step.to_string()));
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

    fn finished(&mut self, step: Step) {
        let is_terminal = self.is_terminal;
        let bar = self.bar(step);
        if !is_terminal && !bar.is_finished() {
            eprintln!("{step}: {} rows", bar.position());
        }
        bar.finish();
    }
}
