//! Texts that a person gives: options of the command, locales, subdomains, names of records.

use super::times;
use crate::case::{Case, Checked, TOKEN, check};
use zendesk_csat::{Client, Credentials, Locale, Zrn, visible};

/// Options that parse their text; `{}` is the text.
const OPTIONS: [&[&str]; 22] = [
    &["report", "--since", "{}"],
    &["report", "--until={}"],
    &["report", "--by", "{}"],
    &["report", "--subdomain={}"],
    &["export", "csat.csv", "--since={}"],
    &["export", "csat.csv", "--table={}"],
    &["export", "csat.csv", "--format={}"],
    &["export", "{}"],
    &["sync", "--since={}"],
    &["sync", "--attribution={}"],
    &["sync", "--tickets={}"],
    &["plan", "--since={}"],
    &["ratings", "list", "--score={}"],
    &["ratings", "list", "--start-time={}"],
    &["ratings", "list", "--limit={}"],
    &["ratings", "list", "--page-size={}"],
    &["ratings", "show", "{}"],
    &["responses", "list", "--responder-ids={}"],
    &["responses", "list", "--created-at-start={}"],
    &["tickets", "show", "{}"],
    &["emulator", "--clock={}"],
    &["{}"],
];

pub(super) fn run(case: &mut Case<'_>) -> Checked {
    for _ in 0..20 {
        case.tried += 1;
        let option = case.pick(&OPTIONS);
        let text = match case.random.u32(..4) {
            0 => case.text(8),
            1 => case.number(),
            2 => times::doubtful(case),
            _ => format!("{},{}", case.text(2), case.number()),
        };
        let _ = parse(option, &text);
        names(&text)?;
    }
    // A moment is understood wherever a time is asked for.
    let (_, time) = times::written(case);
    let takes_time = OPTIONS.iter().filter(|option| {
        option.iter().any(|word| {
            ["since", "until", "time", "start="]
                .iter()
                .any(|part| word.contains(part))
        })
    });
    for option in takes_time {
        let parsed = parse(option, &time);
        check(parsed.is_ok(), || {
            format!("{option:?} does not take {time:?}: {parsed:?}")
        })?;
    }
    Ok(())
}

fn parse(option: &[&str], text: &str) -> Result<(), String> {
    let words = option.iter().map(|word| word.replace("{}", text));
    zendesk_csat_cli::testing::parse(std::iter::once("zendesk-csat".to_owned()).chain(words))
}

/// Locales and subdomains stay in their place in an address; nothing steers a terminal.
fn names(text: &str) -> Checked {
    if let Ok(locale) = text.parse::<Locale>() {
        let is_plain = locale
            .as_str()
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-');
        check(is_plain && locale.as_str() == text, || {
            format!("{locale:?} is a locale")
        })?;
    }
    let _ = Zrn::from(text).ticket_id();
    let built = Client::builder(text)
        .credentials(Credentials::oauth_token(TOKEN))
        .build();
    if let Ok(client) = built {
        let is_label = client
            .subdomain()
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        check(is_label && !client.subdomain().is_empty(), || {
            format!("{:?} is a subdomain", client.subdomain())
        })?;
    }
    for limit in [0, 1, 5, usize::MAX] {
        let shown = visible(text, limit);
        let steers =
            |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}');
        check(shown.chars().count() <= limit && !shown.contains(steers), || {
            format!("{text:?} shows as {shown:?}")
        })?;
    }
    Ok(())
}
