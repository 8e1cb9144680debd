//! How fast a large account starts, how much memory it takes, and how many requests a second it answers.
//!
//! `cargo run --release -p zendesk-csat-emulator --example load -- 1000000`

#![allow(clippy::unwrap_used, reason = "a measurement: whatever goes wrong ends it")]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use zendesk_csat_emulator::Emulator;

const CONNECTIONS: usize = 8;
const MEASURED: Duration = Duration::from_secs(5);

fn main() {
    let tickets = std::env::args()
        .nth(1)
        .map_or(1_000_000, |text| text.parse().unwrap());
    let started = Instant::now();
    let zendesk = Emulator::builder().tickets(tickets).start().unwrap();
    println!(
        "{tickets} tickets: started in {:.1} s, {} MB resident",
        started.elapsed().as_secs_f64(),
        resident()
    );
    for (name, target) in [
        (
            "one rating",
            "/api/v2/satisfaction_ratings?page[size]=1".to_owned(),
        ),
        (
            "100 ratings",
            "/api/v2/satisfaction_ratings?page[size]=100".to_owned(),
        ),
        (
            "50 responses",
            "/api/v2/guide/survey_responses?page[size]=50".to_owned(),
        ),
        (
            "1000 tickets",
            "/api/v2/incremental/tickets/cursor?start_time=0".to_owned(),
        ),
    ] {
        let (answers, bytes) = measure(&zendesk, &target);
        let seconds = MEASURED.as_secs_f64();
        println!(
            "{name}: {:.0} requests/s, {:.0} MB/s",
            answers as f64 / seconds,
            bytes as f64 / seconds / 1e6
        );
    }
    println!("afterwards {} MB resident", resident());
}

/// Answers and bytes in the time measured, over a few connections that stay open.
fn measure(zendesk: &Emulator, target: &str) -> (usize, usize) {
    let host = zendesk.base_url().strip_prefix("http://").unwrap();
    let token = &zendesk.account().oauth_token;
    let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n");
    let until = Instant::now() + MEASURED;
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                scope.spawn(|| {
                    let mut stream = TcpStream::connect(host).unwrap();
                    let (mut answers, mut bytes) = (0, 0);
                    while Instant::now() < until {
                        stream.write_all(request.as_bytes()).unwrap();
                        bytes += read_answer(&mut stream);
                        answers += 1;
                    }
                    (answers, bytes)
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .fold((0, 0), |(a, b), (c, d)| (a + c, b + d))
    })
}

fn read_answer(stream: &mut TcpStream) -> usize {
    let mut answer = Vec::with_capacity(64 * 1024);
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let read = stream.read(&mut chunk).unwrap();
        assert!(read > 0, "the connection ended");
        answer.extend_from_slice(&chunk[..read]);
        let Some(end) = answer
            .windows(4)
            .take(4_096)
            .position(|window| window == b"\r\n\r\n")
        else {
            continue;
        };
        let head = std::str::from_utf8(&answer[..end]).unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .unwrap();
        let whole = end + 4 + length.parse::<usize>().unwrap();
        if answer.len() >= whole {
            return whole;
        }
    }
}

/// Megabytes, where the system tells.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok())
        .unwrap_or_default()
        / 1_024
}
