//! A second look at pages with records that could not be read or believed: what spoiled them may have passed.

use futures::StreamExt;

use super::listing::{Listing, Look, cursor_is_refused};
use super::run::{Run, is_passing};
use crate::error::HistoryError;
use crate::rows::malformed::{self, PageKey};
use crate::rows::walk::Walk;

/// How often such a page is asked for again, over all syncs; then what it has stays as it is.
const ATTEMPTS: u32 = 10;

/// Asks once more for each page of the listing that had records which could not be read.
pub(super) async fn read<L: Listing>(run: &Run<'_>) -> Result<(), HistoryError> {
    let pages = run
        .history
        .read(|connection| malformed::pages(connection, run.account, L::TABLE, ATTEMPTS))?;
    for (page, attempts) in pages {
        look::<L>(run, page, attempts + 1).await?;
    }
    Ok(())
}

async fn look<L: Listing>(run: &Run<'_>, key: PageKey, attempts: u32) -> Result<(), HistoryError> {
    let PageKey { start_at, cursor } = key.clone();
    let at_page = Walk {
        start_at,
        cursor,
        ..Walk::default()
    };
    match L::pages(run, run.client, &at_page).next().await {
        Some(Ok(page)) if !page.items.is_empty() => {
            let count = page.items.len();
            let reading = run.reading(&page.meta);
            let look = Look::new::<L>(key, &page, attempts, &reading);
            run.store::<L>(reading, page.items, vec![look], None).await?;
            run.advanced(L::STEP, count);
        }
        // An empty page may come before the records: it settles nothing.
        Some(Ok(_)) | None => attempted::<L>(run, key).await?,
        Some(refused) if cursor_is_refused(&refused) => attempted::<L>(run, key).await?,
        // The next sync looks again; what has been read stands.
        Some(Err(error)) if is_passing(&error) => attempted::<L>(run, key).await?,
        Some(Err(source)) => {
            return Err(HistoryError::Api {
                step: L::STEP,
                source,
            });
        }
    }
    Ok(())
}

async fn attempted<L: Listing>(run: &Run<'_>, key: PageKey) -> Result<(), HistoryError> {
    run.write(move |transaction, account| malformed::attempted(transaction, account, L::TABLE, &key))
        .await
}
