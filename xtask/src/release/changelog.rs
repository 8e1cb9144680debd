//! CHANGELOG.md, in the form of <https://keepachangelog.com/en/1.1.0/>.

use crate::Result;

pub(crate) const FILE: &str = "CHANGELOG.md";

const UNRELEASED: &str = "## [Unreleased]";

/// The kinds of changes that a section is divided into.
const KINDS: [&str; 6] = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];

/// The changelog with what is unreleased under this version and day, and an empty section before it.
pub(crate) fn dated(text: &str, version: &str, day: &str) -> Result<String> {
    judge(text)?;
    if text.contains(&format!("## [{version}]")) {
        return Err(format!("{FILE} has a section for {version} already").into());
    }
    if body(text, UNRELEASED).is_none_or(|body| !body.contains("\n- ")) {
        return Err(format!("{FILE} has nothing under {UNRELEASED}").into());
    }
    Ok(text.replacen(UNRELEASED, &format!("{UNRELEASED}\n\n## [{version}] - {day}"), 1))
}

/// What is said of a version, or of what is unreleased where it has no section yet.
pub(crate) fn section(text: &str, version: &str) -> Result<String> {
    judge(text)?;
    let found = body(text, &format!("## [{version}] - ")).or_else(|| body(text, UNRELEASED));
    let found = found.ok_or_else(|| format!("{FILE} says nothing of {version}"))?;
    // The first line is the rest of the heading.
    Ok(format!(
        "{}\n",
        found.split_once('\n').map_or("", |(_, body)| body).trim()
    ))
}

/// Whether a version has its section, with a day.
pub(crate) fn is_dated(text: &str, version: &str) -> bool {
    text.lines()
        .filter_map(|line| line.strip_prefix(&format!("## [{version}] - ")))
        .any(is_day)
}

/// From a heading to the next of its kind.
fn body<'a>(text: &'a str, heading: &str) -> Option<&'a str> {
    let (_, after) = text.split_once(&format!("\n{heading}"))?;
    Some(after.split("\n## ").next().unwrap_or_default())
}

/// The form: one section for what is unreleased, before the others; versions with a day, newest first; kinds that are known.
fn judge(text: &str) -> Result {
    let mut versions: Vec<super::version::Version> = Vec::new();
    let mut unreleased = 0;
    for line in text.lines() {
        if line == UNRELEASED {
            unreleased += 1;
            if !versions.is_empty() {
                return Err(format!("{FILE}: {UNRELEASED} is not the first section").into());
            }
        } else if let Some(heading) = line.strip_prefix("## ") {
            let section = heading.strip_prefix('[').and_then(|rest| rest.split_once("] - "));
            let Some((version, _)) = section.filter(|(_, day)| is_day(day)) else {
                return Err(format!("{FILE}: {line:?} is not `## [1.2.3] - 2026-01-31`").into());
            };
            let version = version.parse()?;
            if versions.last().is_some_and(|newer| *newer <= version) {
                return Err(format!("{FILE}: {version} is not in order").into());
            }
            versions.push(version);
        } else if let Some(kind) = line.strip_prefix("### ")
            && !KINDS.contains(&kind)
        {
            return Err(format!("{FILE}: {kind:?} is none of {}", KINDS.join(", ")).into());
        }
    }
    if unreleased != 1 {
        return Err(format!("{FILE} has {unreleased} sections {UNRELEASED}").into());
    }
    Ok(())
}

fn is_day(text: &str) -> bool {
    let form = text
        .bytes()
        .map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
    form.eq("0000-00-00".bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGES: &str = "# Changelog\n\nWords.\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n\
                           ## [0.1.0] - 2026-01-31\n\n### Fixed\n\n- An old thing.\n";

    #[test]
    fn what_is_unreleased_gets_its_version_and_day() {
        let text = dated(CHANGES, "0.2.0", "2026-03-01").expect("it is in form");
        assert!(text.contains("## [Unreleased]\n\n## [0.2.0] - 2026-03-01\n\n### Added\n\n- A thing.\n"));
        assert!(is_dated(&text, "0.2.0") && is_dated(&text, "0.1.0") && !is_dated(&text, "0.3.0"));
        let again = dated(&text, "0.3.0", "2026-03-02").expect_err("nothing is new");
        assert!(again.to_string().contains("nothing under"), "{again}");
        assert!(dated(CHANGES, "0.1.0", "2026-03-01").is_err());
    }

    #[test]
    fn notes_are_a_versions_own() {
        assert_eq!(
            section(CHANGES, "0.1.0").expect("it is there"),
            "### Fixed\n\n- An old thing.\n"
        );
        assert_eq!(
            section(CHANGES, "0.2.0").expect("it is unreleased"),
            "### Added\n\n- A thing.\n"
        );
    }

    #[test]
    fn another_form_is_refused() {
        for wrong in [
            CHANGES.replace("## [Unreleased]", "## Next"),
            CHANGES.replace("2026-01-31", "soon"),
            CHANGES.replace("### Added", "### New"),
            format!("{CHANGES}\n## [0.2.0] - 2025-01-31\n"),
            format!("{CHANGES}\n## [Unreleased]\n"),
        ] {
            assert!(judge(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_changelog_is_in_form() {
        let text = std::fs::read_to_string(crate::root().join(FILE)).expect("it is there");
        judge(&text).expect("it is in form");
    }
}
