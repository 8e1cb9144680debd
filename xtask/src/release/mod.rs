//! A release: the version in every file, the changelog, the checks, the artifacts of this machine, a commit and a tag.
//!
//! Nothing leaves the machine. Pushing the tag is what publishes, by `.github/workflows/release.yml`.

pub(crate) mod changelog;
pub(crate) mod version;

use crate::process::{cargo, command, output, run as run_command, succeeds};
use crate::{Result, artifacts, generate, notices, root, test};
use clap::Args;
use std::fs;
use version::Version;

/// What a release is told.
#[derive(Args)]
pub(crate) struct Options {
    /// The version, such as 1.2.3; the one that the workspace has, if none is named
    version: Option<Version>,
    /// Check and build everything, but change no file, and make no commit and no tag
    #[arg(long)]
    dry_run: bool,
    /// Leave the tests out, which have passed
    #[arg(long)]
    no_tests: bool,
    /// Leave the artifacts out
    #[arg(long)]
    no_artifacts: bool,
    /// Only see whether this version is ready to publish, as the release workflow does first
    #[arg(long, conflicts_with_all = ["dry_run", "no_tests", "no_artifacts"])]
    verify: bool,
}

/// Does it, or tries it.
pub(crate) fn run(options: &Options) -> Result {
    let old = version::of_workspace()?;
    let new = options
        .version
        .map_or_else(|| old.clone(), |version| version.to_string());
    if options.verify {
        return verify(&old, &new);
    }
    let mut obstacles = obstacles(&old, &new)?;
    let changes = fs::read_to_string(root().join(changelog::FILE))?;
    let today = chrono::Utc::now().format("%Y-%m-%d").to_string();
    let files = match changelog::dated(&changes, &new, &today) {
        Ok(dated) => {
            let mut files = version::changed(&old, &new)?;
            files.push((changelog::FILE, dated));
            files
        }
        Err(error) => {
            obstacles.push(error.to_string());
            Vec::new()
        }
    };
    if !options.dry_run {
        if !obstacles.is_empty() {
            return Err(format!("{new} cannot be released:\n  {}", obstacles.join("\n  ")).into());
        }
        for (file, text) in &files {
            fs::write(root().join(file), text)?;
        }
        // The lock has our versions, and what is generated has the spec's.
        output(&mut cargo(&["metadata", "--format-version", "1"]))?;
        generate::run(false)?;
    }
    match checked(options) {
        Err(error) if !options.dry_run => {
            Err(format!("{error}\nnothing is committed; `git restore .` takes {new} back").into())
        }
        Err(error) => Err(error),
        Ok(()) if options.dry_run => {
            tried(&new, &files, &obstacles);
            Ok(())
        }
        Ok(()) => commit(&new),
    }
}

/// What a release would stop at.
fn obstacles(old: &str, new: &str) -> Result<Vec<String>> {
    let mut obstacles = Vec::new();
    if new.parse::<Version>()? < old.parse()? {
        obstacles.push(format!("{new} is before {old}"));
    }
    let tag = tag(new);
    if succeeds(command("git").args(["rev-parse", "--quiet", "--verify", &format!("refs/tags/{tag}")])) {
        obstacles.push(format!("there is a tag {tag} already"));
    }
    let changed = output(command("git").args(["status", "--porcelain"]))?;
    if !changed.trim().is_empty() {
        obstacles.push(format!(
            "{} files are not committed",
            changed.lines().filter(|line| !line.is_empty()).count()
        ));
    }
    let repository = version::repository()?;
    if version::is_nowhere(&repository) {
        obstacles.push(format!(
            "Cargo.toml still says that the repository is {repository}"
        ));
    }
    Ok(obstacles)
}

fn checked(options: &Options) -> Result {
    notices::run(true)?;
    if options.no_tests {
        generate::run(true)?;
        eprintln!("left out: the tests");
    } else {
        test::run()?;
    }
    if options.no_artifacts {
        eprintln!("left out: the artifacts");
        return Ok(());
    }
    artifacts::clear()?;
    artifacts::run(&[], None, None)
}

fn tried(new: &str, files: &[(&'static str, String)], obstacles: &[String]) {
    let changed: Vec<_> = files
        .iter()
        .filter(|(file, text)| fs::read_to_string(root().join(file)).ok().as_ref() != Some(text))
        .map(|(file, _)| *file)
        .collect();
    eprintln!("{new} passes. It would change {}", changed.join(", "));
    for obstacle in obstacles {
        eprintln!("it would stop: {obstacle}");
    }
}

fn commit(new: &str) -> Result {
    let tag = tag(new);
    let message = format!("Release {new}");
    run_command(command("git").args(["commit", "--quiet", "--all", "--message", &message]))?;
    run_command(command("git").args(["tag", "--annotate", &tag, "--message", &message]))?;
    eprintln!("{new} is committed and tagged. `git push origin HEAD {tag}` publishes it.");
    Ok(())
}

fn tag(version: &str) -> String {
    format!("v{version}")
}

/// Whether what is here is this version, ready to publish.
fn verify(here: &str, wanted: &str) -> Result {
    let changes = fs::read_to_string(root().join(changelog::FILE))?;
    let repository = version::repository()?;
    if here != wanted {
        return Err(format!("the workspace is {here}, not {wanted}").into());
    }
    if !changelog::is_dated(&changes, wanted) {
        return Err(format!("{} has no dated section for {wanted}", changelog::FILE).into());
    }
    if version::is_nowhere(&repository) {
        return Err(format!("Cargo.toml still says that the repository is {repository}").into());
    }
    notices::run(true)
}
