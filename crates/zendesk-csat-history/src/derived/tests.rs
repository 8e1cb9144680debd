//! Which ratings are copies, which answers are the latest, which scores follow from a number: told by hand.

use proptest::prelude::*;
use serde_json::json;

use crate::csat::CsatRow;
use crate::fixtures::{
    Account, Answer, DAY, MARCH, Rating, SurveyResponse, Ticket, TicketRating, csat_answer, derive_all,
    questions, rating, read_rating, read_response, read_ticket, response, store_ratings, store_responses,
    store_tickets, ticket,
};
use crate::rows;

const MINUTE: i64 = 60_000;

/// A rating of ticket 1 that was made with its score then.
fn scored(id: i64, score: &str, at: i64) -> Rating {
    Rating {
        score: Some(score.to_owned()),
        created_at: Some(at),
        updated_at: Some(at),
        ..rating(id)
    }
}

/// A survey about ticket 1, sent in March and answered then.
fn answered(id: &str, category: &str, at: i64) -> SurveyResponse {
    SurveyResponse {
        answers: vec![csat_answer(3, category, at)],
        ..response(id)
    }
}

fn about_conversation(response: SurveyResponse) -> SurveyResponse {
    SurveyResponse {
        ticket_id: None,
        ..response
    }
}

/// The history of these records, in this order and in the other.
fn accounts(ratings: &[Rating], responses: &[SurveyResponse]) -> [Account; 2] {
    let with = |ratings_first: bool| {
        let account = Account::new("acme");
        let (ratings, responses) = (ratings.to_vec(), responses.to_vec());
        account.write(move |transaction, id| {
            if ratings_first {
                store_ratings(transaction, id, &ratings)?;
            }
            for response in responses {
                store_responses(transaction, id, &[response])?;
            }
            if !ratings_first {
                store_ratings(transaction, id, &ratings)?;
            }
            Ok(())
        });
        account
    };
    [with(true), with(false)]
}

/// The ratings that are copies with what they copy, and those that are uncertain.
fn copies(account: &Account) -> (Vec<(i64, String)>, Vec<i64>) {
    account
        .history
        .read(|connection| {
            let copies = connection
                .prepare("SELECT id, copy_of FROM ratings WHERE copy_of IS NOT NULL ORDER BY id")?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
            let uncertain = connection
                .prepare("SELECT id FROM ratings WHERE uncertain_copy = 1 ORDER BY id")?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            Ok((copies, uncertain))
        })
        .unwrap()
}

#[track_caller]
fn assert_copies(
    ratings: &[Rating],
    responses: &[SurveyResponse],
    expected: &[(i64, &str)],
    uncertain: &[i64],
) {
    for account in accounts(ratings, responses) {
        let expected: Vec<_> = expected.iter().map(|(id, of)| (*id, (*of).to_owned())).collect();
        assert_eq!(copies(&account), (expected, uncertain.to_vec()));
    }
}

#[test]
fn a_copy_is_within_minutes_of_an_answer_before_or_after() {
    let answer = answered("01A", "good", MARCH + DAY);
    for apart in [-5 * MINUTE, -1_000, 0, 1_000, 5 * MINUTE] {
        assert_copies(
            &[scored(11, "good", MARCH + DAY + apart)],
            std::slice::from_ref(&answer),
            &[(11, "01A")],
            &[],
        );
    }
    for apart in [-6 * MINUTE, 6 * MINUTE, 60 * DAY] {
        assert_copies(
            &[scored(11, "good", MARCH + DAY + apart)],
            std::slice::from_ref(&answer),
            &[],
            &[11],
        );
    }
}

#[test]
fn without_an_answer_there_is_no_copy() {
    assert_copies(
        &[scored(11, "bad", MARCH + 60 * DAY)],
        &[response("01A")],
        &[],
        &[],
    );
}

#[test]
fn neutral_and_bad_are_bad_in_a_copy() {
    for (category, copied) in [("good", "good"), ("neutral", "bad"), ("bad", "bad")] {
        let answer = answered("01A", category, MARCH);
        let other = if copied == "good" { "bad" } else { "good" };
        assert_copies(
            &[scored(11, copied, MARCH)],
            std::slice::from_ref(&answer),
            &[(11, "01A")],
            &[],
        );
        assert_copies(&[scored(11, other, MARCH)], &[answer], &[], &[11]);
    }
}

#[test]
fn an_answer_has_one_copy_the_closest() {
    let ratings = [
        scored(11, "good", MARCH + 3 * MINUTE),
        scored(12, "good", MARCH + MINUTE),
    ];
    assert_copies(&ratings, &[answered("01A", "good", MARCH)], &[(12, "01A")], &[11]);
}

#[test]
fn a_rating_copies_one_answer_the_closest() {
    let answers = [
        answered("01A", "good", MARCH),
        answered("01B", "good", MARCH + 2 * MINUTE),
    ];
    assert_copies(
        &[scored(11, "good", MARCH + 2 * MINUTE)],
        &answers,
        &[(11, "01B")],
        &[],
    );
}

#[test]
fn another_ticket_is_no_evidence() {
    let elsewhere = Rating {
        ticket_id: Some(2),
        ..scored(11, "good", MARCH)
    };
    assert_copies(&[elsewhere], &[answered("01A", "good", MARCH)], &[], &[]);
}

#[test]
fn an_offer_is_no_copy() {
    assert_copies(&[rating(11)], &[answered("01A", "good", MARCH)], &[], &[]);
}

#[test]
fn an_answer_about_a_conversation_takes_ticket_agent_and_group_from_its_copy() {
    let conversation = about_conversation(answered("01A", "good", MARCH));
    let ratings = [scored(11, "good", MARCH + 1_000)];
    for account in accounts(&ratings, &[conversation]) {
        account.write(|transaction, id| store_tickets(transaction, id, &[ticket(1, 100)]));
        let row = account.row();
        assert_eq!((row.id.as_str(), row.ticket_id), ("01A", Some(1)));
        assert_eq!((row.assignee_id, row.group_id), (Some(601), Some(701)));
        assert_eq!(row.ticket_status.as_deref(), Some("solved"));
        assert!(row.is_latest);
    }
}

#[test]
fn the_answer_about_a_ticket_goes_before_one_about_a_conversation() {
    let answers = [
        about_conversation(answered("01A", "good", MARCH)),
        answered("01B", "good", MARCH + MINUTE),
    ];
    assert_copies(&[scored(11, "good", MARCH)], &answers, &[(11, "01B")], &[]);
}

#[test]
fn an_answer_about_a_conversation_makes_no_far_rating_uncertain() {
    let conversation = about_conversation(answered("01A", "good", MARCH));
    assert_copies(
        &[scored(11, "good", MARCH + DAY)],
        std::slice::from_ref(&conversation),
        &[],
        &[],
    );
    assert_copies(&[scored(11, "bad", MARCH)], &[conversation], &[], &[11]);
}

#[test]
fn what_the_ticket_shows_of_a_copy_is_newer_than_what_was_read() {
    // The answer was changed from good to bad; the copy was read before that.
    let answer = answered("01A", "bad", MARCH);
    let shown = Ticket {
        rating: Some(TicketRating {
            id: Some(11),
            score: Some("bad".to_owned()),
            comment: None,
        }),
        ..ticket(1, (MARCH + DAY) / 1_000)
    };
    for account in accounts(&[scored(11, "good", MARCH)], &[answer]) {
        assert_eq!(copies(&account).1, [11]);
        let shown = shown.clone();
        account.write(move |transaction, id| store_tickets(transaction, id, &[shown]));
        assert_eq!(copies(&account), (vec![(11, "01A".to_owned())], vec![]));
    }
}

/// The rows that are a ticket's latest answer.
fn latest(account: &Account) -> Vec<String> {
    let rows = account.rows().into_iter();
    rows.filter(|row| row.is_latest).map(|row| row.id).collect()
}

#[test]
fn a_ticket_has_one_latest_answer_of_both_systems() {
    let offered = Rating {
        ticket_id: Some(3),
        ..rating(14)
    };
    let elsewhere = Rating {
        ticket_id: Some(2),
        ..scored(13, "bad", MARCH - DAY)
    };
    let ratings = [
        scored(11, "bad", MARCH - 2 * DAY),
        scored(12, "good", MARCH + 20 * DAY),
        elsewhere,
        offered,
    ];
    let answers = [
        answered("01A", "good", MARCH + 2 * DAY),
        answered("01B", "bad", MARCH + 21 * DAY),
        response("01C"),
        about_conversation(answered("01D", "good", MARCH)),
        about_conversation(answered("01E", "good", MARCH + 9 * DAY)),
    ];
    for account in accounts(&ratings, &answers) {
        let mut latest = latest(&account);
        latest.sort();
        assert_eq!(latest, ["01B", "01D", "01E", "13"]);
    }
}

#[test]
fn an_answer_that_changes_last_is_the_latest() {
    let account = Account::new("acme");
    let with = |at| answered("01A", "good", at);
    let later = answered("01B", "bad", MARCH + 2 * DAY);
    account.write(move |transaction, id| store_responses(transaction, id, &[later, with(MARCH)]));
    assert_eq!(latest(&account), ["01B"]);
    account.write(move |transaction, id| store_responses(transaction, id, &[with(MARCH + 3 * DAY)]));
    assert_eq!(latest(&account), ["01A"]);
}

#[test]
fn a_copy_is_not_the_latest_answer() {
    let ratings = [scored(11, "good", MARCH + MINUTE)];
    for account in accounts(&ratings, &[answered("01A", "good", MARCH)]) {
        assert_eq!(latest(&account), ["01A"]);
    }
}

/// The row of an answer with this number and no category, to the five points of [`questions`].
fn of_number(number: i64, scale: usize) -> CsatRow {
    let account = Account::new("acme");
    let answer: Answer = csat_answer(number, "", MARCH);
    account.write(move |transaction, id| {
        let (survey, mut questions) = questions();
        for question in &mut questions {
            if let Some(options) = &mut question.options {
                options.truncate(scale);
            }
        }
        store_responses(
            transaction,
            id,
            &[SurveyResponse {
                answers: vec![answer.without("rating_category")],
                ..response("01A")
            }],
        )?;
        rows::question::store(transaction, id, &survey, "01A", &questions)?;
        derive_all(transaction, id)
    });
    account.row()
}

#[test]
fn a_number_without_a_category_has_the_score_of_its_scale() {
    let scores = |scale: usize| -> Vec<Option<String>> {
        (1..=scale)
            .map(|number| of_number(number.try_into().unwrap(), scale).score)
            .collect()
    };
    let of = |scores: &[Option<&str>]| -> Vec<Option<String>> {
        scores.iter().map(|score| score.map(str::to_owned)).collect()
    };
    assert_eq!(scores(2), of(&[Some("bad"), Some("good")]));
    assert_eq!(scores(3), of(&[Some("bad"), Some("neutral"), Some("good")]));
    let five = [
        Some("bad"),
        Some("bad"),
        Some("neutral"),
        Some("good"),
        Some("good"),
    ];
    assert_eq!(scores(5), of(&five));
    // Nobody has said what four points mean, and an answer beyond the scale is none of it.
    assert_eq!(scores(4), of(&[None, None, None, None]));
    assert_eq!(of_number(6, 5).score, None);
    assert!(of_number(6, 5).is_latest);
}

#[test]
fn scores_in_other_letters_count_and_unknown_ones_are_rows() {
    let account = Account::new("acme");
    let of_ticket = |id: i64, score: &str| Rating {
        ticket_id: Some(id),
        ..scored(id, score, MARCH)
    };
    let ratings = vec![
        of_ticket(11, "Good"),
        of_ticket(12, "BAD"),
        of_ticket(13, "Great"),
        of_ticket(14, "Unoffered"),
    ];
    account.write(move |transaction, id| store_ratings(transaction, id, &ratings));
    let rows = account.rows();
    let scores: Vec<_> = rows.iter().map(|row| row.score.as_deref()).collect();
    assert_eq!(scores, [Some("good"), Some("bad"), Some("Great")]);
    assert!(rows.iter().all(|row| row.is_latest && row.rated_at.is_some()));
}

#[test]
fn an_offer_is_known_by_its_beginning() {
    let account = Account::new("acme");
    let changed = Rating {
        updated_at: Some(MARCH + DAY),
        ..scored(12, "good", MARCH)
    };
    let seen_offered = scored(14, "bad", MARCH);
    let ratings = vec![
        rating(11),
        changed,
        scored(13, "good", MARCH),
        rating(14),
        seen_offered,
    ];
    account.write(move |transaction, id| store_ratings(transaction, id, &ratings));
    let rows = account.rows();
    let offers: Vec<_> = rows.iter().map(|row| (row.id.as_str(), row.is_offer)).collect();
    assert_eq!(offers, [("11", true), ("12", true), ("13", false), ("14", true)]);
}

#[test]
fn the_first_rating_is_that_of_the_first_version_with_a_score_in_whatever_order() {
    let version = |at| Rating {
        updated_at: Some(MARCH + at * DAY),
        ..scored(11, "good", MARCH)
    };
    for order in [[1, 2], [2, 1]] {
        let account = Account::new("acme");
        account.write(move |transaction, id| {
            store_ratings(transaction, id, &[rating(11)])?;
            for at in order {
                store_ratings(transaction, id, &[version(at)])?;
            }
            Ok(())
        });
        let row = account.row();
        let day =
            |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| (at.timestamp_millis() - MARCH) / DAY);
        assert_eq!((day(row.first_rated_at), day(row.rated_at)), (Some(1), Some(2)));
        assert!(row.is_offer);
    }
}

#[test]
fn reasons_are_told_by_their_ids_under_their_newest_labels() {
    let account = Account::new("acme");
    let legacy = |id, reason_id, text: Option<&str>| Rating {
        reason_id,
        reason: text.map(str::to_owned),
        ticket_id: Some(id),
        ..scored(id, "bad", MARCH)
    };
    let ratings = vec![
        legacy(11, Some(1001), Some("As it was; then")),
        legacy(12, Some(1000), Some("No reason provided")),
        legacy(13, Some(1009), None),
        legacy(14, None, None),
    ];
    account.write(move |transaction, id| {
        let reasons = [
            (json!({ "id": 1000, "reason_code": 0, "value": "No reason provided" })),
            (json!({ "id": 1001, "reason_code": 6, "value": "As it is" })),
        ];
        let reasons = reasons.map(|reason| serde_json::from_value(reason).unwrap());
        rows::reason::store(transaction, id, &reasons)?;
        store_ratings(transaction, id, &ratings)
    });
    let of: Vec<Vec<_>> = account
        .rows()
        .into_iter()
        .map(|row| {
            row.reasons
                .into_iter()
                .map(|reason| (reason.id, reason.label))
                .collect()
        })
        .collect();
    assert_eq!(of[0], [("1001".to_owned(), Some("As it is".to_owned()))]);
    assert_eq!((of[1].len(), of[3].len()), (0, 0));
    assert_eq!(of[2], [("1009".to_owned(), None)]);
}

/// A record of a small world: few tickets and customers, times minutes apart.
#[derive(Debug, Clone)]
enum Record {
    Rating(Rating),
    Response(SurveyResponse),
    Ticket(Ticket),
}

fn record() -> impl Strategy<Value = Record> {
    let score = prop::sample::select(vec!["good", "bad", "offered"]);
    let category = prop::sample::select(vec!["good", "neutral", "bad"]);
    let rating = (1..9_i64, prop::option::weighted(0.9, 1..4_i64), score, 0..30_i64).prop_map(
        |(id, ticket_id, score, minutes)| {
            let rating = scored(id, score, MARCH + minutes * MINUTE);
            Record::Rating(Rating { ticket_id, ..rating })
        },
    );
    let answer = prop::option::weighted(0.8, (category, 0..30_i64));
    let response =
        (1..9, prop::option::weighted(0.7, 1..4_i64), answer).prop_map(|(id, ticket_id, answer)| {
            let answers =
                answer.map(|(category, minutes)| csat_answer(3, category, MARCH + minutes * MINUTE));
            Record::Response(SurveyResponse {
                ticket_id,
                answers: answers.into_iter().collect(),
                ..response(&format!("01{id}"))
            })
        });
    let shown =
        (1..4_i64, 1..9_i64, prop::sample::select(vec!["good", "bad"])).prop_map(|(id, rating, score)| {
            Record::Ticket(Ticket {
                rating: Some(TicketRating {
                    id: Some(rating),
                    score: Some(score.to_owned()),
                    comment: None,
                }),
                ..ticket(id, (MARCH + DAY) / 1_000)
            })
        });
    prop_oneof![4 => rating, 4 => response, 1 => shown]
}

/// A sync that reads these records, and is then cut off or comes to its end.
fn synced(account: &Account, run: i64, records: Vec<Record>, ends: bool) {
    account.write(move |transaction, id| {
        transaction.execute("UPDATE accounts SET run = ?2 WHERE id = ?1", [id, run])?;
        for record in records {
            match record {
                Record::Rating(rating) => read_rating(transaction, id, run, &rating)?,
                Record::Response(response) => read_response(transaction, id, run, &response)?,
                Record::Ticket(ticket) => read_ticket(transaction, id, run, &ticket)?,
            }
        }
        if ends {
            super::derive(transaction, id)
        } else {
            Ok(())
        }
    });
}

proptest! {
    #[test]
    fn sync_after_sync_comes_to_what_all_of_it_comes_to(
        syncs in prop::collection::vec((prop::collection::vec(record(), 0..8), prop::bool::weighted(0.8)), 1..6),
    ) {
        let account = Account::new("acme");
        let mut run = 1;
        for (records, ends) in syncs {
            run += 1;
            synced(&account, run, records, ends);
        }
        synced(&account, run + 1, Vec::new(), true);
        let step_by_step = account.dump();
        account.write(derive_all);
        prop_assert_eq!(step_by_step, account.dump());
    }
}
