//! The page at `/`: the account, what it answers to, and what was asked last.

use std::fmt::Write as _;

use crate::faults::Fault;
use crate::render::iso_millis;
use crate::reply::Reply;
use crate::routes::ENDPOINTS;
use crate::zendesk::Zendesk;

const LATEST: usize = 50;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2328}\
    h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;width:100%}\
    td,th{text-align:left;padding:.2rem .6rem .2rem 0;border-bottom:1px solid #ddd;vertical-align:top}\
    code,pre{font:13px/1.5 ui-monospace,monospace;overflow-wrap:anywhere}pre{background:#f4f5f7;padding:.8rem;white-space:pre-wrap}";

pub(crate) fn show(zendesk: &Zendesk) -> Reply {
    let info = &zendesk.info;
    let (account, now) = zendesk.look();
    let mut facts = vec![
        ("Time in the account", iso_millis(now)),
        ("Tickets", account.tickets.len().to_string()),
        (
            "Legacy ratings",
            account
                .ratings
                .iter()
                .filter(|rating| !rating.is_mirror())
                .count()
                .to_string(),
        ),
        ("Survey responses", account.responses.len().to_string()),
        ("Admin", info.email.clone()),
        ("API token", info.api_token.clone()),
        ("Bearer token", info.oauth_token.clone()),
        (
            "OAuth client",
            format!("{} / {}", info.oauth_client_id, info.oauth_client_secret),
        ),
    ];
    if account.switch < i64::MAX {
        facts.insert(
            1,
            (
                "Surveys instead of legacy ratings since",
                iso_millis(account.switch),
            ),
        );
    }
    drop(account);
    let sample = format!(
        "curl -u {}/token:{} '{}/api/v2/satisfaction_ratings?page[size]=3'",
        info.email, info.api_token, info.base_url
    );
    let endpoints = ENDPOINTS.map(|(method, path)| [method.to_owned(), path.to_owned()]);
    let requests = zendesk.journal.latest(LATEST).into_iter().map(|entry| {
        let target = if entry.query.is_empty() {
            entry.path
        } else {
            format!("{}?{}", entry.path, entry.query)
        };
        [
            entry.status.to_string(),
            entry.method,
            target,
            entry.bucket.to_owned(),
        ]
    });
    let controls = ["truth", "journal", "faults", "clock", "account"]
        .map(|name| format!("<a href=\"/_emulator/{name}\">{name}</a>"))
        .join(" · ");
    let kinds = Fault::ALL.map(Fault::name).join(", ");
    let mut html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{name}: an offline Zendesk account</title>\
         <style>{STYLE}</style></head><body><h1>{name}: an offline Zendesk account</h1>",
        name = escaped(&info.subdomain)
    );
    table(
        &mut html,
        &[],
        facts.into_iter().map(|(name, value)| [name.to_owned(), value]),
    );
    let _infallible = write!(
        html,
        "<pre>{}</pre><h2>Controls</h2><p>{controls}</p><p>Kinds of faults: {kinds}.</p><h2>Endpoints</h2>",
        escaped(&sample)
    );
    table(&mut html, &[], endpoints);
    let _infallible = write!(html, "<h2>Latest requests</h2>");
    table(&mut html, &["Status", "Method", "Path", "Bucket"], requests);
    html.push_str("</body></html>");
    Reply::html(200, html)
}

fn table<const N: usize>(html: &mut String, heads: &[&str], rows: impl IntoIterator<Item = [String; N]>) {
    html.push_str("<table>");
    if !heads.is_empty() {
        let _infallible = write!(
            html,
            "<tr>{}</tr>",
            heads
                .iter()
                .map(|head| format!("<th>{head}</th>"))
                .collect::<String>()
        );
    }
    for row in rows {
        let cells: String = row
            .iter()
            .map(|cell| format!("<td><code>{}</code></td>", escaped(cell)))
            .collect();
        let _infallible = write!(html, "<tr>{cells}</tr>");
    }
    html.push_str("</table>");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
