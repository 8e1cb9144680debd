//! Syncs in a process of their own that is killed, as `kill -9` does it.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::account::Account;
use zendesk_csat::{Client, Credentials};
use zendesk_csat_history::{History, NoProgress, SyncOptions};

const FILE: &str = "ZENDESK_CSAT_TEST_FILE";
const BASE_URL: &str = "ZENDESK_CSAT_TEST_BASE_URL";
const TOKEN: &str = "ZENDESK_CSAT_TEST_TOKEN";

/// Not a test of its own: what the processes to be killed do.
#[tokio::test]
async fn sync_in_a_process() {
    let (Ok(file), Ok(base_url), Ok(token)) =
        (std::env::var(FILE), std::env::var(BASE_URL), std::env::var(TOKEN))
    else {
        return;
    };
    let client = Client::builder("acme")
        .base_url(base_url)
        .credentials(Credentials::oauth_token(token))
        .build()
        .unwrap();
    let mut history = History::open(Path::new(&file)).unwrap();
    println!("began");
    history
        .sync(&client, SyncOptions::default(), &mut NoProgress)
        .await
        .unwrap();
}

fn spawn(account: &Account) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "killed::sync_in_a_process",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(FILE, account.history.path())
        .env(BASE_URL, account.zendesk.base_url())
        .env(TOKEN, &account.zendesk.account().oauth_token)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Reads what the process prints until it has begun to sync.
fn wait_until_begun(child: &mut Child) {
    let mut printed = String::new();
    let mut byte = [0_u8];
    let stdout = child.stdout.as_mut().unwrap();
    while !printed.contains("began") && stdout.read(&mut byte).unwrap() > 0 {
        printed.push(char::from(byte[0]));
    }
    assert!(printed.contains("began"), "{printed}");
}

#[tokio::test]
async fn a_killed_sync_leaves_no_lock_and_the_next_goes_on_to_the_truth() {
    let mut account = Account::new(3, 1_000);
    let mut killed = 0;
    for after in [2, 15, 40, 90, 160] {
        let mut child = spawn(&account);
        wait_until_begun(&mut child);
        std::thread::sleep(Duration::from_millis(after));
        killed += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(killed > 2, "{killed} syncs were killed");
    account.sync().await;
    account.assert_equals_truth();
}
