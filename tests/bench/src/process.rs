//! What the system says of this process; not a number where it says nothing.

use std::fs::{read_dir, read_to_string};

/// A line of the process's status in megabytes, such as `VmRSS`.
pub fn megabytes(name: &str) -> f64 {
    let status = read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kilobytes.unwrap_or(f64::NAN) / 1024.0
}

/// The processor time of all threads that live.
pub fn processor_milliseconds() -> f64 {
    let threads = read_dir("/proc/self/task").into_iter().flatten().flatten();
    let nanoseconds = threads.filter_map(|thread| {
        let schedule = read_to_string(thread.path().join("schedstat")).ok()?;
        schedule.split_whitespace().next()?.parse::<f64>().ok()
    });
    match nanoseconds.sum::<f64>() {
        0.0 => f64::NAN,
        nanoseconds => nanoseconds / 1e6,
    }
}

/// The processor time of all threads, also of those that have ended; in steps of a clock tick, mostly 10 ms.
pub fn processor_milliseconds_of_all() -> f64 {
    const TICKS_A_SECOND: f64 = 100.0;
    let stat = read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is the program's name, which may hold anything but ends with the last parenthesis.
    let fields = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .skip(11)
        .take(2);
    let ticks: Vec<f64> = fields.filter_map(|field| field.parse().ok()).collect();
    match ticks[..] {
        [user, system] => (user + system) / TICKS_A_SECOND * 1e3,
        _ => f64::NAN,
    }
}
