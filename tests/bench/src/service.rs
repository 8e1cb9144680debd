//! The service: pages over kept-alive HTTP/1.1, packed or not, and the other process that it runs in.

use crate::listing::Listing;
use crate::pages;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, OnceLock};

/// What is served, each body made when it is asked for first.
struct Pages {
    packed: bool,
    listings: Vec<(Listing, Vec<OnceLock<Vec<u8>>>)>,
    rating: OnceLock<Vec<u8>>,
}

/// Serves so many records of each listing, packed or plain, and prints where. Returns when its input closes.
pub fn serve(records: usize, packed: bool) {
    let listings = Listing::ALL.map(|listing| {
        let pages = records.div_ceil(listing.page_size());
        (listing, (0..pages).map(|_| OnceLock::new()).collect())
    });
    let pages = Arc::new(Pages {
        packed,
        listings: listings.into(),
        rating: OnceLock::new(),
    });
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let pages = pages.clone();
            std::thread::spawn(move || answer_all(connection.unwrap(), &pages));
        }
    });
    // The measuring process holds the other end: it cannot leave the service behind.
    let _ = std::io::stdin().lines().count();
}

fn answer_all(mut connection: TcpStream, pages: &Pages) {
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
        let page = pages.asked(&target.unwrap_or_default());
        let encoding = if pages.packed {
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

impl Pages {
    fn asked(&self, target: &str) -> &[u8] {
        if target.contains("/satisfaction_ratings/") {
            return self.rating.get_or_init(|| self.body(pages::rating_shown()));
        }
        let of_target = |(listing, _): &&(Listing, _)| target.contains(listing.path());
        let (listing, pages) = self.listings.iter().find(of_target).unwrap();
        let number = listing.page_asked(target);
        pages[number].get_or_init(|| self.body(listing.page(number, number + 1 == pages.len())))
    }

    fn body(&self, body: Vec<u8>) -> Vec<u8> {
        if self.packed { pages::packed(&body) } else { body }
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
