//! A client that reaches the offline account from another container.
#![allow(missing_docs, clippy::unwrap_used)]

use zendesk_csat::{Client, Credentials, ErrorKind};
use zendesk_csat_emulator::Emulator;

// Elsewhere nobody connects to this address.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_test_host_is_reached_by_http_where_it_is_named() {
    let zendesk = Emulator::builder()
        .seed(7)
        .tickets(20)
        .bind("0.0.0.0")
        .start()
        .unwrap();
    let account = zendesk.account();
    let builder = Client::builder(&account.subdomain)
        .base_url(account.base_url.replace("127.0.0.1", "0.0.0.0"))
        .credentials(Credentials::oauth_token(&account.oauth_token));
    let error = builder.clone().build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("allow_http"), "{error}");
    let client = builder.allow_http("0.0.0.0").build().unwrap();
    client.satisfaction_ratings().count().send().await.unwrap();
}
