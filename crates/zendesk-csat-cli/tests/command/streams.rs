//! Interrupts, pipes that close, disks that are full, and what is in the way.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use zendesk_csat_emulator::Emulator;

use crate::{command, command_on, failure, stdout};

/// The address of a service that takes every connection and says this, or nothing at all.
fn service(says: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            if says.is_empty() {
                held.push(stream);
            } else {
                let _ = stream.read(&mut [0; 4096]);
                stream.write_all(says.as_bytes()).unwrap();
            }
        }
    });
    address
}

/// Presses Ctrl-C, and gives what was said, the exit code, and how long the end took.
fn interrupt(mut child: Child) -> (String, String, Option<i32>, Duration) {
    // Held open: `wait` would close it, and what reads it would end by itself.
    let _stdin = child.stdin.take();
    let pressed = Instant::now();
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    let status = child.wait().unwrap();
    let took = pressed.elapsed();
    let (mut out, mut error) = (String::new(), String::new());
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_string(&mut out).unwrap();
    }
    child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
    (out, error, status.code(), took)
}

#[cfg(unix)]
#[test]
fn an_interrupted_sync_tells_so_as_its_last_event() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = command(folder.path(), &["sync", "--json"])
        .env("ZENDESK_BASE_URL", service(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    assert!(line.contains("started"), "{line}");
    let (_, error, code, took) = interrupt(child);
    let mut rest = String::new();
    lines.read_to_string(&mut rest).unwrap();
    let last: Value = serde_json::from_str(rest.lines().last().unwrap()).unwrap();
    assert_eq!(
        (last["event"].as_str(), last["exit_code"].as_u64()),
        (Some("failed"), Some(130))
    );
    assert_eq!((error.as_str(), code), ("error: interrupted\n", Some(130)));
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[cfg(unix)]
#[test]
fn a_command_that_reads_standard_input_can_be_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = command(folder.path(), &["responses", "submit", "01A"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The runtime has begun once it reads.
    child.stdin.as_mut().unwrap().write_all(&[b' '; 100_000]).unwrap();
    let (_, error, code, took) = interrupt(child);
    assert_eq!((error.as_str(), code), ("error: interrupted\n", Some(130)));
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[test]
fn a_pipe_that_closes_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["completions", "bash"][..],
        &["--help"],
        &["ratings", "list", "--json"],
    ] {
        let mut child = command(folder.path(), arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_no_panic() {
    let folder = tempfile::tempdir().unwrap();
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let log = command(folder.path(), &["report"])
        .stderr(full())
        .status()
        .unwrap();
    assert_eq!(log.code(), Some(6));
    let synced = command(folder.path(), &["sync"]).stderr(full()).output().unwrap();
    assert_eq!(synced.status.code(), Some(0));
    for arguments in [
        &["report"][..],
        &["completions", "bash"],
        &["export", "--format", "csv", "-"],
    ] {
        let mut into = command(folder.path(), arguments);
        into.stdout(full());
        let (code, line) = failure(into);
        assert_eq!(code, 6, "{arguments:?}: {line}");
    }
}

#[test]
fn a_redirect_names_its_target_and_the_verbose_error_the_call() {
    let folder = tempfile::tempdir().unwrap();
    let moved = service(
        "HTTP/1.1 301 Moved\r\nLocation: https://new.zendesk.com/api/v2/satisfaction_ratings/count.json\r\n\
         X-Request-Id: id-of-the-request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    let mut count = command(folder.path(), &["ratings", "count"]);
    count.env("ZENDESK_BASE_URL", &moved);
    let (code, line) = failure(count);
    assert_eq!(code, 4, "{line}");
    assert!(
        line.contains("new.zendesk.com") && line.contains("ZENDESK_"),
        "{line}"
    );
    assert!(!line.contains("id-of-the-request"), "{line}");
    let mut count = command(folder.path(), &["ratings", "count", "--verbose"]);
    count.env("ZENDESK_BASE_URL", &moved);
    let (code, line) = failure(count);
    assert_eq!(code, 4, "{line}");
    assert!(line.contains("id-of-the-request"), "{line}");
}

#[test]
fn the_demo_replaces_its_own_page_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("report.html"), "last week's").unwrap();
    let (code, line) = failure(command(folder.path(), &["demo", "--tickets", "50"]));
    assert_eq!(code, 2, "{line}");
    assert!(line.contains("report.html") && line.contains("--html"), "{line}");
    for _ in 0..2 {
        let output = command(folder.path(), &["demo", "--tickets", "50", "--html", "demo.html"]);
        assert!({ output }.output().unwrap().status.success());
    }
    assert_eq!(
        fs::read_to_string(folder.path().join("report.html")).unwrap(),
        "last week's"
    );
}

#[cfg(unix)]
#[test]
fn a_file_with_two_names_is_not_synced() {
    let folder = tempfile::tempdir().unwrap();
    assert!(
        command(folder.path(), &["sync"])
            .output()
            .unwrap()
            .status
            .success()
    );
    fs::hard_link(folder.path().join("csat.db"), folder.path().join("copy.db")).unwrap();
    let (code, line) = failure(command(folder.path(), &["sync", "--history", "copy.db"]));
    assert_eq!(code, 6, "{line}");
    assert!(line.contains("hard link"), "{line}");
    assert!(
        command(folder.path(), &["report"])
            .output()
            .unwrap()
            .status
            .success()
    );
}

#[test]
fn a_customer_s_words_cannot_steer_a_terminal() {
    const STEERS: &str = "good\u{1b}]0;pwned\u{7}\u{1b}[2J\u{202e}gnp.exe\u{9b}31m\r\nerror: ";
    let folder = tempfile::tempdir().unwrap();
    let zendesk = Emulator::builder().seed(5).tickets(50).start().unwrap();
    let ticket = zendesk
        .put("tickets", &json!({ "subject": STEERS, "status": "solved" }))
        .unwrap();
    let about = json!({ "ticket_id": ticket["ticket"]["id"] });
    let sent = zendesk.put("survey_responses", &about).unwrap();
    let path = format!(
        "survey_responses/{}",
        sent["survey_response"]["id"].as_str().unwrap()
    );
    zendesk
        .put(&path, &json!({ "rating": 1, "comment": STEERS }))
        .unwrap();
    let run = |arguments: &[&str]| stdout(&command_on(&zendesk, folder.path(), arguments).output().unwrap());
    run(&["sync"]);
    for arguments in [
        &["responses", "list"][..],
        &[
            "responses",
            "show",
            sent["survey_response"]["id"].as_str().unwrap(),
        ],
    ] {
        let said = run(arguments);
        assert!(said.contains("pwned"), "{said}");
        let steers = |c: char| c != '\n' && (c.is_control() || zendesk_csat::is_bidi_control(c));
        assert!(!said.contains(steers), "{said:?}");
        assert!(!said.lines().any(|line| line.starts_with("error: ")), "{said}");
    }
    run(&["report", "--all", "--html", "page.html"]);
    let page = fs::read_to_string(folder.path().join("page.html")).unwrap();
    assert!(page.contains("pwned"));
    assert!(!page.contains(|c: char| !c.is_whitespace() && c.is_control() || c == '\u{202e}'));
}
