//! Credentials, headers, limits, the clock and the journal.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use serde_json::{Value, json};
use support::{account, basic, bearer, control, exchange, get, get_as, get_json, post_as};
use zendesk_csat_emulator::{Emulator, EmulatorError};

const RATINGS: &str = "/api/v2/satisfaction_ratings?page[size]=1";

fn with_authorization(zendesk: &Emulator, authorization: &str, target: &str) -> support::Answer {
    exchange(zendesk, "GET", target, &[("Authorization", authorization)], "").unwrap()
}

fn mint(zendesk: &Emulator, scope: &str) -> Value {
    let info = zendesk.account();
    let body = json!({
        "client_id": info.oauth_client_id,
        "client_secret": info.oauth_client_secret,
        "grant_type": "client_credentials",
        "scope": scope,
        "expires_in": 1800,
    });
    let answer = exchange(
        zendesk,
        "POST",
        "/oauth/tokens",
        &[("Content-Type", "application/json")],
        &body.to_string(),
    )
    .unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[test]
fn api_tokens_and_bearer_tokens_open_the_account() {
    let zendesk = account(7, 50);
    let info = zendesk.account();
    assert_eq!(
        with_authorization(&zendesk, &basic(&info.email, &info.api_token), RATINGS).status,
        200
    );
    assert_eq!(get(&zendesk, RATINGS).status, 200);
    let me = get_json(&zendesk, "/api/v2/users/me.json");
    assert_eq!(
        (&me["user"]["role"], &me["user"]["email"]),
        (&json!("admin"), &json!(info.email))
    );
}

#[test]
fn wrong_credentials_are_refused_in_the_services_words() {
    let zendesk = account(7, 50);
    let info = zendesk.account();
    let wrong = [
        basic(&info.email, "wrong"),
        basic("nobody@example.com", &info.api_token),
        "Digest x".to_owned(),
        "Basic %%%".to_owned(),
    ];
    for authorization in &wrong {
        let answer = with_authorization(&zendesk, authorization, RATINGS);
        assert_eq!(
            (answer.status, answer.json()),
            (401, json!({"error": "Couldn't authenticate you"})),
            "{authorization}"
        );
        let answer = with_authorization(&zendesk, authorization, "/api/v2/guide/survey_responses");
        assert_eq!(
            (answer.status, &answer.json()["errors"][0]["code"]),
            (401, &json!("Unauthorized"))
        );
    }
    let answer = with_authorization(&zendesk, "Bearer nonsense", RATINGS);
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (401, &json!("invalid_token"))
    );
    assert_eq!(exchange(&zendesk, "GET", RATINGS, &[], "").unwrap().status, 401);
    let nobody = with_authorization(&zendesk, &wrong[0], "/api/v2/users/me");
    assert_eq!(
        (nobody.status, &nobody.json()["user"]["name"]),
        (200, &json!("Anonymous user"))
    );
}

#[test]
fn roles_see_what_the_pages_allow() {
    let zendesk = account(7, 50);
    let users = &zendesk.account().users;
    for path in [
        RATINGS,
        "/api/v2/satisfaction_reasons",
        "/api/v2/satisfaction_ratings/count",
        "/api/v2/incremental/tickets/cursor?start_time=0",
    ] {
        for user in [&users.agent, &users.end_user] {
            let answer = get_as(&zendesk, &user.oauth_token, path);
            assert_eq!(
                (answer.status, &answer.json()["error"]["title"]),
                (403, &json!("Forbidden")),
                "{path}"
            );
        }
    }
    assert_eq!(
        get_as(&zendesk, &users.agent.oauth_token, "/api/v2/tickets/1/audits").status,
        200
    );
    assert_eq!(
        get_as(&zendesk, &users.end_user.oauth_token, "/api/v2/tickets/1/audits").status,
        403
    );
    assert_eq!(
        get_as(&zendesk, &users.agent.oauth_token, "/api/v2/guide/en-us/surveys").status,
        403
    );
}

#[test]
fn api_tokens_end_on_30_april_2027() {
    let zendesk = account(7, 10);
    let info = zendesk.account();
    let authorization = basic(&info.email, &info.api_token);
    zendesk.advance(332 * 86_400);
    assert_eq!(with_authorization(&zendesk, &authorization, RATINGS).status, 200);
    zendesk.advance(86_400);
    assert_eq!(with_authorization(&zendesk, &authorization, RATINGS).status, 401);
    assert_eq!(get(&zendesk, RATINGS).status, 200, "a bearer token goes on");
}

#[test]
fn minted_tokens_end_and_have_scopes() {
    let zendesk = account(7, 50);
    let minted = mint(&zendesk, "read");
    assert_eq!(
        (&minted["expires_in"], &minted["token_type"], &minted["scope"]),
        (&json!(1799), &json!("bearer"), &json!("read"))
    );
    assert!(minted.get("refresh_token").is_none());
    let token = minted["access_token"].as_str().unwrap();
    assert_eq!(get_as(&zendesk, token, RATINGS).status, 200);
    let narrow = mint(&zendesk, "tickets:read nonsense");
    let narrow = narrow["access_token"].as_str().unwrap();
    assert_eq!(
        get_as(&zendesk, narrow, "/api/v2/tickets/show_many?ids=1").status,
        200
    );
    for path in [RATINGS, "/api/v2/tickets/1/audits"] {
        let refused = get_as(&zendesk, narrow, path);
        assert_eq!(refused.status, 403);
        assert!(
            refused.json()["description"].as_str().unwrap().contains("read"),
            "{path}"
        );
    }
    zendesk.advance(1_799);
    assert_eq!(get_as(&zendesk, token, RATINGS).status, 200);
    zendesk.advance(1);
    assert_eq!(get_as(&zendesk, token, RATINGS).status, 401);
}

#[test]
fn minting_refuses_a_wrong_secret_and_another_grant() {
    let zendesk = account(7, 10);
    let info = zendesk.account();
    let post = |body: Value| exchange(&zendesk, "POST", "/oauth/tokens", &[], &body.to_string()).unwrap();
    let wrong = post(
        json!({"client_id": info.oauth_client_id, "client_secret": "x", "grant_type": "client_credentials"}),
    );
    assert_eq!(
        (wrong.status, &wrong.json()["error"]),
        (401, &json!("invalid_client"))
    );
    let grant = post(
        json!({"client_id": info.oauth_client_id, "client_secret": info.oauth_client_secret, "grant_type": "password"}),
    );
    assert_eq!(
        (grant.status, &grant.json()["error"]),
        (400, &json!("unsupported_grant_type"))
    );
    let long = json!({"client_id": info.oauth_client_id, "client_secret": info.oauth_client_secret, "grant_type": "client_credentials", "expires_in": 9});
    assert_eq!(post(long).status, 400);
}

#[test]
fn unknown_paths_and_methods_are_404() {
    let zendesk = account(7, 10);
    for path in ["/api/v2/nothing", "/api/v1/satisfaction_ratings", "/elsewhere"] {
        let answer = get(&zendesk, path);
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (404, &json!("InvalidEndpoint")),
            "{path}"
        );
    }
    assert_eq!(
        post_as(
            &zendesk,
            &zendesk.account().oauth_token,
            "/api/v2/satisfaction_ratings",
            &json!({})
        )
        .status,
        404
    );
    assert_eq!(control(&zendesk, "GET", "nothing", "").status, 404);
}

#[test]
fn headers_name_the_service_the_request_and_the_budget() {
    let zendesk = account(7, 50);
    let classic = get(&zendesk, RATINGS);
    let guide = get(&zendesk, "/api/v2/guide/survey_responses");
    let export = get(&zendesk, "/api/v2/incremental/tickets/cursor?start_time=0");
    assert_eq!(
        (classic.header("zendesk-service"), guide.header("zendesk-service")),
        (Some("classic"), Some("guide-rest"))
    );
    assert_ne!(
        classic.header("x-request-id").unwrap(),
        guide.header("x-request-id").unwrap()
    );
    assert!(classic.header("x-rate-limit").is_some() && classic.header("ratelimit-reset").is_some());
    assert!(guide.header("x-rate-limit-remaining").is_some() && guide.header("ratelimit-limit").is_none());
    assert!(
        export
            .header("zendesk-ratelimit-incremental-exports")
            .unwrap()
            .starts_with("total=")
    );
}

#[test]
fn answers_are_packed_for_those_who_take_it() {
    let zendesk = account(7, 300);
    let target = "/api/v2/satisfaction_ratings?page[size]=100";
    let plain = get(&zendesk, target);
    let authorization = bearer(&zendesk.account().oauth_token);
    let packed = exchange(
        &zendesk,
        "GET",
        target,
        &[
            ("Authorization", &authorization),
            ("Accept-Encoding", "br, gzip;q=0.8"),
        ],
        "",
    )
    .unwrap();
    assert_eq!(
        (
            plain.header("content-encoding"),
            packed.header("content-encoding")
        ),
        (None, Some("gzip"))
    );
    assert!(packed.raw.len() < plain.raw.len() / 3);
    assert_eq!(packed.json(), plain.json());
    let refused = exchange(
        &zendesk,
        "GET",
        target,
        &[("Authorization", &authorization), ("Accept-Encoding", "gzip;q=0")],
        "",
    )
    .unwrap();
    assert_eq!(refused.header("content-encoding"), None);
}

#[test]
fn a_plan_limits_calls_by_the_minute() {
    let zendesk = Emulator::builder()
        .tickets(20)
        .clock_speed(0.0)
        .plan("suite-growth")
        .start()
        .unwrap();
    let export = "/api/v2/incremental/tickets/cursor?start_time=0";
    for used in 1..=10 {
        let answer = get(&zendesk, export);
        assert_eq!(
            answer.header("zendesk-ratelimit-incremental-exports").unwrap(),
            format!("total=10; remaining={}; resets=60", 10 - used)
        );
        assert_eq!(
            answer.header("x-rate-limit-remaining").unwrap(),
            (400 - used).to_string()
        );
    }
    let refused = get(&zendesk, export);
    assert_eq!(refused.status, 429);
    assert!(
        refused
            .text()
            .contains("Number of allowed incremental export API requests per minute exceeded")
    );
    assert_eq!(get(&zendesk, RATINGS).status, 200, "another bucket");
    zendesk.advance(60);
    assert_eq!(get(&zendesk, export).status, 200);
    let mut forms = std::collections::BTreeSet::new();
    for _ in 0..480 {
        let answer = get(&zendesk, RATINGS);
        if answer.status == 429 {
            assert_eq!(answer.header("x-rate-limit-remaining"), Some("0"));
            forms.insert((
                answer.header("content-type").unwrap().to_owned(),
                answer.header("retry-after").is_some(),
            ));
        }
    }
    assert!(
        forms.len() >= 3,
        "JSON and text, with and without Retry-After: {forms:?}"
    );
}

#[test]
fn options_that_cannot_be_are_refused_by_name() {
    let unknown = Emulator::builder().plan("gold").start().unwrap_err();
    assert!(matches!(&unknown, EmulatorError::UnknownPlan(name) if name == "gold"));
    assert!(unknown.to_string().contains("suite-professional"));
    assert!(matches!(
        Emulator::builder().clock_speed(-1.0).start().unwrap_err(),
        EmulatorError::ClockSpeed(_)
    ));
    assert!(matches!(
        Emulator::builder().tickets(u32::MAX).start().unwrap_err(),
        EmulatorError::TooManyTickets { .. }
    ));
    let first = account(7, 10);
    let port: u16 = first.base_url().rsplit(':').next().unwrap().parse().unwrap();
    assert!(matches!(
        Emulator::builder().tickets(1).port(port).start().unwrap_err(),
        EmulatorError::Listen { .. }
    ));
}

#[test]
fn the_journal_keeps_what_was_asked_but_not_the_controls() {
    let zendesk = account(7, 50);
    get(&zendesk, "/api/v2/satisfaction_ratings.json?page[size]=1");
    get(&zendesk, "/api/v2/guide/survey_responses");
    get(&zendesk, "/api/v2/incremental/tickets");
    mint(&zendesk, "read");
    let kept = control(&zendesk, "GET", "journal", "").json();
    let expected = json!([
        {"method": "GET", "path": "/api/v2/satisfaction_ratings.json", "query": "page[size]=1", "status": 200, "bucket": "support"},
        {"method": "GET", "path": "/api/v2/guide/survey_responses", "query": "", "status": 200, "bucket": "help_center"},
        {"method": "GET", "path": "/api/v2/incremental/tickets", "query": "", "status": 400, "bucket": "incremental"},
        {"method": "POST", "path": "/oauth/tokens", "query": "", "status": 200, "bucket": "oauth"},
    ]);
    assert_eq!(kept["requests"], expected);
    assert_eq!(serde_json::to_value(zendesk.journal()).unwrap(), expected);
    control(&zendesk, "DELETE", "journal", "");
    assert!(zendesk.journal().is_empty());
    get(&zendesk, RATINGS);
    zendesk.clear_journal();
    assert!(zendesk.journal().is_empty());
}

#[test]
fn the_clock_steps_and_the_account_rests_after_it() {
    let zendesk = account(7, 2_000);
    assert_eq!(
        control(&zendesk, "GET", "clock", "").json(),
        json!({"now": "2026-06-01T08:00:00.000Z"})
    );
    let before = zendesk.truth();
    let stepped = control(&zendesk, "POST", "clock", r#"{"advance_seconds": 3599}"#);
    assert_eq!(stepped.json(), json!({"now": "2026-06-01T08:59:59.000Z"}));
    assert_eq!(zendesk.truth(), before, "nothing happens in the first hour");
    zendesk.advance(3 * 86_400);
    let after = zendesk.truth();
    assert!(after.len() > before.len());
    let was = |row: &&Value| {
        before
            .iter()
            .find(|old| old["source"] == row["source"] && old["id"] == row["id"])
    };
    assert!(
        after
            .iter()
            .any(|row| was(&row).is_some_and(|old| old["score"].is_null() && !row["score"].is_null())),
        "a late answer"
    );
    assert_eq!(
        control(&zendesk, "POST", "clock", r#"{"advance_seconds": -1}"#).status,
        400
    );
    assert_eq!(control(&zendesk, "POST", "clock", "soon").status, 400);
    assert_eq!(
        control(&zendesk, "POST", "clock", r#"{"advance_seconds": 315360001}"#).status,
        400
    );
}

#[test]
fn a_fast_clock_runs_by_itself() {
    let zendesk = Emulator::builder()
        .tickets(10)
        .clock_speed(1_000_000.0)
        .start()
        .unwrap();
    let first = control(&zendesk, "GET", "clock", "").json()["now"]
        .as_str()
        .unwrap()
        .to_owned();
    let second = control(&zendesk, "GET", "clock", "").json()["now"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(second > first);
}

#[test]
fn one_seed_makes_one_account_byte_for_byte() {
    let bytes = |seed: u64| {
        let zendesk = account(seed, 600);
        zendesk.advance(10 * 86_400);
        let port = zendesk.base_url().to_owned();
        [
            "/api/v2/satisfaction_ratings?page[size]=100&sort=-id",
            "/api/v2/guide/survey_responses",
            "/api/v2/incremental/tickets/cursor?start_time=0",
            "/api/v2/guide/ja/surveys",
            "/api/v2/tickets/100/audits",
        ]
        .map(|path| get(&zendesk, path).text().replace(&port, ""))
        .into_iter()
        .chain([
            control(&zendesk, "GET", "truth", "").text(),
            serde_json::to_string(zendesk.account())
                .unwrap()
                .replace(&port, ""),
        ])
        .collect::<Vec<_>>()
    };
    let first = bytes(7);
    assert_eq!(first, bytes(7));
    for (one, other) in first.iter().zip(bytes(8)) {
        assert_ne!(*one, other);
    }
}

#[test]
fn steps_of_any_size_lead_to_one_account() {
    let (once, often) = (account(5, 800), account(5, 800));
    once.advance(20 * 86_400);
    for _ in 0..20 {
        get(&often, RATINGS);
        often.advance(86_400);
    }
    let answered = |zendesk: &Emulator| {
        zendesk
            .truth()
            .iter()
            .filter(|row| row["source"] == "survey")
            .count()
    };
    let (once, often) = (answered(&once), answered(&often));
    assert!(
        once.abs_diff(often) <= once / 50,
        "rests after steps only delay what happens: {once} and {often}"
    );
}

#[test]
fn it_starts_within_a_runtime() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let zendesk = account(7, 20);
        assert!(!zendesk.truth().is_empty());
    });
}

#[test]
fn the_accounts_line_is_what_the_command_prints() {
    let zendesk = account(7, 100);
    let line = serde_json::to_value(zendesk.account()).unwrap();
    let names: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = [
        "base_url",
        "subdomain",
        "email",
        "api_token",
        "oauth_token",
        "oauth_client_id",
        "oauth_client_secret",
        "users",
    ];
    expected.sort_unstable();
    assert_eq!(names, expected);
    let debug = format!("{:?}", zendesk.account());
    for secret in ["api_token", "oauth_token", "oauth_client_secret"] {
        assert!(!debug.contains(line[secret].as_str().unwrap()), "{debug}");
    }
}

#[test]
fn the_page_shows_the_account_and_escapes_what_was_asked() {
    let zendesk = account(7, 100);
    get(&zendesk, "/api/v2/nothing?q=1&more");
    let page = exchange(&zendesk, "GET", "/", &[], "").unwrap();
    let text = page.text();
    assert!(page.status == 200 && page.header("content-type").unwrap().starts_with("text/html"));
    assert!(
        text.contains("/api/v2/guide/{locale}/survey_responses/{id}")
            && text.contains(&zendesk.account().email)
    );
    assert!(text.contains("nothing?q=1&amp;more") && !text.contains("q=1&more"));
}

#[test]
fn links_lead_where_the_client_believes_the_account_to_be() {
    let zendesk = account(7, 100);
    let host = zendesk.base_url().strip_prefix("http://").unwrap();
    let next = |host: &str| {
        let request = format!(
            "GET {RATINGS} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAuthorization: {}\r\n\r\n",
            bearer(&zendesk.account().oauth_token)
        );
        let mut stream =
            std::net::TcpStream::connect(zendesk.base_url().strip_prefix("http://").unwrap()).unwrap();
        std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
        let answer = std::io::read_to_string(stream).unwrap();
        let body: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
        body["links"]["next"].as_str().unwrap().to_owned()
    };
    assert!(next(host).starts_with(&format!("http://{host}/api/v2/")));
    assert!(next("acme.zendesk.com").starts_with("https://acme.zendesk.com/api/v2/"));
}

#[test]
fn an_account_may_be_empty_and_may_grow_very_old() {
    let empty = account(7, 0);
    assert!(empty.truth().is_empty());
    let page = get_json(&empty, RATINGS);
    assert_eq!(
        (&page["satisfaction_ratings"], &page["meta"]["has_more"]),
        (&json!([]), &json!(false))
    );
    assert_eq!(
        get_json(&empty, "/api/v2/incremental/tickets/cursor?start_time=0")["end_of_stream"],
        true
    );
    let old = account(7, 20);
    for _ in 0..9 {
        old.advance(u64::MAX);
    }
    assert!(
        control(&old, "GET", "clock", "").json()["now"]
            .as_str()
            .unwrap()
            .starts_with("2116")
    );
    for path in [
        RATINGS,
        "/api/v2/incremental/tickets/cursor?start_time=0",
        "/api/v2/tickets/900/audits",
        "/api/v2/guide/survey_responses",
    ] {
        assert_eq!(get(&old, path).status, 200, "{path}");
    }
    assert!(!old.truth().is_empty());
}

#[test]
fn every_answer_is_dated_by_the_accounts_clock() {
    let zendesk = account(7, 100);
    zendesk
        .set_faults(&json!({"script": [null, "server_error", "html", null, null]}))
        .unwrap();
    let dated = |answer: &support::Answer| answer.header("date").unwrap().to_owned();
    for _ in 0..3 {
        assert_eq!(dated(&get(&zendesk, RATINGS)), "Mon, 01 Jun 2026 08:00:00 GMT");
    }
    zendesk.advance(8 * 86_400 + 61);
    for answer in [
        get_as(&zendesk, "wrong", RATINGS),
        exchange(&zendesk, "POST", "/oauth/tokens", &[], "{}").unwrap(),
        get(&zendesk, "/api/v2/nowhere"),
        control(&zendesk, "GET", "clock", ""),
    ] {
        assert_eq!(dated(&answer), "Tue, 09 Jun 2026 08:01:01 GMT");
    }
}

#[test]
fn a_date_to_retry_after_is_one_by_the_same_clock() {
    let zendesk = account(7, 100);
    let dates = (0..40).filter_map(|call| {
        zendesk
            .set_faults(&json!({"script": ["too_many_requests"]}))
            .unwrap();
        let answer = get(&zendesk, &format!("/api/v2/satisfaction_ratings?x={call}"));
        let after = answer.header("retry-after")?;
        after.ends_with("GMT").then(|| after.to_owned())
    });
    let dates: Vec<String> = dates.collect();
    assert!(!dates.is_empty());
    assert!(
        dates.iter().all(|date| date == "Mon, 01 Jun 2026 08:00:01 GMT"),
        "{dates:?}"
    );
}
