//! Which ratings changed, and the fewest calls to read them again.

use super::*;
use crate::fixtures::{
    Account, DAY, MARCH, Rating, SurveyResponse, Ticket, TicketRating, csat_answer, rating, response,
    store_ratings, store_responses, store_tickets, ticket,
};

const NONE: [i64; 0] = [];

/// Long after every rating here.
const LATER: i64 = (MARCH + 100 * DAY) / 1_000;

fn scored(id: i64, score: &str) -> Rating {
    Rating {
        score: Some(score.to_owned()),
        ..rating(id)
    }
}

fn shows(id: Option<i64>, score: &str, comment: Option<&str>) -> Ticket {
    let rating = TicketRating {
        id,
        score: Some(score.to_owned()),
        comment: comment.map(str::to_owned),
    };
    Ticket {
        rating: Some(rating),
        ..ticket(1, LATER)
    }
}

fn changed_ids(ratings: &[Rating], ticket: Ticket) -> Vec<i64> {
    changed_ids_after(ratings, ticket, EVER)
}

fn changed_ids_after(ratings: &[Rating], ticket: Ticket, after: i64) -> Vec<i64> {
    let account = account(ratings);
    account.write(move |transaction, id| store_tickets(transaction, id, &[ticket]));
    found(&account, after)
}

fn account(ratings: &[Rating]) -> Account {
    let account = Account::new("acme");
    let ratings = ratings.to_vec();
    account.write(move |transaction, id| store_ratings(transaction, id, &ratings));
    account
}

fn found(account: &Account, after: i64) -> Vec<i64> {
    let found = account
        .history
        .read(|connection| changed(connection, account.id, after));
    found.unwrap().into_iter().map(|changed| changed.id).collect()
}

#[test]
fn a_rating_that_its_ticket_confirms_has_not_changed() {
    assert_eq!(
        changed_ids(&[scored(11, "good")], shows(Some(11), "good", None)),
        NONE
    );
    assert_eq!(
        changed_ids(&[scored(11, "good")], shows(Some(11), "good", Some(""))),
        NONE
    );
    assert_eq!(
        changed_ids(&[scored(11, "offered")], shows(None, "offered", None)),
        NONE
    );
    assert_eq!(
        changed_ids(&[scored(11, "offered")], shows(Some(11), "offered", None)),
        NONE
    );
}

#[test]
fn a_rating_with_another_score_or_comment_on_its_ticket_has_changed() {
    assert_eq!(
        changed_ids(&[scored(11, "offered")], shows(Some(11), "bad", None)),
        [11]
    );
    assert_eq!(
        changed_ids(&[scored(11, "good")], shows(Some(11), "good", Some("thanks"))),
        [11]
    );
}

#[test]
fn an_offer_has_changed_where_its_ticket_shows_a_later_rating() {
    let ratings = [scored(11, "offered"), scored(12, "good")];
    assert_eq!(changed_ids(&ratings, shows(Some(12), "good", None)), [11]);
    assert_eq!(
        changed_ids(&[scored(11, "offered")], shows(Some(12), "good", None)),
        [11]
    );
    let offered_again = [scored(11, "offered"), scored(12, "offered")];
    assert_eq!(changed_ids(&offered_again, shows(None, "offered", None)), [11]);
}

#[test]
fn an_offer_may_have_changed_where_its_ticket_shows_none() {
    assert_eq!(
        changed_ids(&[scored(11, "offered")], shows(None, "unoffered", None)),
        [11]
    );
    assert_eq!(changed_ids(&[scored(11, "offered")], ticket(1, LATER)), [11]);
}

#[test]
fn a_rating_made_before_the_latest_stays_as_it_was() {
    let ratings = [scored(11, "bad"), scored(12, "good")];
    assert_eq!(changed_ids(&ratings, shows(Some(12), "good", None)), NONE);
}

#[test]
fn a_rating_that_is_newer_than_what_its_ticket_shows_has_not_changed() {
    let at = |generated_at| Ticket {
        generated_at,
        ..shows(Some(11), "offered", None)
    };
    let good = [scored(11, "good")];
    assert_eq!(changed_ids(&good, at(MARCH / 1_000 - 1)), NONE);
    assert_eq!(changed_ids(&good, at(MARCH / 1_000)), [11]);
}

#[test]
fn tickets_that_were_looked_at_are_not_looked_at_again() {
    let offered = [scored(11, "offered")];
    let good = || shows(Some(11), "good", None);
    assert_eq!(changed_ids_after(&offered, good(), LATER * 1_000 - 1), [11]);
    assert_eq!(changed_ids_after(&offered, good(), LATER * 1_000), NONE);
}

#[test]
fn a_copy_is_not_read_again() {
    let account = account(&[scored(11, "bad")]);
    account.write(|transaction, id| {
        let answered = SurveyResponse {
            answers: vec![csat_answer(1, "bad", MARCH)],
            ..response("01A")
        };
        store_responses(transaction, id, &[answered])?;
        store_tickets(transaction, id, &[shows(Some(11), "bad", Some("Late."))])
    });
    assert_eq!(found(&account, EVER), NONE);
}

/// Ratings 0 to 999, one a minute.
fn thousand() -> Account {
    account(
        &(0..1_000)
            .map(|id| Rating {
                created_at: Some(minute(id)),
                ..rating(id)
            })
            .collect::<Vec<_>>(),
    )
}

fn minute(id: i64) -> i64 {
    MARCH + id * 60_000
}

fn planned(
    account: &Account,
    ids: impl IntoIterator<Item = i64>,
    new_since: Option<i64>,
) -> (Vec<i64>, Option<i64>) {
    let changed: Vec<_> = ids
        .into_iter()
        .map(|id| Changed {
            id,
            created_at: Some(minute(id)),
        })
        .collect();
    let plan = account
        .history
        .read(|connection| plan(connection, account.id, &changed, new_since))
        .unwrap();
    (plan.show, plan.list_from)
}

#[test]
fn nothing_changed_and_nothing_new_costs_nothing() {
    assert_eq!(planned(&thousand(), [], None), (vec![], None));
    assert_eq!(
        planned(&thousand(), [], Some(minute(950))),
        (vec![], Some(minute(950)))
    );
}

#[test]
fn a_few_old_ones_are_shown() {
    let account = thousand();
    assert_eq!(planned(&account, [3, 500], None), (vec![3, 500], None));
    assert_eq!(
        planned(&account, [3, 500], Some(minute(990))),
        (vec![3, 500], Some(minute(990)))
    );
}

#[test]
fn many_are_listed_again() {
    let account = thousand();
    assert_eq!(planned(&account, 0..1_000, None), (vec![], Some(minute(0))));
    assert_eq!(
        planned(&account, (0..1_000).step_by(20), Some(minute(990))),
        (vec![], Some(minute(0)))
    );
}

#[test]
fn a_lone_old_one_is_shown_and_many_later_ones_are_listed() {
    let account = thousand();
    let ids = || [7].into_iter().chain(800..900);
    assert_eq!(planned(&account, ids(), None), (vec![7], Some(minute(800))));
    assert_eq!(
        planned(&account, ids(), Some(minute(990))),
        (vec![7], Some(minute(800)))
    );
}

#[test]
fn what_is_listed_as_new_is_not_shown() {
    let account = thousand();
    assert_eq!(
        planned(&account, [950, 960], Some(minute(940))),
        (vec![], Some(minute(940)))
    );
}
