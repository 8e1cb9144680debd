//! Who follows a sync is told what it waits for.

use std::pin::pin;

use futures::future::{Either, select};
use tokio::sync::mpsc::UnboundedReceiver;
use zendesk_csat::Wait;

/// Does the work, and tells meanwhile of each wait that begins.
pub(super) async fn told<T>(
    mut begun: UnboundedReceiver<Wait>,
    tell: impl Fn(&Wait),
    work: impl Future<Output = T>,
) -> T {
    let mut work = pin!(work);
    loop {
        match select(work.as_mut(), pin!(begun.recv())).await {
            Either::Left((done, _)) => return done,
            Either::Right((Some(wait), _)) if !wait.is_long() => {}
            Either::Right((Some(wait), _)) => tell(&wait),
            Either::Right((None, _)) => return work.await,
        }
    }
}
