//! A file that keeps an account: what it was made from, and every change since, a line each.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::account::write::Change;
use crate::account::{Account, Origin, STARTS_AT};

const FORMAT: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
struct Head {
    format: u32,
    #[serde(flatten)]
    origin: Origin,
}

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    /// Milliseconds since the epoch.
    at: i64,
    #[serde(flatten)]
    change: Change,
}

/// Why a state file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// The file cannot be opened, read or written.
    #[error("the state file {path}: {source}", path = .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another emulator is using the file.
    #[error("the state file {path} is in use by another emulator", path = .0.display())]
    InUse(PathBuf),
    /// The file holds something else than an account's changes.
    #[error("the state file {path}, line {line}: {problem}", path = .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// The file keeps an account made from other options.
    #[error("the state file {path} keeps another account: {kept}; asked for was {asked}", path = .path.display())]
    OtherAccount {
        /// The file.
        path: PathBuf,
        /// What the account in the file was made from, as JSON.
        kept: String,
        /// What was asked for, as JSON.
        asked: String,
    },
}

#[derive(Debug)]
pub(crate) struct State {
    file: Mutex<File>,
}

impl State {
    /// Opens or begins the file, and brings the fresh account to where the file left it; with the time it was then.
    pub(crate) fn open(
        path: &Path,
        origin: &Origin,
        account: &mut Account,
    ) -> Result<(Self, i64), StateError> {
        let failed = |source| StateError::Io {
            path: path.to_owned(),
            source,
        };
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StateError::InUse(path.to_owned())),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        if file.metadata().map_err(failed)?.len() == 0 {
            let head = Head {
                format: FORMAT,
                origin: origin.clone(),
            };
            write_line(&mut file, &head).map_err(failed)?;
            return Ok((
                Self {
                    file: Mutex::new(file),
                },
                STARTS_AT,
            ));
        }
        let now = replay(path, &mut file, origin, account)?;
        Ok((
            Self {
                file: Mutex::new(file),
            },
            now,
        ))
    }

    pub(crate) fn keep(&self, at: i64, change: &Change) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        write_line(
            &mut file,
            &Line {
                at,
                change: change.clone(),
            },
        )
    }
}

fn write_line(file: &mut File, line: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    file.write_all(&text)
}

fn replay(path: &Path, file: &mut File, origin: &Origin, account: &mut Account) -> Result<i64, StateError> {
    let failed = |source| StateError::Io {
        path: path.to_owned(),
        source,
    };
    let unreadable = |line: usize, problem: String| StateError::Unreadable {
        path: path.to_owned(),
        line,
        problem,
    };
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    let mut reader = BufReader::new(&*file);
    let mut text = String::new();
    let (mut good, mut number, mut now) = (0_u64, 0_usize, STARTS_AT);
    loop {
        text.clear();
        let length = reader.read_line(&mut text).map_err(failed)?;
        if length == 0 {
            break;
        }
        number += 1;
        if !text.ends_with('\n') {
            // The last write was cut off: what it would have kept was never answered for.
            file.set_len(good).map_err(failed)?;
            break;
        }
        if number == 1 {
            let head: Head =
                serde_json::from_str(&text).map_err(|problem| unreadable(number, problem.to_string()))?;
            if head.format != FORMAT {
                return Err(unreadable(
                    number,
                    format!("format {} is not {FORMAT}", head.format),
                ));
            }
            if head.origin != *origin {
                let shown = |origin: &Origin| serde_json::to_string(origin).unwrap_or_default();
                return Err(StateError::OtherAccount {
                    path: path.to_owned(),
                    kept: shown(&head.origin),
                    asked: shown(origin),
                });
            }
        } else {
            let line: Line =
                serde_json::from_str(&text).map_err(|problem| unreadable(number, problem.to_string()))?;
            account.live_until(line.at);
            now = match line.change {
                Change::Advance { seconds } => account.step(line.at, seconds),
                change => {
                    if !account.knows(&change) {
                        return Err(unreadable(
                            number,
                            "it names a record that the account does not have".to_owned(),
                        ));
                    }
                    account.apply(change, line.at);
                    line.at
                }
            };
        }
        good += length as u64;
    }
    Ok(now)
}
