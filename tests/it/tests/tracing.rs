//! What the client tells `tracing`: a span a call, an event an attempt, and never what a body or a header holds.
#![allow(missing_docs, clippy::unwrap_used)]

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use tracing::subscriber::set_default;
use zendesk_csat::testing::TestClock;
use zendesk_csat_it::{Answer, Scripted};

/// Keeps what is written.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn each_attempt_says_what_it_was_and_nothing_private() {
    let rating = r#"{"satisfaction_ratings": [{"id": 1, "comment": "PLANTED words", "new": "PLANTED too"}], "next_page": null}"#;
    let unavailable = Answer::raw(503, b"PLANTED").header("x-request-id", "r-1");
    let service = Scripted::start([
        unavailable,
        Answer::json(200, rating).header("x-request-id", "r-2"),
    ])
    .await;
    let client = service.builder().clock(TestClock::default()).build().unwrap();
    let written = Written::default();
    let writer = written.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let guard = set_default(subscriber);
    client.satisfaction_ratings().list().send().await.unwrap();
    drop(guard);

    let log = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    let attempts: Vec<_> = log.lines().filter(|line| line.contains("answered")).collect();
    assert_eq!(attempts.len(), 2, "{log}");
    for (attempt, (number, status, id)) in attempts.iter().zip([(1, 503, "r-1"), (2, 200, "r-2")]) {
        for field in [
            "call{operation=\"list_satisfaction_ratings\" bucket=support}".to_owned(),
            format!("attempt={number}"),
            format!("status={status}"),
            format!("request_id=\"{id}\""),
        ] {
            assert!(attempt.contains(&field), "{field} in {attempt}");
        }
    }
    for private in ["PLANTED", "TOKEN", "Bearer"] {
        assert!(!log.contains(private), "{log}");
    }
}
