//! The page on schedules says what works.

use crate::arguments::Arguments;
use clap::Parser;
use std::process::Command;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/scheduling.md");

/// The page's examples in this language.
fn examples(language: &str) -> Vec<String> {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let fence = format!("```{language}\n");
    let after = page.split(&fence).skip(1);
    after
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect()
}

/// The arguments of every call of the command in the text, as a shell would split them.
fn calls(text: &str) -> Vec<Vec<String>> {
    let called = |line: &str| {
        let start = line.find("zendesk-csat ")?;
        let call = line[start..].split(" 2>>").next()?;
        Some(
            call.split_whitespace()
                .map(|word| word.trim_matches('"').to_owned())
                .collect(),
        )
    };
    text.lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .filter_map(called)
        .collect()
}

#[test]
fn every_command_line_is_one_that_the_command_takes() {
    let mut found = 0;
    for language in ["ini", "crontab", "yaml"] {
        for call in examples(language).iter().flat_map(|example| calls(example)) {
            if ["sync", "report"].contains(&call[1].as_str()) {
                Arguments::try_parse_from(&call).unwrap_or_else(|error| panic!("{call:?}: {error}"));
                found += 1;
            }
        }
    }
    assert_eq!(found, 5);
}

#[test]
fn every_schedule_is_once_in_24_hours() {
    let timer = &examples("ini")[1];
    assert!(timer.contains("OnCalendar=daily"));
    let workflow: serde_json::Value = yaml_serde::from_str(&examples("yaml")[0]).unwrap();
    let cron = workflow["on"]["schedule"][0]["cron"].as_str().unwrap().to_owned();
    let crontab = examples("crontab").remove(0);
    for schedule in [cron.as_str(), &crontab] {
        let fields: Vec<_> = schedule.split_whitespace().take(5).collect();
        assert!(
            fields[..2].iter().all(|field| field.parse::<u8>().is_ok()),
            "{schedule}"
        );
        assert_eq!(fields[2..], ["*", "*", "*"]);
    }
    let steps = workflow["jobs"]["sync"]["steps"].as_array().unwrap();
    assert!(steps.iter().any(|step| step["run"] == "zendesk-csat sync --json"));
}

/// systemd's own judgement, where it is there. The program and its file of secrets are not.
#[test]
fn systemd_takes_the_units() {
    let folder = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    let units = examples("ini");
    let service = units[0].replace("/usr/local/bin/zendesk-csat", program.to_str().unwrap());
    std::fs::write(folder.path().join("zendesk-csat.service"), service).unwrap();
    std::fs::write(folder.path().join("zendesk-csat.timer"), &units[1]).unwrap();
    let verified = Command::new("systemd-analyze")
        .current_dir(folder.path())
        .args([
            "verify",
            "--man=no",
            "--recursive-errors=no",
            "./zendesk-csat.service",
            "./zendesk-csat.timer",
        ])
        .output();
    let Ok(verified) = verified else { return };
    let said = String::from_utf8_lossy(&verified.stderr).into_owned();
    let about_ours: Vec<_> = said
        .lines()
        .filter(|line| line.contains("zendesk-csat."))
        .collect();
    assert!(about_ours.is_empty(), "{said}");
}
