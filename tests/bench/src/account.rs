//! An account whose surveys a sync reads: as many as asked for, evenly over two years, of one survey, in another process.

use crate::pages::packed;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, OnceLock};

/// Surveys a page, as the service gives them.
pub const PAGE: usize = 50;

/// 2026-06-01T00:00:00Z
const NEWEST: i64 = 1_780_272_000_000;
const DAY: i64 = 86_400_000;
const CROCKFORD: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SURVEY: &str = "01JZJJZER0J7K4APJMZ8T5PKR2";
const CSAT: &str = "01J1WBE8QR0YQVE373K2JDJR0F";
const REASON: &str = "01J1WBGX1BR4ECKTS87CRJTXSF";
const COMMENT: &str = "01J1WBNS76ZC4TTFWP9RCNQ1S8";
const OPTION: &str = "01J1WBP7Y0Q2B4N8S6T3V5X9ZA";

struct Surveys {
    count: usize,
    /// In milliseconds, between one survey and the next.
    apart: i64,
    pages: Vec<OnceLock<Vec<u8>>>,
}

impl Surveys {
    fn new(count: usize) -> Self {
        Self {
            count,
            apart: 730 * DAY / count as i64,
            pages: (0..count.div_ceil(PAGE)).map(|_| OnceLock::new()).collect(),
        }
    }

    /// The answer to a request line.
    fn answer(&self, line: &str) -> Vec<u8> {
        let target = line.split(' ').nth(1).unwrap_or_default();
        let target = target.replace("%5B", "[").replace("%5D", "]");
        if let Some((_, id)) = target.split_once("/en-us/survey_responses/") {
            let id = id.split(['?', '.']).next().unwrap_or_default();
            return packed(format!("{{\"survey_response\":{}}}", self.shown(id)).as_bytes());
        }
        if target.contains("/guide/survey_responses") {
            let value = |name: &str| -> Option<i64> {
                let (_, rest) = target.split_once(name)?;
                rest.split('&').next()?.parse().ok()
            };
            let number = usize::try_from(value("page[after]=").unwrap_or(0)).unwrap();
            let listed = value("filter[created_at_start]=").map_or(self.count, |start| {
                self.count
                    .min(usize::try_from((NEWEST - start) / self.apart + 1).unwrap_or(0))
            });
            return if listed == self.count {
                self.pages[number]
                    .get_or_init(|| packed(self.page(number, listed).as_bytes()))
                    .clone()
            } else {
                packed(self.page(number, listed).as_bytes())
            };
        }
        let nothing = if target.contains("/incremental/") {
            r#"{"tickets":[],"after_cursor":"1","end_of_stream":true}"#
        } else if target.contains("/satisfaction_reasons") {
            r#"{"reasons":[]}"#
        } else {
            r#"{"satisfaction_ratings":[],"meta":{"has_more":false}}"#
        };
        packed(nothing.as_bytes())
    }

    fn page(&self, number: usize, listed: usize) -> String {
        let first = number * PAGE;
        let records: Vec<_> = (first..listed.min(first + PAGE))
            .map(|place| self.record(place, ""))
            .collect();
        format!(
            "{{\"survey_responses\":[{}],\"meta\":{{\"has_more\":{},\"after_cursor\":\"{}\"}}}}",
            records.join(","),
            first + PAGE < listed,
            number + 1
        )
    }

    fn shown(&self, id: &str) -> String {
        let place = (0..self.count).find(|place| self.id(*place) == id).unwrap_or(0);
        let points: Vec<_> = (1..=5)
            .map(|point| {
                format!("{{\"rating\":{point},\"label\":{{\"type\":\"static\",\"value\":\"{point}\"}}}}")
            })
            .collect();
        self.record(place, &format!(",\"options\":[{}]", points.join(",")))
    }

    fn id(&self, place: usize) -> String {
        let (mut time, mut count) = (self.sent_at(place), place);
        let mut id = [b'0'; 26];
        for letter in id[..10].iter_mut().rev() {
            *letter = CROCKFORD[(time % 32) as usize];
            time /= 32;
        }
        for letter in id[10..].iter_mut().rev() {
            *letter = CROCKFORD[count % 32];
            count /= 32;
        }
        String::from_utf8(id.to_vec()).unwrap()
    }

    fn sent_at(&self, place: usize) -> i64 {
        NEWEST - place as i64 * self.apart
    }

    fn record(&self, place: usize, options: &str) -> String {
        let sent_at = self.sent_at(place);
        let (id, ticket) = (self.id(place), self.count - place);
        // Three in ten are answered.
        let answers = if place % 10 < 3 {
            let point = place % 5 + 1;
            let category = ["bad", "bad", "neutral", "good", "good"][point - 1];
            let at = time(sent_at + 3_600_123);
            let answer = |rest: String| format!("{{\"created_at\":\"{at}\",\"updated_at\":\"{at}\",{rest}}}");
            [
                answer(format!(
                    "\"type\":\"rating_scale\",\"rating\":{point},\"rating_category\":\"{category}\",\"question\":{{\"id\":\"{CSAT}\",\"type\":\"rating_scale_emoji\",\"sub_type\":\"customer_satisfaction\"{options}}}"
                )),
                answer(format!(
                    "\"type\":\"closed_ended\",\"selections\":[{{\"type\":\"predefined\",\"option_id\":\"{OPTION}\"}}],\"question\":{{\"id\":\"{REASON}\",\"type\":\"closed_ended\"{options}}}"
                )),
                answer(format!(
                    "\"type\":\"open_ended\",\"value\":\"The answer came quickly, number {place}, but my order is still not here\",\"question\":{{\"id\":\"{COMMENT}\",\"type\":\"open_ended\"}}"
                )),
            ]
            .join(",")
        } else {
            String::new()
        };
        format!(
            "{{\"id\":\"{id}\",\"responder_id\":\"{}\",\"expires_at\":\"{}\",\"subjects\":[{{\"id\":\"{ticket}\",\"type\":\"ticket\",\"zrn\":\"zen:ticket:{ticket}\"}}],\"survey\":{{\"id\":\"{SURVEY}\",\"version\":3,\"state\":\"enabled\"}},\"answers\":[{answers}]}}",
            21_500_000_000_000_u64 + place as u64 % 70_000,
            time(sent_at + 28 * DAY),
        )
    }
}

fn time(milliseconds: i64) -> String {
    chrono::DateTime::from_timestamp_millis(milliseconds)
        .unwrap()
        .format("%Y-%m-%dT%H:%M:%S%.3fZ")
        .to_string()
}

/// Serves an account with so many surveys, and prints where. Returns when its input closes.
pub fn serve(count: usize) {
    let surveys = Arc::new(Surveys::new(count));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let surveys = Arc::clone(&surveys);
            std::thread::spawn(move || answer_all(connection.unwrap(), &surveys));
        }
    });
    // The measuring process holds the other end: it cannot leave the account behind.
    let _ = std::io::stdin().lines().count();
}

fn answer_all(mut connection: TcpStream, surveys: &Surveys) {
    connection.set_nodelay(true).unwrap();
    let mut lines = BufReader::new(connection.try_clone().unwrap()).lines();
    while let Some(Ok(request)) = lines.next() {
        while lines
            .next()
            .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
        {}
        let body = surveys.answer(&request);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        if connection.write_all(&[head.as_bytes(), &body].concat()).is_err() {
            return;
        }
    }
}

/// The account in its own process, which ends with this value.
#[derive(Debug)]
pub struct Account {
    process: Child,
    /// Where it is.
    pub base_url: String,
}

impl Account {
    /// Starts this project's program for measurements as an account with so many surveys.
    pub fn start(program: &Path, count: usize) -> Self {
        let mut process = Command::new(program)
            .args(["account", &count.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut base_url = String::new();
        let output = process.stdout.as_mut().unwrap();
        BufReader::new(output).read_line(&mut base_url).unwrap();
        Self {
            process,
            base_url: base_url.trim().to_owned(),
        }
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
