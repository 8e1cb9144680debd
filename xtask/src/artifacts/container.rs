//! What the container image is made from: a folder that `packaging/container/Containerfile` copies, and builds nothing.

use super::Release;
use super::command::{stem, unpack};
use crate::{Result, notices, root};
use std::fs;

/// What Docker calls the processors, and the commands that need no C library.
const PROCESSORS: [(&str, &str); 2] = [
    ("amd64", "x86_64-unknown-linux-musl"),
    ("arm64", "aarch64-unknown-linux-musl"),
];

/// The certificates of those that Debian and Ubuntu trust.
const CERTIFICATES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Lays the folder out, under `target/container`, of the archives that are there.
pub(super) fn lay_out(release: &Release, required: bool) -> Result {
    let folder = root().join("target/container");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut there = 0;
    for (processor, triple) in PROCESSORS {
        let name = stem(&release.version, triple);
        let archive = release.folder.join(format!("{name}.tar.gz"));
        if !archive.exists() {
            if required {
                return Err(format!("the container needs {name}.tar.gz").into());
            }
            continue;
        }
        let work = tempfile::tempdir()?;
        unpack(&archive, work.path())?;
        let own = folder.join(processor);
        fs::create_dir_all(&own)?;
        fs::copy(
            work.path().join(&name).join("zendesk-csat"),
            own.join("zendesk-csat"),
        )?;
        there += 1;
    }
    if there == 0 {
        eprintln!("left out: the container, since there is no command that needs no C library");
        return Ok(());
    }
    for name in ["data", "tmp", "licenses"] {
        fs::create_dir_all(folder.join(name))?;
    }
    for name in ["LICENSE-MIT", "LICENSE-APACHE", notices::FILE] {
        fs::copy(root().join(name), folder.join("licenses").join(name))?;
    }
    fs::copy(CERTIFICATES, folder.join("certificates.pem"))
        .map_err(|error| format!("{CERTIFICATES}: {error}"))?;
    eprintln!("the container, from {}", folder.display());
    Ok(())
}
