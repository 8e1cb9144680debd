//! How the command is told where to connect, and from where it is reached.
#![allow(missing_docs, clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zendesk-csat"));
    command.args(arguments).env_remove("ZENDESK_BASE_URL");
    command
}

#[test]
fn certificates_that_cannot_be_read_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("none.pem");
    let output = command(&["ratings", "list", "--subdomain", "acme", "--ca-bundle"])
        .arg(&file)
        .env("ZENDESK_OAUTH_TOKEN", "TOKEN")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("none.pem"), "{said}");
}

#[test]
fn an_account_that_is_open_to_others_says_so() {
    for (bind, is_open) in [(None, false), (Some("0.0.0.0"), true)] {
        let mut command = command(&["emulator", "--tickets", "5"]);
        command.args(bind.map(|host| ["--bind", host]).iter().flatten());
        let mut emulator = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(emulator.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        emulator.kill().unwrap();
        emulator.wait().unwrap();
        let mut said = String::new();
        emulator.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(line.contains(r#""base_url":"http://127.0.0.1:"#), "{line}");
        assert_eq!(said.contains("open to other machines"), is_open, "{said}");
    }
}
