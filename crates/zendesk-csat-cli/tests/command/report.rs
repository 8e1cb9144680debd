//! What a person and a script see of a report.

use super::{command, stdout};
use rusqlite::Connection;
use std::path::Path;
use std::process::Output;
use zendesk_csat_history::History;

/// A history of legacy ratings without tickets: so many good and bad ones on each day, sent at noon and answered at once.
fn history(folder: &Path, days: &[(&str, u64, u64)]) {
    let path = folder.join("csat.db");
    drop(History::open(&path).unwrap());
    let mut connection = Connection::open(&path).unwrap();
    let transaction = connection.transaction().unwrap();
    transaction
        .execute(
            "INSERT INTO accounts (id, subdomain, locale) VALUES (1, 'acme', 'en-us')",
            [],
        )
        .unwrap();
    let mut id = 0;
    // The file is known for long enough after them.
    for (day, good, bad) in days.iter().chain(&[("2026-05-20", 1, 0)]) {
        let sent = format!("{day}T12:00:00Z")
            .parse::<chrono::DateTime<chrono::Utc>>()
            .unwrap();
        let scores = (0..*good).map(|_| "good").chain((0..*bad).map(|_| "bad"));
        for score in scores {
            id += 1;
            transaction
                .execute(
                    "INSERT INTO ratings (account_id, id, assignee_id, score, comment, created_at, updated_at,
                        first_rated_at, is_offer, is_latest)
                     VALUES (1, ?1, 7, ?2, 'Hm, [so so](http://a.example) @all', ?3, ?3, ?3, 1, 1)",
                    (id, score, sent.timestamp_millis()),
                )
                .unwrap();
        }
    }
    transaction.commit().unwrap();
}

fn report(folder: &Path, arguments: &[&str]) -> Output {
    let arguments = [
        &["report", "--since", "2026-05-04", "--until", "2026-05-10"],
        arguments,
    ]
    .concat();
    command(folder, &arguments).output().unwrap()
}

/// The exit code, and what standard error says.
fn end(output: &Output) -> (i32, String) {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    (output.status.code().unwrap(), said)
}

#[test]
fn a_script_is_told_that_the_score_fell() {
    let folder = tempfile::tempdir().unwrap();
    history(folder.path(), &[("2026-05-01", 90, 10), ("2026-05-05", 70, 30)]);
    let fell = "error: the score fell: −20.0 points, from 90.0% to 70.0%: significant (p <0.001)\n";
    let output = report(folder.path(), &["--fail-if-drop", "20"]);
    assert_eq!(end(&output), (8, fell.to_owned()));
    // The report is there all the same.
    assert!(String::from_utf8(output.stdout).unwrap().contains("70.0%"));
    assert_eq!(
        end(&report(folder.path(), &["--fail-if-drop", "20.1"])),
        (0, String::new())
    );
}

#[test]
fn what_may_be_chance_and_what_rose_is_no_fall() {
    for days in [
        [("2026-05-01", 36, 4), ("2026-05-05", 34, 6)],
        [("2026-05-01", 70, 30), ("2026-05-05", 90, 10)],
    ] {
        let folder = tempfile::tempdir().unwrap();
        history(folder.path(), &days);
        let output = report(folder.path(), &["--fail-if-drop", "1"]);
        assert_eq!(end(&output), (0, String::new()), "{days:?}");
    }
}

#[test]
fn under_30_answers_nothing_is_compared_and_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    history(folder.path(), &[("2026-05-01", 29, 0), ("2026-05-05", 0, 100)]);
    let (code, said) = end(&report(folder.path(), &["--fail-if-drop", "1"]));
    assert_eq!(code, 0);
    let expected = "--fail-if-drop: not compared: it takes 30 answers on either side, and there are 100 in 2026-05-04 to 2026-05-10 and 29 in 2026-04-27 to 2026-05-03\n";
    assert_eq!(said, expected);
}

#[test]
fn a_drop_is_a_number_of_points() {
    let folder = tempfile::tempdir().unwrap();
    for points in ["0", "-3", "101", "NaN", "3 %", "inf"] {
        let (code, said) = end(&report(folder.path(), &[&format!("--fail-if-drop={points}")]));
        assert_eq!(code, 2, "{points}");
        assert!(said.contains("number of points above 0"), "{said}");
    }
}

#[test]
fn markdown_has_tables_and_no_words_of_customers() {
    let folder = tempfile::tempdir().unwrap();
    history(folder.path(), &[("2026-05-05", 40, 10)]);
    let text = stdout(&report(folder.path(), &["--markdown", "--by", "agent"]));
    assert!(
        text.starts_with("## CSAT of acme, 2026-05-04 to 2026-05-10\n"),
        "{text}"
    );
    assert!(text.contains("\n| 7 | 80.0% |"), "{text}");
    assert!(!text.contains("so so"), "{text}");
    assert_eq!(
        report(folder.path(), &["--markdown", "--json"]).status.code(),
        Some(2)
    );
}

#[test]
fn comments_are_as_many_as_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    history(folder.path(), &[("2026-05-05", 60, 10)]);
    let page = folder.path().join("page.html");
    let html = |arguments: &[&str]| {
        let arguments = [&["--html", "page.html"], arguments].concat();
        stdout(&report(folder.path(), &arguments));
        std::fs::read_to_string(&page).unwrap()
    };
    assert!(html(&[]).contains("the latest 50 of 70 comments"));
    assert!(html(&["--comments", "5"]).contains("the latest 5 of 70 comments"));
    let none = html(&["--comments", "0"]);
    assert!(!none.contains("so so") && !none.contains("customers' words"));
    let json = |arguments: &[&str]| -> serde_json::Value {
        serde_json::from_str(&stdout(&report(
            folder.path(),
            &[&["--json"], arguments].concat(),
        )))
        .unwrap()
    };
    assert!(json(&[]).get("agent_comments").is_none());
    let five = &json(&["--comments", "5"])["agent_comments"][0];
    assert_eq!(
        (
            five["comments"].as_u64(),
            five["latest"].as_array().unwrap().len()
        ),
        (Some(70), 5)
    );
}

#[cfg(target_os = "linux")]
mod opened {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    /// Reports with a browser that says what it is to open; what it said, and what standard error did.
    fn opened(folder: &Path, arguments: &[&str]) -> (String, String) {
        let programs = folder.join("programs");
        fs::create_dir_all(&programs).unwrap();
        let said = folder.join("said");
        // A pipe is read once the browser has written.
        assert!(Command::new("mkfifo").arg(&said).status().unwrap().success());
        let browser = programs.join("xdg-open");
        fs::write(
            &browser,
            format!("#!/bin/sh\nprintf %s \"$1\" > '{}'\n", said.display()),
        )
        .unwrap();
        fs::set_permissions(&browser, fs::Permissions::from_mode(0o700)).unwrap();
        let arguments = [&["report", "--open"], arguments].concat();
        let output = command(folder, &arguments)
            .env("PATH", &programs)
            .env("TMPDIR", folder)
            .output()
            .unwrap();
        stdout(&output);
        let path = fs::read_to_string(&said).unwrap();
        fs::remove_file(said).unwrap();
        (path, String::from_utf8(output.stderr).unwrap())
    }

    #[test]
    fn the_page_opens_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        history(folder.path(), &[("2026-05-05", 60, 10)]);
        let (path, said) = opened(folder.path(), &[]);
        assert_eq!(said, format!("The page is in {path}\n"));
        let page = Path::new(&path);
        assert_eq!(page.parent(), Some(folder.path()));
        assert!(fs::read_to_string(page).unwrap().ends_with("</html>"));
        assert_eq!(fs::metadata(page).unwrap().permissions().mode() & 0o777, 0o600);
        let (path, _) = opened(folder.path(), &["--html", "mine.html"]);
        assert_eq!(Path::new(&path), folder.path().join("mine.html"));
    }

    #[test]
    fn without_a_browser_it_says_where_the_page_is() {
        let folder = tempfile::tempdir().unwrap();
        history(folder.path(), &[("2026-05-05", 60, 10)]);
        let output = command(folder.path(), &["report", "--open", "--html", "mine.html"])
            .env("PATH", "")
            .output()
            .unwrap();
        let (code, said) = end(&output);
        assert_eq!(code, 1, "{said}");
        assert!(
            said.contains("error: no browser was found to open ") && said.contains("mine.html"),
            "{said}"
        );
    }
}
