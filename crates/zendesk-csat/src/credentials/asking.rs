//! Who is being asked for a token, so that nobody waits for itself.

use super::{Provider, ProviderError};
use crate::{Client, Error, SecretText};
use std::sync::Arc;
use tokio::task::spawn_blocking;

tokio::task_local! {
    /// The connections whose sources of tokens are being asked, the outermost first.
    static ASKED: Vec<usize>;
}

/// An error where this runs for the client's own source of tokens: the client waits for what it is to give.
pub(super) fn check(client: &Client) -> Result<(), Error> {
    if asked().contains(&id(client)) {
        return Err(Error::configuration(
            "the function that gives tokens uses the client that waits for one from it; \
             let it use another client, or this one's token endpoint, whose calls need no token",
        ));
    }
    Ok(())
}

/// Asks a source for a token in the name of a client.
pub(super) async fn ask(client: &Client, source: &Provider) -> Result<SecretText, ProviderError> {
    let mut all = asked();
    all.push(id(client));
    // The source may begin its work before its future is polled.
    ASKED.scope(all, async { source().await }).await
}

/// Runs a function that may block, which is still known to be a source's.
pub(super) async fn blocking(
    source: Arc<dyn Fn() -> Result<SecretText, ProviderError> + Send + Sync>,
) -> Result<SecretText, ProviderError> {
    let all = asked();
    spawn_blocking(move || ASKED.sync_scope(all, || source())).await?
}

fn asked() -> Vec<usize> {
    ASKED.try_with(Clone::clone).unwrap_or_default()
}

/// Clones of a client share their connection, and with it their token.
fn id(client: &Client) -> usize {
    Arc::as_ptr(&client.connection).addr()
}
