//! What a proxy sees: never a token in clear.
#![allow(missing_docs, clippy::unwrap_used)]

use zendesk_csat::testing::TestClock;
use zendesk_csat::{Client, Credentials, ErrorKind};
use zendesk_csat_it::{Answer, Scripted};

#[tokio::test]
async fn a_proxy_is_asked_to_connect_and_sees_no_token() {
    let proxy = Scripted::lasting(Answer::raw(407, b"")).await;
    let client = Client::builder("acme")
        .credentials(Credentials::oauth_token("PLANTED"))
        .proxy(proxy.base_url())
        .clock(TestClock::default())
        .build()
        .unwrap();
    let error = client.satisfaction_ratings().count().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.to_string().contains("check the proxy"), "{error}");
    let requests = proxy.requests();
    assert!(!requests.is_empty());
    for request in requests {
        assert!(request.starts_with("CONNECT acme.zendesk.com:443\n"), "{request}");
        assert!(!request.contains("PLANTED"), "{request}");
    }
}

#[tokio::test]
async fn a_proxy_before_an_http_address_is_refused() {
    let (service, proxy) = (Scripted::start([]).await, Scripted::start([]).await);
    let test_host = service
        .builder()
        .base_url("http://emulator:4000")
        .allow_http("emulator");
    for builder in [service.builder(), test_host] {
        let error = builder.proxy(proxy.base_url()).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("leave the proxy out"), "{error}");
    }
    assert!(proxy.requests().is_empty());
}
