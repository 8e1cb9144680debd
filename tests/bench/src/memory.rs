//! How much memory a long walk takes.

use crate::process::megabytes;
use crate::service::Service;
use futures::TryStreamExt;
use zendesk_csat::{Client, Credentials};

/// Walks all ratings and prints the memory resident on the way.
pub fn print(service: &Service) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = Client::builder("acme")
            .base_url(service.base_url())
            .credentials(Credentials::oauth_token("token"))
            .build()
            .unwrap();
        let mut ratings = client.satisfaction_ratings().list().items();
        let (mut walked, every) = (0, service.records() / 10);
        println!("{:>10} {:>12}", "ratings", "resident MB");
        while ratings.try_next().await.unwrap().is_some() {
            walked += 1;
            if walked % every == 0 || walked == 1 {
                println!("{walked:>10} {:>12.1}", megabytes("VmRSS"));
            }
        }
        println!("{:>10} {:>12.1}", "peak", megabytes("VmHWM"));
    });
}
