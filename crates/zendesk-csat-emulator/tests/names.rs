//! Who may call the account: nobody on behalf of another site.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use support::{account, exchange};
use zendesk_csat_emulator::{Emulator, EmulatorError};

/// The answer to a control, asked for by that Host.
fn called(zendesk: &Emulator, connect_to: &str, host: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect(connect_to).unwrap();
    let request =
        format!("GET /_emulator/account HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(!answer.starts_with("HTTP/1.1 403") || !answer.contains(&zendesk.account().oauth_token));
    answer
}

#[test]
fn another_sites_name_and_page_get_nothing() {
    let zendesk = account(7, 20);
    let own = zendesk.base_url().strip_prefix("http://").unwrap();
    let port = own.split(':').nth(1).unwrap();
    for host in [
        own,
        &format!("localhost:{port}"),
        &format!("[::1]:{port}"),
        "acme.zendesk.com",
    ] {
        assert!(
            called(&zendesk, own, host, "").starts_with("HTTP/1.1 200"),
            "{host}"
        );
    }
    for host in [&format!("evil.example:{port}"), "evil.example", "localhost"] {
        let answer = called(&zendesk, own, host, "");
        assert!(
            answer.starts_with("HTTP/1.1 403") && answer.contains(own),
            "{host}: {answer}"
        );
    }
    let answer = called(&zendesk, own, own, "Origin: https://evil.example\r\n");
    assert!(
        answer.starts_with("HTTP/1.1 403") && answer.contains("pages of other sites"),
        "{answer}"
    );
    let of_its_page = format!("Origin: {}\r\n", zendesk.base_url());
    assert!(called(&zendesk, own, own, &of_its_page).starts_with("HTTP/1.1 200"));
    // Faults are set by none of them, and no call of theirs is in the journal.
    let evil = [("Origin", "null")];
    let faults = exchange(&zendesk, "PUT", "/_emulator/faults", &evil, r#"{"html": 1.0}"#).unwrap();
    assert_eq!(
        (faults.status, &zendesk.faults()["html"]),
        (403, &serde_json::json!(0.0))
    );
    let rating = exchange(&zendesk, "GET", "/api/v2/satisfaction_ratings", &evil, "").unwrap();
    assert_eq!((rating.status, zendesk.journal().len()), (403, 0));
}

#[test]
fn an_account_that_is_open_answers_to_containers_and_to_no_site() {
    let zendesk = Emulator::builder().tickets(20).bind("0.0.0.0").start().unwrap();
    assert!(zendesk.is_open() && !account(7, 20).is_open());
    let own = zendesk.base_url().strip_prefix("http://").unwrap();
    assert!(own.starts_with("127.0.0.1:"));
    for host in ["emulator:4000", "10.0.0.7:8080", own] {
        assert!(
            called(&zendesk, own, host, "").starts_with("HTTP/1.1 200"),
            "{host}"
        );
    }
    assert!(called(&zendesk, own, "evil.example", "").starts_with("HTTP/1.1 403"));
}

#[test]
fn a_place_that_is_not_of_this_machine_is_named() {
    let error = Emulator::builder()
        .tickets(0)
        .bind("192.0.2.1")
        .start()
        .unwrap_err();
    assert!(matches!(error, EmulatorError::Listen { .. }));
    assert!(
        error
            .to_string()
            .starts_with("cannot listen on 192.0.2.1, port 0: "),
        "{error}"
    );
}
