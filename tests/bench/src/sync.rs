//! What a sync takes: time and memory against the raw bytes of the same pages, at two sizes.

use crate::account::{Account, PAGE};
use crate::process::megabytes;
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use zendesk_csat::{Client, Credentials};
use zendesk_csat_history::{History, NoProgress, SyncOptions, SyncSummary};

/// Prints a line a size; each sync runs in a process of its own, whose memory is all its own.
pub fn print(program: &Path) {
    println!(
        "{:>10} {:>12} {:>9} {:>12} {:>9} {:>14} {:>13}",
        "surveys", "raw bytes s", "sync s", "÷ raw bytes", "peak MB", "second sync s", "second calls"
    );
    for count in [100_000, 1_000_000] {
        let account = Account::start(program, count);
        // The first walk makes the pages.
        raw_bytes(&account.base_url, count);
        let raw = raw_bytes(&account.base_url, count);
        let measured = Command::new(program)
            .args([
                "sync-once",
                &account.base_url,
                &count.to_string(),
                &raw.to_string(),
            ])
            .status()
            .unwrap();
        assert!(measured.success());
    }
}

/// Syncs twice and prints what it took; `raw` is how many seconds the bytes alone take.
pub fn once(base_url: &str, count: usize, raw: f64) {
    let folder = tempfile::tempdir().unwrap();
    let mut history = History::open(folder.path().join("csat.db")).unwrap();
    let (first, summary) = sync(&mut history, base_url);
    assert_eq!(summary.reconciliation.sent, count as u64);
    let peak = megabytes("VmHWM");
    let (second, summary) = sync(&mut history, base_url);
    println!(
        "{count:>10} {raw:>12.2} {first:>9.2} {:>12.2} {peak:>9.1} {second:>14.2} {:>13}",
        first / raw,
        summary.calls.total()
    );
}

fn sync(history: &mut History, base_url: &str) -> (f64, SyncSummary) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let client = client(base_url);
        let began = Instant::now();
        let summary = history
            .sync(&client, SyncOptions::default(), &mut NoProgress)
            .await
            .unwrap();
        (began.elapsed().as_secs_f64(), summary)
    })
}

fn client(base_url: &str) -> Client {
    Client::builder("acme")
        .base_url(base_url)
        .credentials(Credentials::oauth_token("token"))
        .build()
        .unwrap()
}

/// The same pages by reqwest, unpacked by it, one after the other, and not read; in seconds.
fn raw_bytes(base_url: &str, count: usize) -> f64 {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // The client's own constructor installs the provider of TLS that reqwest asks for.
    drop(client(base_url));
    let http = reqwest::Client::builder()
        .tls_certs_only([])
        .no_proxy()
        .build()
        .unwrap();
    let began = Instant::now();
    runtime.block_on(async {
        for page in 0..count.div_ceil(PAGE) {
            let url =
                format!("{base_url}/api/v2/guide/survey_responses?page[size]={PAGE}&page[after]={page}");
            let response = http.get(url).bearer_auth("token").send().await.unwrap();
            assert!(response.bytes().await.unwrap().len() > PAGE);
        }
    });
    began.elapsed().as_secs_f64()
}
