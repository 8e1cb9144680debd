//! The README's Rust example does on an account what it says.
#![allow(missing_docs, clippy::unwrap_used)]

use std::process::Command;
use zendesk_csat_emulator::Emulator;

#[test]
fn the_rust_example_lists_every_answer() {
    let zendesk = Emulator::builder().seed(3).tickets(400).start().unwrap();
    let account = zendesk.account();
    let output = Command::new(env!("CARGO_BIN_EXE_readme"))
        .env("ZENDESK_SUBDOMAIN", &account.subdomain)
        .env("ZENDESK_BASE_URL", &account.base_url)
        .env("ZENDESK_OAUTH_TOKEN", &account.oauth_token)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let answered = zendesk
        .truth()
        .iter()
        .filter(|row| row["source"] == "survey" && !row["rating"].is_null())
        .count();
    assert!(answered > 0);
    assert_eq!(
        String::from_utf8(output.stdout).unwrap().lines().count(),
        answered
    );
}
