//! What a case has: its numbers, the service, and the secrets that no error may tell.

use crate::service::Service;
use std::time::Duration;
use zendesk_csat::testing::TestClock;
use zendesk_csat::{Client, Credentials, Error, Malformed};

/// What requests are signed with.
pub(crate) const TOKEN: &str = "planted-token-4711";
/// What a customer wrote.
pub(crate) const WORDS: &str = "planted-words-0815";

pub(crate) type Checked = Result<(), String>;

/// One case.
pub(crate) struct Case<'w> {
    pub(crate) random: fastrand::Rng,
    pub(crate) service: &'w Service,
    /// A history that a sync has filled, for those that spoil a file.
    pub(crate) history: &'w [u8],
    /// Texts that were tried, and files.
    pub(crate) tried: u64,
}

impl<'w> Case<'w> {
    pub(crate) fn new(seed: u64, service: &'w Service, history: &'w [u8]) -> Self {
        // Neighbouring seeds are to have nothing in common.
        let spread = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self {
            random: fastrand::Rng::with_seed(spread),
            service,
            history,
            tried: 0,
        }
    }

    /// One of these.
    pub(crate) fn pick<T: Clone>(&mut self, among: &[T]) -> T {
        among[self.random.usize(..among.len())].clone()
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: u32) -> bool {
        self.random.u32(..times) == 0
    }

    /// A client that never waits.
    pub(crate) fn client(&self, retries: u32) -> Client {
        client(self.service, retries)
    }
}

pub(crate) fn client(service: &Service, retries: u32) -> Client {
    Client::builder("acme")
        .base_url(format!("http://{}", service.host))
        .credentials(Credentials::oauth_token(TOKEN))
        .max_retries(retries)
        .timeout(Duration::from_secs(60))
        .clock(TestClock::default())
        .build()
        .unwrap()
}

/// That a condition holds.
pub(crate) fn check(holds: bool, otherwise: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// That what an error says holds no secret.
pub(crate) fn check_error(error: &Error) -> Checked {
    let mut texts = vec![
        format!("{error}"),
        format!("{error:?}"),
        error.message().to_owned(),
    ];
    texts.extend(error.json_path().map(str::to_owned));
    texts.extend(error.code().map(str::to_owned));
    texts.extend(error.request_id().map(str::to_owned));
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        texts.push(format!("{inner} {inner:?}"));
        source = inner.source();
    }
    check_texts(&texts)
}

/// The same, of what is kept of a record that could not be read.
pub(crate) fn check_malformed(malformed: &[Malformed]) -> Checked {
    let texts = malformed
        .iter()
        .map(|malformed| format!("{malformed} {malformed:?} {}", malformed.path()));
    check_texts(&texts.collect::<Vec<_>>())
}

pub(crate) fn check_texts(texts: &[String]) -> Checked {
    for text in texts {
        check(!text.contains(TOKEN), || format!("the token shows: {text}"))?;
        check(!text.contains(WORDS), || {
            format!("a customer's words show: {text}")
        })?;
        let steers = |c: char| c.is_control() && c != '\n';
        check(!text.contains(steers), || {
            format!("a control character shows: {text:?}")
        })?;
    }
    Ok(())
}
