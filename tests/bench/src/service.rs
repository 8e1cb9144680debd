//! The service: pages over kept-alive HTTP/1.1, packed or not, and the other process that it runs in.

use crate::pages;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, OnceLock};

/// The two listings, each page made when it is asked for first.
struct Listings {
    packed: bool,
    ratings: Vec<OnceLock<Vec<u8>>>,
    survey_responses: Vec<OnceLock<Vec<u8>>>,
    rating: OnceLock<Vec<u8>>,
}

impl Listings {
    fn body(&self, body: Vec<u8>) -> Vec<u8> {
        if self.packed { pages::packed(&body) } else { body }
    }
}

/// Serves `records` ratings and as many survey responses, and prints where. Returns when its input closes.
pub fn serve(records: usize, packed: bool) {
    let pages = |size: usize| (0..records.div_ceil(size)).map(|_| OnceLock::new()).collect();
    let listings = Arc::new(Listings {
        packed,
        ratings: pages(pages::RATINGS),
        survey_responses: pages(pages::SURVEY_RESPONSES),
        rating: OnceLock::new(),
    });
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let listings = listings.clone();
            std::thread::spawn(move || answer_all(connection.unwrap(), &listings));
        }
    });
    // The measuring process holds the other end: it cannot leave the service behind.
    let _ = std::io::stdin().lines().count();
}

fn answer_all(mut connection: TcpStream, listings: &Listings) {
    connection.set_nodelay(true).unwrap();
    let mut requests = BufReader::new(connection.try_clone().unwrap());
    loop {
        let mut target = None;
        loop {
            let mut line = String::new();
            if requests.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if line == "\r\n" {
                break;
            }
            target.get_or_insert(line);
        }
        let page = page(&target.unwrap_or_default(), listings);
        let encoding = if listings.packed {
            "content-encoding: gzip\r\n"
        } else {
            ""
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{encoding}content-length: {}\r\n\r\n",
            page.len()
        );
        let answer = [head.as_bytes(), page].concat();
        if connection.write_all(&answer).is_err() {
            return;
        }
    }
}

fn page<'a>(target: &str, listings: &'a Listings) -> &'a [u8] {
    let number = ["page%5Bafter%5D=", "page[after]="].iter().find_map(|name| {
        let (_, rest) = target.split_once(name)?;
        rest.split(['&', ' ']).next()?.parse().ok()
    });
    let number = number.unwrap_or(0);
    if target.contains("/satisfaction_ratings/") {
        listings
            .rating
            .get_or_init(|| listings.body(pages::rating_shown()))
    } else if target.contains("survey_responses") {
        let last = number + 1 == listings.survey_responses.len();
        listings.survey_responses[number].get_or_init(|| listings.body(pages::survey_responses(number, last)))
    } else {
        let last = number + 1 == listings.ratings.len();
        listings.ratings[number].get_or_init(|| listings.body(pages::ratings(number, last)))
    }
}

/// The service in its own process, which ends with this value.
#[derive(Debug)]
pub struct Service {
    process: Child,
    base_url: String,
    records: usize,
}

impl Service {
    /// Starts this project's program for measurements as a service of so many records a listing.
    pub fn start(program: &Path, records: usize) -> Self {
        let mut process = Command::new(program)
            .args(["serve", &records.to_string()])
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
            records,
        }
    }

    /// Where it is.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Records of each listing.
    pub fn records(&self) -> usize {
        self.records
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
