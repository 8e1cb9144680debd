//! Opening, refusing, locking.

use std::fs;

use super::*;
use crate::csat::CsatQuery;
use crate::fixtures::{Account, block_on, rating, store_ratings};
use crate::migrations::VERSION;

#[test]
fn a_history_is_there_when_it_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("csat.db");
    let account = Account::of(History::open(&path).unwrap(), "acme");
    account.write(|transaction, id| store_ratings(transaction, id, &[rating(11)]));
    let id = account.id;
    drop(account);
    let again = Account::of(History::open(&path).unwrap(), "acme");
    assert_eq!(again.id, id);
    assert_eq!(again.row().id, "11");
}

#[test]
fn one_file_is_all_that_a_closed_history_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let account = Account::of(History::open(folder.path().join("csat.db")).unwrap(), "acme");
    account.write(|transaction, id| store_ratings(transaction, id, &[rating(11)]));
    drop(account);
    let names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["csat.db"]);
}

#[test]
fn a_failed_write_leaves_nothing() {
    let account = Account::new("acme");
    let id = account.id;
    let failed = account.try_write(move |transaction| {
        store_ratings(transaction, id, &[rating(11)])?;
        transaction.execute("INSERT INTO nowhere VALUES (1)", [])
    });
    assert!(failed.unwrap_err().to_string().contains("nowhere"));
    assert_eq!(account.rows(), []);
}

#[test]
fn a_panic_in_a_write_leaves_nothing_and_the_history_goes_on() {
    let account = Account::new("acme");
    let id = account.id;
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        account.try_write(move |transaction| -> rusqlite::Result<()> {
            store_ratings(transaction, id, &[rating(11)])?;
            panic!("in the middle")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(account.rows(), []);
    account.write(|transaction, id| store_ratings(transaction, id, &[rating(12)]));
    assert_eq!(account.row().id, "12");
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nowhere").join("csat.db");
    let error = History::open(&path).unwrap_err();
    assert!(matches!(error, HistoryError::Make { .. }), "{error:?}");
    assert!(
        error
            .to_string()
            .starts_with(&format!("cannot make {}", path.display()))
    );
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    let notes = "just notes\n".repeat(200);
    fs::write(&path, &notes).unwrap();
    let error = History::open(&path).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{} is not a SQLite database", path.display())
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), notes);
}

#[test]
fn a_database_of_another_program_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE songs (title TEXT)")
        .unwrap();
    let before = fs::read(&path).unwrap();
    let error = History::open(&path).unwrap_err();
    assert!(matches!(error, HistoryError::NotAHistory { .. }), "{error:?}");
    assert!(error.to_string().contains("other.db"));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_of_a_later_version_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("csat.db");
    drop(History::open(&path).unwrap());
    let connection = Connection::open(&path).unwrap();
    connection
        .pragma_update(None, "user_version", VERSION + 1)
        .unwrap();
    drop(connection);
    let before = fs::read(&path).unwrap();
    let error = History::open(&path).unwrap_err();
    match &error {
        HistoryError::NewerSchema { found, supported, .. } => {
            assert_eq!((*found, *supported), (VERSION + 1, VERSION))
        }
        other => panic!("{other:?}"),
    }
    assert!(error.to_string().contains("csat.db"));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn many_may_open_a_new_file_at_once() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..25 {
        let path = folder.path().join(format!("{round}.db"));
        std::thread::scope(|scope| {
            let opened: Vec<_> = (0..8).map(|_| scope.spawn(|| History::open(&path))).collect();
            for history in opened {
                assert_eq!(history.join().unwrap().unwrap().subdomains().unwrap(), [""; 0]);
            }
        });
    }
}

#[test]
fn a_second_sync_on_a_file_is_refused_until_the_first_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("csat.db");
    let (first, second) = (History::open(&path).unwrap(), History::open(&path).unwrap());
    let held = block_on(first.right_to_sync()).unwrap();
    let error = block_on(second.right_to_sync()).unwrap_err();
    assert!(matches!(error, HistoryError::Busy { .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        format!("another sync is writing to {}", path.display())
    );
    assert!(second.csat(&CsatQuery::default()).unwrap().is_empty());
    drop(held);
    block_on(second.right_to_sync()).unwrap();
}

#[test]
fn readers_see_what_was_there_before_a_write_that_is_not_done() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("csat.db");
    let writer = Account::of(History::open(&path).unwrap(), "acme");
    let reader = History::open(&path).unwrap();
    writer.write(move |transaction, id| {
        store_ratings(transaction, id, &[rating(11)])?;
        assert!(reader.csat(&CsatQuery::default()).unwrap().is_empty());
        Ok(())
    });
    assert_eq!(writer.rows().len(), 1);
}

#[cfg(unix)]
#[test]
fn a_new_history_is_its_owners_alone_and_can_be_read_where_nothing_can_be_written() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("csat.db");
    drop(History::open(&path).unwrap());
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o444)).unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o555)).unwrap();
    let history = History::open_to_read(&path).unwrap();
    assert_eq!(history.accounts().unwrap(), []);
    drop(history);
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// A closed file with one rating.
fn closed_file(folder: &tempfile::TempDir) -> PathBuf {
    let path = folder.path().join("csat.db");
    let account = Account::of(History::open(&path).unwrap(), "acme");
    account.write(|transaction, id| store_ratings(transaction, id, &[rating(11)]));
    path
}

#[test]
fn a_file_that_nobody_has_open_is_read_without_a_trace() {
    let folder = tempfile::tempdir().unwrap();
    let path = closed_file(&folder);
    let history = History::open_to_read(&path).unwrap();
    assert_eq!(history.csat(&CsatQuery::default()).unwrap().len(), 1);
    let batches = history.csat_batches(&CsatQuery::default()).unwrap();
    assert_eq!(batches.map(|batch| batch.unwrap().num_rows()).sum::<usize>(), 1);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn what_is_read_while_a_sync_begins_is_an_error_and_then_right() {
    let folder = tempfile::tempdir().unwrap();
    let path = closed_file(&folder);
    let write = |id| {
        let account = Account::of(History::open(&path).unwrap(), "acme");
        account.write(move |transaction, account| store_ratings(transaction, account, &[rating(id)]));
    };
    let history = History::open_to_read(&path).unwrap();
    let batches = history.csat_batches(&CsatQuery::default()).unwrap();
    let read = history.read(|connection| {
        write(12);
        connection.query_row("SELECT count(*) FROM ratings", [], |row| row.get::<_, i64>(0))
    });
    assert!(matches!(read, Err(HistoryError::Changed { .. })), "{read:?}");
    assert_eq!(history.csat(&CsatQuery::default()).unwrap().len(), 2);
    write(13);
    assert_eq!(history.csat(&CsatQuery::default()).unwrap().len(), 3);
    // Begun before, and read when it had changed or not: whole or an error.
    let read: Result<Vec<_>, _> = batches.collect();
    assert!(read.is_err() || read.unwrap().iter().map(|batch| batch.num_rows()).sum::<usize>() == 1);
}

#[test]
fn who_reads_for_long_holds_up_no_sync_and_sees_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let path = closed_file(&folder);
    let account = Account::of(History::open(&path).unwrap(), "acme");
    let reader = Connection::open(&path).unwrap();
    let count = || -> i64 {
        let count = reader.query_row("SELECT count(*) FROM ratings", [], |row| row.get(0));
        count.unwrap()
    };
    reader.execute_batch("BEGIN").unwrap();
    assert_eq!(count(), 1);
    account.write(|transaction, id| store_ratings(transaction, id, &[rating(12)]));
    account.history.checkpoint().unwrap();
    assert_eq!(count(), 1);
    reader.execute_batch("COMMIT").unwrap();
    assert_eq!(count(), 2);
}
