//! What the SDK logs, for Python's `logging`. There are no bodies and no secrets in it.

use crate::interpreter::attach;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::fmt::{Debug, Write};
use std::sync::atomic::{AtomicU8, Ordering};
use tracing::field::{Field, Visit};
use tracing::subscriber::{Interest, set_global_default};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// The logger's level as Python numbers it, as it was when a call was last made.
static LEVEL: AtomicU8 = AtomicU8::new(u8::MAX);

/// The logger, with its handlers as the package sets them up.
static LOGGER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// Gives the SDK's log to Python's logger of the package from now on.
pub(crate) fn begin(py: Python<'_>) -> PyResult<()> {
    LOGGER.get_or_try_init(py, || {
        // Where another subscriber is set up, as by the command, it keeps the log.
        let _other = set_global_default(tracing_subscriber::registry().with(ToPython));
        Ok::<_, PyErr>(py.import("zendesk_csat._logging")?.getattr("logger")?.unbind())
    })?;
    Ok(())
}

/// Asks the logger what it lets through. Cheap, and called where the interpreter is held anyway.
pub(crate) fn follow_level(py: Python<'_>) -> PyResult<()> {
    if let Some(logger) = LOGGER.get(py) {
        let level: u32 = logger
            .call_method0(py, intern!(py, "getEffectiveLevel"))?
            .extract(py)?;
        LEVEL.store(u8::try_from(level).unwrap_or(u8::MAX), Ordering::Relaxed);
    }
    Ok(())
}

struct ToPython;

impl<S: Subscriber> Layer<S> for ToPython {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if is_ours(metadata) {
            Interest::sometimes()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _context: Context<'_, S>) -> bool {
        is_ours(metadata) && number(metadata.level()) >= LEVEL.load(Ordering::Relaxed)
    }

    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let mut line = Line::default();
        event.record(&mut line);
        let level = number(event.metadata().level());
        attach(|py| {
            if let Some(logger) = LOGGER.get(py) {
                // A handler that fails is the program's; the call goes on.
                let _failed = logger.call_method1(py, intern!(py, "log"), (level, "%s", line.text()));
            }
        });
    }
}

fn is_ours(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with("zendesk_csat")
}

/// The level as Python numbers it.
fn number(level: &Level) -> u8 {
    match *level {
        Level::ERROR => 40,
        Level::WARN => 30,
        Level::INFO => 20,
        Level::DEBUG => 10,
        Level::TRACE => 5,
    }
}

/// An event as one line: what it says, and its fields.
#[derive(Default)]
struct Line {
    message: String,
    fields: String,
}

impl Line {
    fn text(&self) -> String {
        format!("{}{}", self.message, self.fields)
    }
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _infallible = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let _infallible = match field.name() {
            "message" => write!(self.message, "{value}"),
            name => write!(self.fields, " {name}={value}"),
        };
    }
}
