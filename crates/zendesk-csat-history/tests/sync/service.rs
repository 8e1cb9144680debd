//! A service that answers as a test says, for what the offline account never does.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use zendesk_csat::{Client, ClientBuilder, Credentials};

/// What comes back for a path, by the number of the request for it, from 0.
type Answer = Box<dyn Fn(usize, &str) -> (u16, Value) + Send>;

/// Serves until the test's process ends; every path that is not scripted is an empty page.
pub(crate) struct Service {
    base_url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

#[derive(Default)]
pub(crate) struct Script {
    answers: BTreeMap<&'static str, Answer>,
}

/// The service's clock: a day on which all its records are past.
const NOW: &str = "Wed, 01 Apr 2026 10:00:00 GMT";

pub(crate) const RATINGS: &str = "/api/v2/satisfaction_ratings";
pub(crate) const RESPONSES: &str = "/api/v2/guide/survey_responses";
pub(crate) const TICKETS: &str = "/api/v2/incremental/tickets/cursor";

impl Script {
    /// `answer` gets the number of the request for this path and its query.
    pub(crate) fn on(
        mut self,
        path: &'static str,
        answer: impl Fn(usize, &str) -> (u16, Value) + Send + 'static,
    ) -> Self {
        self.answers.insert(path, Box::new(answer));
        self
    }

    pub(crate) fn start(self) -> Service {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            let mut counts = BTreeMap::new();
            for stream in listener.incoming() {
                self.answer(stream.unwrap(), &mut counts, &seen);
            }
        });
        Service { base_url, requests }
    }

    fn answer(&self, mut stream: TcpStream, counts: &mut BTreeMap<String, usize>, seen: &Mutex<Vec<String>>) {
        let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
        let Some(request) = lines.next() else { return };
        let target = request.split(' ').nth(1).unwrap().to_owned();
        lines.take_while(|line| !line.is_empty()).for_each(drop);
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let path = path.trim_end_matches(".json");
        let count = counts.entry(path.to_owned()).or_insert(0);
        let (status, body) = match self.answers.get(path) {
            Some(answer) => answer(*count, query),
            None => (200, empty_page(path)),
        };
        *count += 1;
        seen.lock().unwrap().push(target.clone());
        let body = body.to_string();
        let head = format!(
            "HTTP/1.1 {status} -\r\nDate: {NOW}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n",
            body.len()
        );
        stream.write_all((head + &body).as_bytes()).unwrap();
    }
}

impl Service {
    pub(crate) fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder("acme")
            .base_url(&self.base_url)
            .credentials(Credentials::oauth_token("token"))
            .max_retries(0)
    }

    /// The targets asked for that contain this, in order.
    pub(crate) fn asked(&self, containing: &str) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        requests
            .iter()
            .filter(|target| target.contains(containing))
            .cloned()
            .collect()
    }
}

fn empty_page(path: &str) -> Value {
    if path == TICKETS {
        tickets(json!([]), "end", true)
    } else if let Some(list) = path.strip_suffix("/show_many") {
        json!({ list.rsplit('/').next().unwrap(): [] })
    } else if path.ends_with("/count") {
        json!({ "count": { "value": 100_000, "refreshed_at": null } })
    } else {
        page(path, json!([]), None)
    }
}

/// A page with this after it.
pub(crate) fn page(path: &str, records: Value, after: Option<&str>) -> Value {
    let kind = match path.rsplit('/').next().unwrap() {
        "satisfaction_reasons" => "reasons",
        kind => kind,
    };
    json!({ kind: records, "meta": { "has_more": after.is_some(), "after_cursor": after } })
}

pub(crate) fn tickets(records: Value, cursor: &str, end_of_stream: bool) -> Value {
    json!({ "tickets": records, "after_cursor": cursor, "end_of_stream": end_of_stream })
}

pub(crate) fn rating(id: i64) -> Value {
    json!({
        "id": id, "ticket_id": id, "score": "good", "requester_id": 5, "assignee_id": 6, "group_id": 7,
        "created_at": "2026-03-01T10:00:00Z", "updated_at": "2026-03-01T11:00:00Z",
    })
}

/// A survey sent on 2026-03-01 about the ticket, with answers to these questions: a scale, then reasons.
pub(crate) fn response(id: &str, ticket: i64, questions: &[&str]) -> Value {
    let answers: Vec<Value> = questions
        .iter()
        .map(|question| answer(question, json!({})))
        .collect();
    json!({
        "id": id, "responder_id": "5", "expires_at": "2026-03-29T10:00:00.000Z",
        "subjects": [{ "id": ticket.to_string(), "type": "ticket", "zrn": format!("zen:ticket:{ticket}") }],
        "survey": { "id": "01SURVEY", "version": 1, "state": "enabled" },
        "answers": answers,
    })
}

/// The same, as it is shown: with the texts of its questions.
pub(crate) fn shown(id: &str, ticket: i64, questions: &[&str]) -> Value {
    let mut response = response(id, ticket, &[]);
    let texts = |question: &&str| match *question {
        "scale" => {
            json!([{ "rating": 1, "label": { "value": "Bad" } }, { "rating": 2, "label": { "value": "Good" } }])
        }
        _ => json!([{ "id": "slow", "label": { "type": "static", "value": "Too slow" } }]),
    };
    let answers = questions
        .iter()
        .map(|question| answer(question, json!({ "options": texts(question) })));
    response["answers"] = answers.collect();
    json!({ "survey_response": response })
}

fn answer(question: &str, texts: Value) -> Value {
    let time = "2026-03-02T10:00:00.000Z";
    let mut answer = match question {
        "scale" => json!({
            "type": "rating_scale", "rating": 1, "rating_category": "bad",
            "question": { "id": "scale", "type": "rating_scale_numeric", "sub_type": "customer_satisfaction" },
        }),
        reasons => json!({
            "type": "closed_ended", "selections": [{ "type": "predefined", "option_id": "slow" }],
            "question": { "id": reasons, "type": "closed_ended" },
        }),
    };
    answer["created_at"] = time.into();
    answer["updated_at"] = time.into();
    for (name, value) in texts.as_object().unwrap() {
        answer["question"][name] = value.clone();
    }
    answer
}
