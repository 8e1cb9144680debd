//! Fetching and decoding the next pages of a listing while the caller is busy with this one.

use crate::Error;
use crate::decode::next_page::stated_cursor;
use crate::decode::page::Next;
use crate::paging::{Listing, PageOf};
use crate::response::Response;
use crate::transport::cursor_guard::CursorGuard;
use std::panic::resume_unwind;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn, spawn_blocking};
use tracing::Instrument;

/// Pages that may wait for the caller, those on their way included.
const PAGES_AHEAD: usize = 2;
/// A body from this size on keeps a thread busy long enough for one that may block.
const LARGE_BODY: usize = 256 << 10;

/// The pages from the second on. What is still on its way ends when this is dropped.
pub(crate) struct ReadAhead<P> {
    pages: mpsc::Receiver<Ahead<P>>,
    walker: Task<()>,
}

/// A page in its turn.
enum Ahead<P> {
    Read(Result<P, Error>),
    BeingRead(Task<Result<P, Error>>),
}

impl<P: Send + 'static> ReadAhead<P> {
    /// Walks on from the page that gave this cursor.
    pub(crate) fn start<L: Listing>(listing: L, cursor: Option<String>) -> Self
    where
        P: PageOf<L>,
    {
        let (sender, pages) = mpsc::channel(PAGES_AHEAD);
        let walker = Task(spawn(walk(listing, cursor, sender).in_current_span()));
        Self { pages, walker }
    }

    pub(crate) async fn next(&mut self) -> Option<Result<P, Error>> {
        match self.pages.recv().await {
            Some(Ahead::Read(page)) => Some(page),
            Some(Ahead::BeingRead(mut task)) => Some(task.join().await.and_then(|page| page)),
            // Without a word more the walker is at its end, or it was brought down.
            None => self.walker.join().await.err().map(Err),
        }
    }
}

async fn walk<L: Listing, P: PageOf<L>>(
    mut listing: L,
    mut cursor: Option<String>,
    pages: mpsc::Sender<Ahead<P>>,
) {
    let mut guard = CursorGuard::default();
    // A place among the pages ahead comes before the request.
    while let Ok(place) = pages.reserve().await {
        listing = match next(listing, &mut guard, cursor) {
            Ok(listing) => listing,
            Err(error) => return place.send(Ahead::Read(Err(error))),
        };
        let response = match listing.fetch().await {
            Ok(response) => response,
            Err(error) => return place.send(Ahead::Read(Err(error))),
        };
        if let Some(stated) = stated_cursor::<L::Envelope>(&response.body) {
            let next = listing.way_on(Next {
                cursor: Some(stated),
                has_more: true,
            });
            place.send(Ahead::BeingRead(read(listing.clone(), response)));
            cursor = next.cursor;
        } else {
            let page = read::<L, P>(listing.clone(), response)
                .join()
                .await
                .and_then(|page| page);
            let next = page
                .as_ref()
                .ok()
                .filter(|page| page.has_more())
                .map(|page| page.cursor().map(str::to_owned));
            place.send(Ahead::Read(page));
            match next {
                Some(next) => cursor = next,
                None => return,
            }
        }
    }
}

fn next<L: Listing>(listing: L, guard: &mut CursorGuard, cursor: Option<String>) -> Result<L, Error> {
    let Some(cursor) = cursor else {
        return Err(Error::pagination(
            "the page says that there is more, and gives no cursor to it",
        ));
    };
    guard
        .admit(&cursor)
        .map_err(|repeated| Error::pagination(repeated.to_string()))?;
    Ok(listing.at(cursor))
}

fn read<L: Listing, P: PageOf<L>>(listing: L, response: Response) -> Task<Result<P, Error>> {
    let large = response.body.len() >= LARGE_BODY;
    let span = tracing::Span::current();
    let read = move || span.in_scope(|| P::read(&listing, response));
    Task(if large {
        spawn_blocking(read)
    } else {
        spawn(async move { read() })
    })
}

/// A task that ends when it is dropped.
struct Task<T>(JoinHandle<T>);

impl<T> Task<T> {
    async fn join(&mut self) -> Result<T, Error> {
        (&mut self.0).await.map_err(|error| match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(_) => Error::runtime_ended(),
        })
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
