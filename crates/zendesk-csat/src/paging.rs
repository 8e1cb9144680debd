//! Walking a listing: pages, items, and the guards that keep a walk from never ending.

use crate::Error;
use crate::decode::page::{Malformed, Records};
use crate::response::CallMeta;
use crate::transport::cursor_guard::CursorGuard;
use futures::stream::{self, BoxStream, StreamExt};
use std::collections::VecDeque;
use std::future::Future;

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
            meta,
        }
    }

    /// The records in the service's order; one that could not be read is an error in its place.
    pub fn into_results(self) -> impl Iterator<Item = Result<T, Error>> {
        let mut malformed = VecDeque::from(self.malformed);
        let mut items = self.items.into_iter();
        (0..).map_while(
            move |index| match malformed.pop_front_if(|malformed| malformed.index() == index) {
                Some(malformed) => Some(Err(malformed.into())),
                None => items.next().map(Ok),
            },
        )
    }
}

/// A request for one page that can be asked again for the page after it.
pub(crate) trait Listing: Send + Sized + 'static {
    type Item: Send + 'static;

    /// Fetches the page that starts at the listing's cursor.
    fn fetch(&self) -> impl Future<Output = Result<Page<Self::Item>, Error>> + Send;

    /// The same listing, from this cursor on.
    fn at(self, cursor: String) -> Self;
}

/// Pages until the service has no more. Nothing is asked for before the stream is polled.
pub(crate) fn pages<L: Listing + Sync>(listing: L) -> BoxStream<'static, Result<Page<L::Item>, Error>> {
    stream::unfold(Walk::Fetch(listing, CursorGuard::default()), |walk| async move {
        match walk {
            Walk::Fetch(listing, mut guard) => match listing.fetch().await {
                Ok(page) => {
                    let walk = if page.has_more {
                        next(listing, &mut guard, &page)
                    } else {
                        Ok(None)
                    };
                    Some((
                        Ok(page),
                        match walk {
                            Ok(Some(listing)) => Walk::Fetch(listing, guard),
                            Ok(None) => Walk::End,
                            Err(error) => Walk::Fail(error),
                        },
                    ))
                }
                Err(error) => Some((Err(error), Walk::End)),
            },
            Walk::Fail(error) => Some((Err(error), Walk::End)),
            Walk::End => None,
        }
    })
    .boxed()
}

fn next<L: Listing>(listing: L, guard: &mut CursorGuard, page: &Page<L::Item>) -> Result<Option<L>, Error> {
    let Some(cursor) = &page.cursor else {
        return Err(Error::pagination(
            "the page says that there is more, and gives no cursor to it",
        ));
    };
    guard
        .admit(cursor)
        .map_err(|repeated| Error::pagination(repeated.to_string()))?;
    Ok(Some(listing.at(cursor.clone())))
}

enum Walk<L> {
    Fetch(L, CursorGuard),
    Fail(Error),
    End,
}

/// The records of every page, one by one.
pub(crate) fn items<L: Listing + Sync>(listing: L) -> BoxStream<'static, Result<L::Item, Error>> {
    pages(listing)
        .flat_map(|page| stream::iter(results(page)))
        .boxed()
}

fn results<T>(page: Result<Page<T>, Error>) -> impl Iterator<Item = Result<T, Error>> {
    let (page, error) = match page {
        Ok(page) => (Some(page), None),
        Err(error) => (None, Some(Err(error))),
    };
    page.into_iter().flat_map(Page::into_results).chain(error)
}

/// Gives a request builder the three ways to read a listing.
macro_rules! listing {
    ($request:ty => $item:ty) => {
        impl $request {
            /// Every record, page after page, fetched as the stream is read.
            ///
            /// A record that cannot be read is an error of kind
            /// [`Decode`](crate::ErrorKind::Decode) in its place, and the stream goes on. Any other
            /// error ends it.
            pub fn items(self) -> ::futures::stream::BoxStream<'static, Result<$item, crate::Error>> {
                crate::paging::items(self)
            }

            /// Page after page, each with its cursor. An error ends the stream.
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
                crate::paging::Listing::fetch(&self).await
            }
        }
    };
}
pub(crate) use listing;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::decode::page::Next;

    /// A service of scripted pages; the cursor is the number of the next page.
    #[derive(Clone)]
    struct Scripted {
        pages: Vec<(Vec<u32>, Next)>,
        at: usize,
    }

    impl Listing for Scripted {
        type Item = u32;

        async fn fetch(&self) -> Result<Page<u32>, Error> {
            let (items, next) = self.pages[self.at].clone();
            Ok(Page::new(
                Records {
                    items,
                    malformed: Vec::new(),
                    next,
                },
                CallMeta::default(),
            ))
        }

        fn at(mut self, cursor: String) -> Self {
            self.at = cursor.parse().unwrap();
            self
        }
    }

    fn page(items: &[u32], cursor: Option<&str>, has_more: bool) -> (Vec<u32>, Next) {
        (
            items.to_vec(),
            Next {
                cursor: cursor.map(str::to_owned),
                has_more,
            },
        )
    }

    fn walk(pages: Vec<(Vec<u32>, Next)>) -> Vec<Result<u32, ErrorKind>> {
        let items = items(Scripted { pages, at: 0 }).map(|item| item.map_err(|error| error.kind()));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(items.collect())
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
