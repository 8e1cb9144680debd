//! Where a listing goes on: as it was told, on the same host, each page once, and never for ever.

use super::operations::id_text;
use crate::case::{Case, Checked, check, check_error};
use crate::records::{self, Kind, written};
use crate::service::{Answer, Request};
use futures::stream::{BoxStream, StreamExt, TryStreamExt};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use zendesk_csat::{Client, Error, ErrorKind};

/// How a listing is told to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listing {
    Ratings,
    Responses,
    Surveys,
    Audits,
    Export,
    ExportByTime,
    Reasons,
    RatingsByOffset,
    AuditsByOffset,
}

use Listing as L;

const LISTINGS: [Listing; 9] = [
    L::Ratings,
    L::Responses,
    L::Surveys,
    L::Audits,
    L::Export,
    L::ExportByTime,
    L::Reasons,
    L::RatingsByOffset,
    L::AuditsByOffset,
];

/// How a walk ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Said,
    /// The last page leads to one that was read.
    Circle,
    /// There is more, and nothing says where.
    Nowhere,
}

/// The walk that the service has in mind.
struct Walk {
    listing: Listing,
    /// The cursor that leads to a page; the first is reached without one.
    cursors: Vec<String>,
    end: End,
    /// What was asked for and is no page.
    astray: Arc<Mutex<Vec<String>>>,
    pages: Vec<(Vec<u8>, Vec<String>)>,
}

pub(super) async fn run(case: &mut Case<'_>) -> Checked {
    let listing = case.pick(&LISTINGS);
    let end = match listing {
        // A page by offset that is not the next one is nowhere.
        L::Reasons | L::RatingsByOffset | L::AuditsByOffset => case.pick(&[End::Said, End::Nowhere]),
        _ => case.pick(&[End::Said, End::Said, End::Circle, End::Nowhere]),
    };
    let pages = case.random.usize(1..7);
    let walk = Walk::new(case, listing, pages, end);
    let ids: Vec<_> = walk.pages.iter().flat_map(|(_, ids)| ids.clone()).collect();
    let (astray, cursors) = (Arc::clone(&walk.astray), walk.cursors.clone());
    case.service.answer(move |request| walk.answer(request));

    // A listing that never ends is cut here, and is a failure.
    let most = ids.len() * 3 + 10;
    let items: Vec<_> = listing.items(&case.client(0)).take(most).collect().await;
    let told = || format!("{listing:?} {end:?} of {pages} pages by {cursors:?}");
    let astray = astray.lock().unwrap().clone();
    check(astray.is_empty(), || format!("asked for {astray:?}; {}", told()))?;
    judge(&ids, end, items).map_err(|failure| format!("{failure}; {}", told()))?;
    let requests = case.service.requests().len();
    check(requests <= pages + 3, || {
        format!("{requests} requests; {}", told())
    })
}

fn judge(ids: &[String], end: End, mut items: Vec<Result<String, Error>>) -> Checked {
    if end != End::Said {
        let last = items.pop();
        let Some(Err(error)) = last else {
            return Err(format!("ends with {last:?}"));
        };
        check_error(&error)?;
        check(error.kind() == ErrorKind::Pagination, || {
            format!("ends with {error}")
        })?;
    }
    let read: Result<Vec<_>, _> = items.into_iter().collect();
    let read = read.map_err(|error| format!("breaks off: {error}"))?;
    check(read == ids, || format!("read {read:?} in place of {ids:?}"))
}

impl Walk {
    fn new(case: &mut Case<'_>, listing: Listing, pages: usize, end: End) -> Self {
        let mut walk = Self {
            listing,
            cursors: (1..=pages).map(|number| listing.cursor(case, number)).collect(),
            end,
            astray: Arc::default(),
            pages: Vec::new(),
        };
        let first = case.random.u64(1..1_000_000);
        let mut number = first;
        for at in 0..pages {
            let kind = listing.kind();
            let numbers: Vec<_> = (number..number + case.random.u64(..3)).collect();
            number += numbers.len() as u64;
            let records: Vec<Vec<u8>> = numbers
                .iter()
                .map(|number| written(case, &kind.record(*number)).into())
                .collect();
            let next = if at + 1 < pages {
                Some(walk.cursors[at].clone())
            } else if end == End::Circle {
                Some(walk.cursors[case.random.usize(..pages.max(2) - 1)].clone())
            } else {
                None
            };
            let is_last = next.is_none() && end == End::Said;
            let around = listing.around(case, next.as_deref(), is_last);
            let body = records::page(case, listing.holder(), &records, &around);
            let ids = numbers.iter().map(|number| id_text(&kind.id(*number))).collect();
            walk.pages.push((body, ids));
        }
        // A page that leads to itself: the second time is one too many.
        if end == End::Circle && pages == 1 {
            let ids = walk.pages[0].1.clone();
            let body = walk.pages[0].0.clone();
            walk.pages.push((body, ids));
        }
        walk
    }

    fn answer(&self, request: &Request) -> Answer {
        let cursor = request.parameter(&["page[after]", "cursor", "page"]);
        let cursor = match self.listing {
            L::ExportByTime => request
                .parameter(&["start_time"])
                .filter(|time| time != "1000000000"),
            _ => cursor,
        };
        let at = match cursor {
            None => Some(0),
            Some(cursor) => self
                .cursors
                .iter()
                .position(|known| *known == cursor)
                .map(|at| at + 1),
        };
        match at.and_then(|at| self.pages.get(at)) {
            Some((body, _)) => Answer::json(body.clone()),
            None => {
                self.astray
                    .lock()
                    .unwrap()
                    .push(format!("{} {:?}", request.target, self.end));
                Answer::json("{}")
            }
        }
    }
}

impl Listing {
    fn holder(self) -> &'static str {
        match self {
            Self::Ratings | Self::RatingsByOffset => "satisfaction_ratings",
            Self::Responses => "survey_responses",
            Self::Surveys => "surveys",
            Self::Audits | Self::AuditsByOffset => "audits",
            Self::Export | Self::ExportByTime => "tickets",
            Self::Reasons => "reasons",
        }
    }

    fn kind(self) -> Kind {
        match self {
            Self::Ratings | Self::RatingsByOffset => Kind::Rating,
            Self::Responses => Kind::Response,
            Self::Surveys => Kind::Survey,
            Self::Audits | Self::AuditsByOffset => Kind::Audit,
            Self::Export | Self::ExportByTime => Kind::Ticket,
            Self::Reasons => Kind::Reason,
        }
    }

    /// A cursor that leads on from the page of this number, from 1; no two are the same.
    fn cursor(self, case: &mut Case<'_>, number: usize) -> String {
        match self {
            Self::ExportByTime => (1_700_000_000 + number).to_string(),
            Self::Reasons | Self::RatingsByOffset | Self::AuditsByOffset => (number + 1).to_string(),
            _ => match case.random.u32(..6) {
                0 => format!("{}{number}", case.text(8)),
                1 => format!("../../users.json?page={number}#"),
                2 => format!("http://{}/{number}", case.service.foreign_host),
                3 => format!("{}+/=={number}", "k9".repeat(case.random.usize(..300))),
                4 => format!("{number}&page[after]=x&page[size]=1&cursor=y"),
                _ => number.to_string(),
            },
        }
    }

    /// What stands around the records. The addresses that it names are never asked.
    fn around(self, case: &mut Case<'_>, next: Option<&str>, is_last: bool) -> Value {
        let foreign = case.service.foreign_host.clone();
        let elsewhere = case.pick(&[
            "//evil.example",
            "file:///etc/passwd",
            "/api/v2/users",
            "https://acme.zendesk.com@",
            "",
        ]);
        let elsewhere = if case.once_in(2) {
            format!("http://{foreign}/api/v2/x.json")
        } else {
            elsewhere.to_owned()
        };
        match self {
            Self::Export => json!({
                "after_cursor": next, "after_url": format!("{elsewhere}?cursor=elsewhere"), "end_of_stream": is_last,
            }),
            Self::ExportByTime => json!({
                "end_time": next.and_then(|time| time.parse::<i64>().ok()),
                "next_page": format!("{elsewhere}?start_time=5"), "end_of_stream": is_last,
            }),
            Self::Reasons | Self::RatingsByOffset | Self::AuditsByOffset => {
                let page = match (next, is_last) {
                    (Some(number), _) => Value::from(format!("{elsewhere}?page={number}")),
                    (None, true) => Value::Null,
                    (None, false) => Value::from(case.pick(&[
                        "x",
                        "?page=x",
                        "?page=-1",
                        "?page=99999999999999",
                        "?pages=2",
                        "?",
                    ])),
                };
                json!({"next_page": page, "previous_page": null, "count": 7})
            }
            _ => json!({
                "meta": {"has_more": !is_last, "after_cursor": next, "before_cursor": "before"},
                "links": {"next": format!("{elsewhere}?page[after]=elsewhere"), "prev": null},
            }),
        }
    }

    fn items(self, client: &Client) -> BoxStream<'static, Result<String, Error>> {
        let start = chrono::DateTime::from_timestamp(1_000_000_000, 0).unwrap();
        let (ratings, tickets) = (client.satisfaction_ratings(), client.tickets());
        match self {
            Self::Ratings | Self::RatingsByOffset => ratings
                .list()
                .items()
                .map_ok(|rating| rating.id.get().to_string())
                .boxed(),
            Self::Responses => client
                .survey_responses()
                .list()
                .items()
                .map_ok(|response| response.id.to_string())
                .boxed(),
            Self::Surveys => client
                .surveys()
                .list()
                .items()
                .map_ok(|survey| survey.id.to_string())
                .boxed(),
            Self::Audits | Self::AuditsByOffset => tickets
                .audits(70)
                .items()
                .map_ok(|audit| audit.id.get().to_string())
                .boxed(),
            Self::Export => tickets
                .export()
                .start_time(start)
                .items()
                .map_ok(|ticket| ticket.id.get().to_string())
                .boxed(),
            Self::ExportByTime => tickets
                .export_by_time()
                .start_time(start)
                .items()
                .map_ok(|ticket| ticket.id.get().to_string())
                .boxed(),
            Self::Reasons => client
                .satisfaction_reasons()
                .list()
                .items()
                .map_ok(|reason| reason.id.get().to_string())
                .boxed(),
        }
    }
}
