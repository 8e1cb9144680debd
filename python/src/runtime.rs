//! The Tokio runtime of a process, and waiting for it from Python.

use futures::future::{AbortHandle, Aborted, BoxFuture, FutureExt, abortable};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::future::{Future, pending};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::{JoinHandle, spawn_blocking};

/// How long a wait may keep a signal, such as Ctrl-C, from being noticed.
const STEP: Duration = Duration::from_millis(50);

/// Those of this process, or of the one that it was forked from.
static THREADS: Mutex<Option<Threads>> = Mutex::new(None);

/// The threads of one process: a forked child has none of its parent's.
#[derive(Clone)]
pub(crate) struct Threads {
    process: u32,
    runtime: Arc<Runtime>,
}

impl Threads {
    /// Those of this process, started where there are none.
    pub(crate) fn of_process() -> PyResult<Self> {
        // Only ever locked by a thread that holds the interpreter, so that no fork can find it locked.
        let mut kept = THREADS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(threads) = kept.as_ref().filter(|kept| kept.process == std::process::id()) {
            return Ok(threads.clone());
        }
        let runtime = Builder::new_multi_thread()
            // With two, each answer of the service would wake one thread and that the other.
            .worker_threads(1)
            .thread_name("zendesk-csat")
            .enable_all()
            .build()
            .map_err(|error| PyRuntimeError::new_err(format!("cannot start threads: {error}")))?;
        let threads = Self {
            process: std::process::id(),
            runtime: Arc::new(runtime),
        };
        // Dropping the parent's would wait for threads that are not here.
        std::mem::forget(kept.replace(threads.clone()));
        Ok(threads)
    }

    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.runtime.spawn(future)
    }

    /// Whatever the future has, if it has it now. What wakes it later finds nobody.
    pub(crate) fn now<T>(&self, py: Python<'_>, future: &mut BoxFuture<'static, T>) -> Option<T>
    where
        T: Send,
    {
        py.detach(|| {
            let _entered = self.runtime.enter();
            future.now_or_never()
        })
    }
}

/// Runs a future and waits for it, without holding the interpreter.
///
/// It runs in the calling thread, so that what is there already is taken without waking another one. What it needs of
/// connections and timers is done by the threads of the runtime. A signal whose handler raises, as that of Ctrl-C does,
/// ends the wait and the future.
pub(crate) fn wait<T: Send + 'static>(
    py: Python<'_>,
    future: impl Future<Output = T> + Send + 'static,
) -> PyResult<T> {
    let threads = Threads::of_process()?;
    let mut future = Box::pin(future);
    let waiter = Arc::new(Waiter::of_this_thread());
    loop {
        let polled = py.detach(|| {
            let _entered = threads.runtime.enter();
            catch_unwind(AssertUnwindSafe(|| waiter.run(future.as_mut(), STEP)))
        });
        match polled {
            Ok(Poll::Ready(value)) => return Ok(value),
            Ok(Poll::Pending) => {
                if let Err(raised) = py.check_signals() {
                    // Another thread may hold what it gives back, and want the interpreter.
                    py.detach(|| drop(future));
                    return Err(raised);
                }
            }
            Err(_) => return Err(no_answer()),
        }
    }
}

/// A thread that waits for a future. Waits of one thread can be inside of each other: each has its own.
struct Waiter {
    thread: Thread,
    is_woken: AtomicBool,
}

impl Waiter {
    fn of_this_thread() -> Self {
        Self {
            thread: thread::current(),
            is_woken: AtomicBool::new(true),
        }
    }

    /// Polls the future when there is something new, for so long.
    fn run<F: Future>(self: &Arc<Self>, mut future: Pin<&mut F>, time: Duration) -> Poll<F::Output> {
        let waker = Waker::from(Arc::clone(self));
        let mut context = Context::from_waker(&waker);
        let begun = Instant::now();
        loop {
            if self.is_woken.swap(false, Ordering::AcqRel)
                && let Poll::Ready(value) = future.as_mut().poll(&mut context)
            {
                return Poll::Ready(value);
            }
            let left = time.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return Poll::Pending;
            }
            thread::park_timeout(left);
        }
    }
}

impl Wake for Waiter {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.is_woken.swap(true, Ordering::AcqRel) {
            self.thread.unpark();
        }
    }
}

/// The same future on a thread of its own, for one that at times keeps its thread busy. Dropped, it ends.
pub(crate) async fn apart<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    let (future, handle) = abortable(future);
    let _ended = EndOnDrop(handle);
    let threads = Handle::current();
    match spawn_blocking(move || threads.block_on(future)).await {
        Ok(Ok(value)) => value,
        Ok(Err(Aborted)) => pending().await,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The threads are at their end.
            Err(_) => pending().await,
        },
    }
}

struct EndOnDrop(AbortHandle);

impl Drop for EndOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub(crate) fn no_answer() -> PyErr {
    PyRuntimeError::new_err("a call ended without an answer: this is a bug")
}
