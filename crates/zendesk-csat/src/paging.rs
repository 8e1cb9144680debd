//! Walking a listing: pages and items.

use crate::decode::page::{Envelope, Malformed, Next, Records};
use crate::decode::selected::Selection;
use crate::read_ahead::ReadAhead;
use crate::response::{CallMeta, Response};
use crate::{Error, Extra};
use futures::stream::{self, BoxStream, Stream, StreamExt};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

/// One page of a listing.
#[derive(Debug)]
#[non_exhaustive]
pub struct Page<T> {
    /// The records that could be read, in the service's order.
    pub items: Vec<T>,
    /// The records that could not, each with its path.
    pub malformed: Vec<Malformed>,
    /// Where the next page starts, or where a later run goes on. Keep it as it is.
    pub cursor: Option<String>,
    /// Whether the service has more. A page may be empty and still have more after it.
    pub has_more: bool,
    /// What came beside the records and has no field of its own, such as side-loaded lists.
    pub extra: Extra,
    /// The call that brought the page.
    pub meta: CallMeta,
}

impl<T> Page<T> {
    pub(crate) fn new(records: Records<T>, meta: CallMeta) -> Self {
        let Records {
            items,
            malformed,
            next,
        } = records;
        Self {
            items,
            malformed,
            cursor: next.cursor,
            has_more: next.has_more,
            extra: next.extra,
            meta,
        }
    }

    /// The records in the service's order; one that could not be read is an error in its place.
    pub fn into_results(self) -> impl Iterator<Item = Result<T, Error>> {
        Results::of(self)
    }
}

/// The records of a page, each or its error.
struct Results<T> {
    items: vec::IntoIter<T>,
    malformed: VecDeque<Malformed>,
    index: usize,
}

impl<T> Results<T> {
    fn of(page: Page<T>) -> Self {
        Self {
            items: page.items.into_iter(),
            malformed: page.malformed.into(),
            index: 0,
        }
    }
}

impl<T> Iterator for Results<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let index = self.index;
        self.index += 1;
        match self
            .malformed
            .pop_front_if(|malformed| malformed.index() == index)
        {
            Some(malformed) => Some(Err(malformed.into())),
            None => self.items.next().map(Ok),
        }
    }
}

/// A request for one page that can be asked again for the page after it.
pub(crate) trait Listing: Clone + Send + Sync + 'static {
    type Envelope: Envelope;

    /// Fetches the page that starts at the listing's cursor.
    fn fetch(&self) -> impl Future<Output = Result<Response, Error>> + Send;

    /// The same listing, from this cursor on.
    fn at(self, cursor: String) -> Self;

    /// The properties to decode of each record; all where there is no selection.
    fn selection(&self) -> Option<&Selection> {
        None
    }

    /// Where the listing goes on, when this is what its page says.
    fn way_on(&self, said: Next) -> Next {
        said
    }
}

/// The item of a listing.
pub(crate) type ItemOf<L> = <<L as Listing>::Envelope as Envelope>::Item;

/// A form in which a page of a listing is handed out.
pub(crate) trait PageOf<L>: Send + Sized + 'static {
    /// An error where the listing asks for what this form has no place for.
    fn check(_: &L) -> Result<(), Error> {
        Ok(())
    }

    fn read(listing: &L, response: Response) -> Result<Self, Error>;
    fn cursor(&self) -> Option<&str>;
    fn has_more(&self) -> bool;
}

impl<L: Listing> PageOf<L> for Page<ItemOf<L>> {
    fn read(listing: &L, response: Response) -> Result<Self, Error> {
        let mut records = response.page::<L::Envelope>(listing.selection())?;
        records.next = listing.way_on(records.next);
        Ok(Self::new(records, response.meta))
    }

    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    fn has_more(&self) -> bool {
        self.has_more
    }
}

/// One page: the one at the listing's cursor.
pub(crate) async fn page<L: Listing, P: PageOf<L>>(listing: &L) -> Result<P, Error> {
    P::check(listing)?;
    let response = listing.fetch().await?;
    P::read(listing, response)
}

/// Pages until the service has no more.
///
/// Nothing is asked for before the stream is polled. From the second page on, pages are fetched ahead.
pub(crate) fn pages<L: Listing, P: PageOf<L>>(listing: L) -> BoxStream<'static, Result<P, Error>> {
    stream::unfold(Walk::First(listing), |walk| async move {
        match walk {
            Walk::First(listing) => match page::<L, P>(&listing).await {
                Ok(page) => {
                    let walk = if page.has_more() {
                        Walk::Second(listing, page.cursor().map(str::to_owned))
                    } else {
                        Walk::End
                    };
                    Some((Ok(page), walk))
                }
                Err(error) => Some((Err(error), Walk::End)),
            },
            Walk::Second(listing, cursor) => Walk::go_on(ReadAhead::start(listing, cursor)).await,
            Walk::Ahead(ahead) => Walk::go_on(ahead).await,
            Walk::End => None,
        }
    })
    .boxed()
}

enum Walk<L, P> {
    First(L),
    Second(L, Option<String>),
    Ahead(ReadAhead<P>),
    End,
}

impl<L, P: Send + 'static> Walk<L, P> {
    async fn go_on(mut ahead: ReadAhead<P>) -> Option<(Result<P, Error>, Self)> {
        let page = ahead.next().await?;
        let walk = match &page {
            Ok(_) => Self::Ahead(ahead),
            Err(_) => Self::End,
        };
        Some((page, walk))
    }
}

/// The records of every page, one by one.
pub(crate) fn items<L: Listing>(listing: L) -> BoxStream<'static, Result<ItemOf<L>, Error>> {
    Items {
        pages: pages::<L, Page<_>>(listing),
        page: None,
    }
    .boxed()
}

/// Hands each record on as it is: combinators would move it several times.
struct Items<T> {
    pages: BoxStream<'static, Result<Page<T>, Error>>,
    page: Option<Results<T>>,
}

// Nothing in it is pinned in place.
impl<T> Unpin for Items<T> {}

impl<T> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(record) = self.page.as_mut().and_then(Iterator::next) {
                return Poll::Ready(Some(record));
            }
            match ready!(self.pages.poll_next_unpin(context)) {
                Some(Ok(page)) => self.page = Some(Results::of(page)),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

/// Gives a request builder the ways to read a listing; by columns too where they are named.
macro_rules! listing {
    ($request:ty => $item:ty, $columns:ty) => {
        crate::paging::listing!($request => $item);

        impl $request {
            /// Page after page as columns, each with its cursor. An error ends the stream.
            ///
            /// Pages are fetched ahead as for [`pages`](Self::pages).
            pub fn columns(
                self,
            ) -> ::futures::stream::BoxStream<'static, Result<crate::columns::ColumnPage<$columns>, crate::Error>>
            {
                crate::paging::pages(self)
            }
        }
    };
    ($request:ty => $item:ty) => {
        impl $request {
            /// Every record, page after page, fetched as the stream is read.
            ///
            /// One page is fetched at first; from the second page on, up to two pages are fetched ahead, and
            /// decoded ahead while the caller is busy. Dropping the stream ends that.
            ///
            /// A record that cannot be read is an error of kind
            /// [`Decode`](crate::ErrorKind::Decode) in its place, and the stream goes on. Any other
            /// error ends it.
            pub fn items(self) -> ::futures::stream::BoxStream<'static, Result<$item, crate::Error>> {
                crate::paging::items(self)
            }

            /// Page after page, each with its cursor. An error ends the stream.
            ///
            /// One page is fetched at first; from the second page on, up to two pages are fetched ahead, and
            /// decoded ahead while the caller is busy. Dropping the stream ends that.
            pub fn pages(
                self,
            ) -> ::futures::stream::BoxStream<'static, Result<crate::Page<$item>, crate::Error>> {
                crate::paging::pages(self)
            }

            /// One page: the first, or the one at the cursor given.
            ///
            /// # Errors
            /// Whatever kept the page from coming, as [`Error`](crate::Error).
            pub async fn send(self) -> Result<crate::Page<$item>, crate::Error> {
                crate::paging::page(&self).await
            }
        }
    };
}
pub(crate) use listing;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::operation::{LIST_SURVEYS, Operation};
    use crate::types::CursorMeta;
    use serde::Deserialize;
    use serde_json::json;

    /// A service of scripted pages; the cursor is the number of the next page.
    #[derive(Clone)]
    struct Scripted {
        pages: Vec<String>,
        at: usize,
    }

    /// Pages of surveys that are numbers.
    #[derive(Deserialize)]
    struct Numbers {
        meta: CursorMeta,
    }

    impl Envelope for Numbers {
        type Item = u32;
        const OPERATION: &'static Operation = &LIST_SURVEYS;

        fn into_next(self) -> Next {
            Next {
                cursor: self.meta.after_cursor,
                has_more: self.meta.has_more,
                ..Next::default()
            }
        }

        fn stated_cursor(&self) -> Option<&str> {
            self.meta.after_cursor.as_deref().filter(|_| self.meta.has_more)
        }
    }

    impl Listing for Scripted {
        type Envelope = Numbers;

        async fn fetch(&self) -> Result<Response, Error> {
            Ok(Response {
                operation: &LIST_SURVEYS,
                body: self.pages[self.at].clone().into(),
                meta: CallMeta::default(),
            })
        }

        fn at(mut self, cursor: String) -> Self {
            self.at = cursor.parse().unwrap();
            self
        }
    }

    fn page(numbers: &[u32], cursor: Option<&str>, has_more: bool) -> String {
        json!({"surveys": numbers, "meta": {"after_cursor": cursor, "has_more": has_more}}).to_string()
    }

    fn walk(pages: Vec<String>) -> Vec<Result<u32, ErrorKind>> {
        let items = items(Scripted { pages, at: 0 }).map(|item| item.map_err(|error| error.kind()));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(items.collect())
    }

    #[test]
    fn a_caller_who_waits_and_one_who_is_busy_read_the_same() {
        let broken = r#"{"surveys": 5, "meta": {"after_cursor": "4", "has_more": true}}"#;
        let scripted = |last: String| Scripted {
            pages: vec![
                page(&[1], Some("1"), true),
                page(&[2, 3], Some("2"), true),
                page(&[4], Some("3"), true),
                last,
            ],
            at: 0,
        };
        let read = |listing: Scripted, busy: usize| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                let mut read = Vec::new();
                let mut pages = pages::<_, Page<u32>>(listing);
                while let Some(page) = pages.next().await {
                    read.push(page.map(|page| page.items).map_err(|error| error.kind()));
                    // Meanwhile the pages after it come.
                    for _ in 0..busy {
                        tokio::task::yield_now().await;
                    }
                }
                read
            })
        };
        let expected = [Ok(vec![1]), Ok(vec![2, 3]), Ok(vec![4])];
        for busy in [0, 100] {
            let whole = read(scripted(page(&[5], None, false)), busy);
            assert_eq!(whole[..3], expected);
            assert_eq!(whole[3..], [Ok(vec![5])]);
            let broken_off = read(scripted(broken.into()), busy);
            assert_eq!(broken_off[..3], expected);
            assert_eq!(broken_off[3..], [Err(ErrorKind::Decode)]);
        }
    }

    #[test]
    fn an_empty_page_is_not_the_end() {
        let walked = walk(vec![
            page(&[1], Some("1"), true),
            page(&[], Some("2"), true),
            page(&[2], Some("2"), false),
        ]);
        assert_eq!(walked, [Ok(1), Ok(2)]);
    }

    #[test]
    fn a_cursor_on_the_last_page_is_not_followed() {
        assert_eq!(walk(vec![page(&[1], Some("0"), false)]), [Ok(1)]);
    }

    #[test]
    fn a_repeated_cursor_is_an_error_after_its_page() {
        let walked = walk(vec![page(&[1], Some("1"), true), page(&[2], Some("1"), true)]);
        assert_eq!(walked, [Ok(1), Ok(2), Err(ErrorKind::Pagination)]);
    }

    #[test]
    fn more_without_a_cursor_is_an_error() {
        assert_eq!(
            walk(vec![page(&[1], None, true)]),
            [Ok(1), Err(ErrorKind::Pagination)]
        );
    }
}
