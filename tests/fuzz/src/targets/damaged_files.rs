//! A history whose file is spoilt: an error, or rows; and the right ones where nothing but its end is gone.

use super::syncs::{read_all, rows};
use crate::case::{Case, Checked, check, client};
use crate::damage::garbled;
use zendesk_csat_history::{History, NoProgress, SyncOptions};

pub(super) async fn run(case: &mut Case<'_>) -> Checked {
    case.tried += 1;
    let (bytes, is_cut) = spoilt(case);
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let file = folder.path().join("csat.db");
    std::fs::write(&file, &bytes).map_err(|error| error.to_string())?;
    if let Ok(history) = History::open_to_read(&file) {
        if is_cut && let Ok(rows) = rows(&history) {
            check(rows.keys().copied().eq(1_001..=1_003), || {
                format!("rows {rows:?} of a file that was cut")
            })?;
        }
        read_all(&history, folder.path())?;
    }
    check(std::fs::read(&file).is_ok_and(|now| now == bytes), || {
        "reading changed the file".into()
    })?;
    if let Ok(mut history) = History::open(&file) {
        // Nothing that it answers is a page.
        case.service
            .answer(|_| crate::service::Answer::json("{}").sound());
        let client = client(case.service, 0);
        let _ = history
            .sync(&client, SyncOptions::default(), &mut NoProgress)
            .await;
        read_all(&history, folder.path())?;
    }
    Ok(())
}

fn spoilt(case: &mut Case<'_>) -> (Vec<u8>, bool) {
    let whole = case.history;
    match case.random.u32(..6) {
        0 => {
            let pages = case.random.usize(1..whole.len() / 4_096);
            (whole[..pages * 4_096].to_vec(), true)
        }
        1 => (whole[..case.random.usize(1..whole.len())].to_vec(), true),
        2 => {
            let mut bytes = whole.to_vec();
            for _ in 0..case.random.usize(1..8) {
                bytes[case.random.usize(..100)] = case.random.u8(..);
            }
            (bytes, false)
        }
        3 => (garbled(case, whole), false),
        4 => {
            // A page of another place.
            let mut bytes = whole.to_vec();
            let pages = whole.len() / 4_096;
            let (from, to) = (
                case.random.usize(..pages) * 4_096,
                case.random.usize(..pages) * 4_096,
            );
            bytes.copy_within(from..from + 4_096, to);
            (bytes, false)
        }
        _ => {
            let mut bytes = whole.to_vec();
            for _ in 0..case.random.usize(1..200) {
                let at = case.random.usize(..bytes.len());
                bytes[at] = case.random.u8(..);
            }
            (bytes, false)
        }
    }
}
