//! Calls and minutes of a first sync, and of the control flow of the documentation's own script, by the account's journal.

use futures::TryStreamExt;
use std::time::{Duration, Instant};
use zendesk_csat::types::{RatingScore, Ticket};
use zendesk_csat::{Client, Credentials, ErrorKind};
use zendesk_csat_emulator::{Emulator, JournalEntry};
use zendesk_csat_history::{History, NoProgress, SyncOptions};

/// Seconds in the account for each real one. What the machine itself takes counts so many times, for both ways.
const SPEED: f64 = 10.0;

/// What one way took, and what it brought.
struct Took {
    /// Answers of customers that it leaves with.
    answers: usize,
    support: usize,
    help_center: usize,
    incremental: usize,
    /// Minutes in the account.
    minutes: f64,
}

/// Prints both ways over the same account, under the limits of Suite Professional.
pub fn print(tickets: u32) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let zendesk = account(tickets);
        let began = Instant::now();
        let mut history = History::open(":memory:").unwrap();
        let summary = history
            .sync(&client(&zendesk), SyncOptions::default(), &mut NoProgress)
            .await
            .unwrap();
        let found = &summary.reconciliation;
        let ours = took(&zendesk.journal(), began, found.answered as usize);
        drop(zendesk);

        let zendesk = account(tickets);
        let began = Instant::now();
        let answers = documented(&client(&zendesk)).await;
        let documented = took(&zendesk.journal(), began, answers);

        println!(
            "{tickets} tickets, {} rows, {} of them rated",
            found.sent, found.answered
        );
        println!(
            "{:<12} {:>8} {:>12} {:>12} {:>8} {:>8} {:>20} {:>9}",
            "way",
            "support",
            "help center",
            "incremental",
            "calls",
            "answers",
            "calls/1,000 answers",
            "minutes"
        );
        for (way, took) in [("sync", &ours), ("documented", &documented)] {
            println!(
                "{way:<12} {:>8} {:>12} {:>12} {:>8} {:>8} {:>20.1} {:>9.2}",
                took.support,
                took.help_center,
                took.incremental,
                took.calls(),
                took.answers,
                took.calls_of_1000_answers(),
                took.minutes,
            );
        }
        println!(
            "{:.1} times fewer calls an answer, {:.1} times fewer in all, {:.1} times faster; \
             the pages of all rows, at their largest, take {} calls",
            documented.calls_of_1000_answers() / ours.calls_of_1000_answers(),
            documented.calls() as f64 / ours.calls() as f64,
            documented.minutes / ours.minutes,
            summary.rows.survey_responses.div_ceil(50)
                + summary.rows.ratings.div_ceil(100)
                + summary.rows.tickets.div_ceil(1_000),
        );
    });
}

impl Took {
    fn calls(&self) -> usize {
        self.support + self.help_center + self.incremental
    }

    fn calls_of_1000_answers(&self) -> f64 {
        self.calls() as f64 * 1_000.0 / self.answers as f64
    }
}

fn took(journal: &[JournalEntry], began: Instant, answers: usize) -> Took {
    let count = |bucket: &str| journal.iter().filter(|call| call.bucket == bucket).count();
    Took {
        answers,
        support: count("support"),
        help_center: count("help_center"),
        incremental: count("incremental"),
        minutes: began.elapsed().as_secs_f64() * SPEED / 60.0,
    }
}

fn account(tickets: u32) -> Emulator {
    Emulator::builder()
        .seed(7)
        .tickets(tickets)
        .plan("suite-professional")
        .clock_speed(SPEED)
        .start()
        .unwrap()
}

fn client(zendesk: &Emulator) -> Client {
    let account = zendesk.account();
    Client::builder(&account.subdomain)
        .base_url(zendesk.base_url())
        .credentials(Credentials::oauth_token(account.oauth_token.as_str()))
        .max_wait(Duration::from_secs(3_600))
        .build()
        .unwrap()
}

/// One call after another: the export, then the audits of each rated ticket, and the response that they name.
/// Gives how many tickets end with an answer: those with legacy ratings only do not.
///
/// <https://developer.zendesk.com/documentation/ticketing/managing-tickets/getting-csat-ratings-of-tickets/>
async fn documented(client: &Client) -> usize {
    let mut answers = 0;
    let tickets = client
        .tickets()
        .export()
        .start_time(chrono::DateTime::UNIX_EPOCH)
        .items();
    let tickets: Vec<Ticket> = tickets.try_collect().await.unwrap();
    for ticket in tickets.iter().filter(|ticket| is_rated(ticket)) {
        let audits = match client.tickets().audits(ticket.id).send().await {
            Ok(page) => page.items,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => panic!("{error}"),
        };
        let mut events = audits
            .into_iter()
            .flat_map(|audit| audit.events.unwrap_or_default());
        if let Some(id) = events.find_map(|event| event.survey_response_id) {
            let response = client.survey_responses().show(&id).send().await.unwrap();
            answers += usize::from(response.csat_answer().is_some());
        }
    }
    answers
}

fn is_rated(ticket: &Ticket) -> bool {
    let rating = ticket.satisfaction_rating.as_ref();
    let score = rating.and_then(|rating| rating.score.as_ref());
    !matches!(score, None | Some(RatingScore::Offered | RatingScore::Unoffered))
}
