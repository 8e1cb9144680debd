//! What every artifact is looked at for.

use super::target::{GLIBC, private_folders};
use super::tools::Tools;
use crate::Result;
use crate::process::output;
use std::fs;
use std::path::Path;

/// Validates a list of components against the schema that CycloneDX publishes.
const VALIDATE: &str = "import pathlib, sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
error = JsonStrictValidator(SchemaVersion.V1_5).validate_str(pathlib.Path(sys.argv[1]).read_text('utf-8'))
sys.exit(repr(error) if error else 0)";

pub(super) fn sbom(tools: &Tools, path: &Path) -> Result {
    output(tools.python().args(["-c", VALIDATE]).arg(path))?;
    Ok(())
}

/// No file names a folder of the machine that built it.
pub(super) fn no_private_folder(folder: &Path) -> Result {
    let private: Vec<_> = private_folders()?
        .iter()
        .map(|folder| folder.display().to_string())
        .collect();
    each_file(folder, &mut |path| {
        let text = fs::read(path)?;
        match names_any(&text, &private) {
            Some(name) => Err(format!("{} names a folder of this machine: {name}", path.display()).into()),
            None => Ok(()),
        }
    })
}

fn names_any<'a>(bytes: &[u8], names: &'a [String]) -> Option<&'a String> {
    let text = String::from_utf8_lossy(bytes);
    names.iter().find(|name| text.contains(name.as_str()))
}

/// What is linked needs no newer C library than the artifact says.
pub(super) fn glibc(path: &Path) -> Result {
    let needed = newest_glibc(&fs::read(path)?);
    if needed.is_some_and(|needed| needed > GLIBC) {
        return Err(format!("{} needs glibc 2.{}", path.display(), needed.unwrap_or_default()).into());
    }
    Ok(())
}

/// The newest version of glibc's symbols that a binary names.
fn newest_glibc(bytes: &[u8]) -> Option<u32> {
    let text = String::from_utf8_lossy(bytes);
    text.split("GLIBC_2.")
        .skip(1)
        .filter_map(|after| {
            let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        })
        .max()
}

/// A file is the same as another.
pub(super) fn same(path: &Path, original: &Path) -> Result {
    let read = |path: &Path| fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    if read(path)? != read(original)? {
        return Err(format!("{} is not {}", path.display(), original.display()).into());
    }
    Ok(())
}

fn each_file(folder: &Path, look: &mut dyn FnMut(&Path) -> Result) -> Result {
    for entry in fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            each_file(&path, look)?;
        } else {
            look(&path)?;
        }
    }
    Ok(())
}

/// Runs a command as somebody who has just installed it.
pub(super) fn runs(command: &Path, version: &str, elsewhere: &Path) -> Result {
    let run = |arguments: &[&str]| {
        output(
            std::process::Command::new(command)
                .args(arguments)
                .current_dir(elsewhere),
        )
    };
    let printed = run(&["--version"])?;
    if printed.trim() != format!("zendesk-csat {version}") {
        return Err(format!("{} --version prints {printed:?}", command.display()).into());
    }
    let report = run(&["demo", "--tickets", "200"])?;
    if !report.contains("CSAT") {
        return Err(format!("{} demo prints no report", command.display()).into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_found_in_binaries() {
        let names = ["/home/me/clone".to_owned()];
        assert!(names_any(b"\0\xff/home/me/clone/src/lib.rs\0", &names).is_some());
        assert!(names_any(b"\0\xff/zendesk-csat/src/lib.rs\0", &names).is_none());
    }

    #[test]
    fn the_newest_symbol_counts() {
        assert_eq!(newest_glibc(b"\0GLIBC_2.2.5\0GLIBC_2.17\0GLIBC_2.9\0"), Some(17));
        assert_eq!(newest_glibc(b"\0GLIBC_2.34"), Some(34));
        assert_eq!(newest_glibc(b"static"), None);
    }
}
