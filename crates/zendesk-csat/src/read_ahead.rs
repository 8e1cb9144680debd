//! Fetching and decoding the next pages of a listing while the caller is busy with this one.

use crate::Error;
use crate::decode::next_page::stated_cursor;
use crate::decode::page::{Envelope, Next};
use crate::paging::{Listing, PageOf};
use crate::response::Response;
use crate::transport::cursor_guard::CursorGuard;
use futures::future::join;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn, spawn_blocking, yield_now};
use tracing::Instrument;

/// Pages that may wait for the caller, those on their way included.
const PAGES_AHEAD: usize = 2;
/// A body from this size on keeps a thread busy for so long that it should be one that may block.
const LARGE_BODY: usize = 512 << 10;

/// The pages from the second on. What is still on its way ends when this is dropped.
pub(crate) struct ReadAhead<P> {
    pages: mpsc::Receiver<Ahead<P>>,
    /// Whether the caller waits for a page.
    is_awaited: Arc<AtomicBool>,
    walker: Task<()>,
}

/// A page as it comes to the caller.
enum Ahead<P> {
    Read(Result<P, Error>),
    /// The caller, who has nothing else to do, decodes it while the walker goes on.
    Fetched(Fetched<P>),
}

/// A page that came and is not decoded.
struct Fetched<P> {
    is_large: bool,
    read: Box<dyn FnOnce() -> Result<P, Error> + Send>,
}

impl<P: Send + 'static> Fetched<P> {
    fn of<L: Listing>(listing: L, response: Response) -> Self
    where
        P: PageOf<L>,
    {
        Self {
            is_large: response.body.len() >= LARGE_BODY,
            read: Box::new(move || P::read(&listing, response)),
        }
    }

    async fn read(self) -> Result<P, Error> {
        if self.is_large {
            let span = tracing::Span::current();
            Task(spawn_blocking(move || span.in_scope(self.read)))
                .join()
                .await?
        } else {
            (self.read)()
        }
    }
}

impl<P: Send + 'static> ReadAhead<P> {
    /// Walks on from the page that gave this cursor.
    pub(crate) fn start<L: Listing>(listing: L, cursor: Option<String>) -> Self
    where
        P: PageOf<L>,
    {
        let (sender, pages) = mpsc::channel(PAGES_AHEAD);
        let is_awaited = Arc::new(AtomicBool::new(true));
        let walk = walk(listing, cursor, sender, Arc::clone(&is_awaited));
        let walker = Task(spawn(walk.in_current_span()));
        Self {
            pages,
            is_awaited,
            walker,
        }
    }

    pub(crate) async fn next(&mut self) -> Option<Result<P, Error>> {
        self.is_awaited.store(true, Ordering::Relaxed);
        let page = self.pages.recv().await;
        self.is_awaited.store(false, Ordering::Relaxed);
        match page {
            Some(Ahead::Read(page)) => Some(page),
            Some(Ahead::Fetched(page)) => Some(page.read().await),
            // Without a word more the walker is at its end, or it was brought down.
            None => self.walker.join().await.err().map(Err),
        }
    }
}

async fn walk<L: Listing, P: PageOf<L>>(
    listing: L,
    cursor: Option<String>,
    pages: mpsc::Sender<Ahead<P>>,
    is_awaited: Arc<AtomicBool>,
) {
    let mut guard = CursorGuard::default();
    let mut next = at(listing, &mut guard, cursor);
    // A place among the pages ahead comes before the request.
    let Ok(mut place) = pages.reserve().await else {
        return;
    };
    let mut fetched = fetch(next).await;
    loop {
        let (listing, response) = match fetched {
            Ok(fetched) => fetched,
            Err(error) => return place.send(Ahead::Read(Err(error))),
        };
        let stated = stated_cursor::<L::Envelope>(&response.body);
        if let (Some(cursor), Ok(next_place)) = (stated, pages.try_reserve()) {
            let way_on = listing.way_on(Next {
                cursor: Some(cursor),
                has_more: true,
                ..Next::default()
            });
            next = at(listing.clone(), &mut guard, way_on.cursor);
            let hand_out = async {
                let page = Fetched::of(listing, response);
                // What is about to be sent, is sent before.
                yield_now().await;
                place.send(if is_awaited.load(Ordering::Relaxed) {
                    Ahead::Fetched(page)
                } else {
                    Ahead::Read(page.read().await)
                });
            };
            // The next request leaves before this page is decoded.
            (fetched, ()) = join(fetch(next), hand_out).await;
            place = next_place;
        } else {
            let page: Result<P, Error> = Fetched::of(listing.clone(), response).read().await;
            let way_on = page.as_ref().ok().filter(|page| page.has_more());
            let cursor = way_on.map(|page| page.cursor().map(str::to_owned));
            place.send(Ahead::Read(page));
            let Some(cursor) = cursor else { return };
            next = at(listing, &mut guard, cursor);
            match pages.reserve().await {
                Ok(next_place) => place = next_place,
                Err(_) => return,
            }
            fetched = fetch(next).await;
        }
    }
}

/// The listing from this cursor on, unless it was there already.
fn at<L: Listing>(listing: L, guard: &mut CursorGuard, cursor: Option<String>) -> Result<L, Error> {
    let Some(cursor) = cursor else {
        return Err(Error::pagination(
            L::Envelope::OPERATION,
            "the page says that there is more, and gives no way on to it that can be followed",
        ));
    };
    guard
        .admit(&cursor)
        .map_err(|repeated| Error::pagination(L::Envelope::OPERATION, repeated.to_string()))?;
    Ok(listing.at(cursor))
}

async fn fetch<L: Listing>(listing: Result<L, Error>) -> Result<(L, Response), Error> {
    let listing = listing?;
    let response = listing.fetch().await?;
    Ok((listing, response))
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
