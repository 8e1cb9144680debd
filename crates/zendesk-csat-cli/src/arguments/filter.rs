//! Which rows a report or an export has.

use clap::Args;
use zendesk_csat_history::Filter;

/// Which rows; all of them where nothing is said.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which ratings, by name or id, each as often as wanted")]
pub(crate) struct Which {
    /// Of this agent
    #[arg(long, value_name = "AGENT")]
    agent: Vec<String>,
    /// Of this group
    #[arg(long, value_name = "GROUP")]
    group: Vec<String>,
    /// Of tickets of this brand
    #[arg(long, value_name = "BRAND")]
    brand: Vec<String>,
    /// Of tickets of this organization
    #[arg(long, value_name = "ORGANIZATION")]
    organization: Vec<String>,
    /// Of tickets with this form
    #[arg(long, value_name = "FORM")]
    form: Vec<String>,
    /// Of tickets with this tag
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Not of tickets with this tag; where tags are not known, a rating stays
    #[arg(long, value_name = "TAG")]
    without_tag: Vec<String>,
    /// Of tickets that came in by this channel, such as email
    #[arg(long, value_name = "CHANNEL")]
    channel: Vec<String>,
    /// Of this system: rating or survey
    #[arg(long, value_name = "SYSTEM")]
    source: Vec<String>,
    /// Of this score: good, neutral or bad. A report has no response rate then
    #[arg(long, value_name = "SCORE")]
    score: Vec<String>,
    /// Of tickets of this priority
    #[arg(long, value_name = "PRIORITY")]
    priority: Vec<String>,
    /// Of tickets with this value in a custom field, by the name that sync gave it: plan=gold
    #[arg(long, value_name = "NAME=VALUE", value_parser = name_and_value)]
    field: Vec<(String, String)>,
}

fn name_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write the field's name and a value, such as plan=gold".to_owned()),
    }
}

impl From<Which> for Filter {
    fn from(which: Which) -> Self {
        let Which {
            agent,
            group,
            brand,
            organization,
            form,
            tag,
            without_tag,
            channel,
            source,
            score,
            priority,
            field,
        } = which;
        Self {
            agent,
            group,
            brand,
            organization,
            form,
            tag,
            without_tag,
            channel,
            source,
            score,
            priority,
            field,
        }
    }
}
