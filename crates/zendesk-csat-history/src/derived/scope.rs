//! Which tickets to look at again: those with records that were read since the last time.

use rusqlite::{Transaction, params};

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// All there is.
    Whole,
    /// The tickets in `temp.touched_tickets`, and answers of the customers in `temp.touched_customers` about conversations.
    Touched,
}

const MAKE: &str = "
    CREATE TEMP TABLE IF NOT EXISTS touched_tickets (ticket INTEGER PRIMARY KEY) STRICT;
    CREATE TEMP TABLE IF NOT EXISTS touched_customers (customer INTEGER PRIMARY KEY) STRICT;
    DELETE FROM temp.touched_tickets;
    DELETE FROM temp.touched_customers;";

/// A rating without a ticket is in no ticket's part.
const ANY_WITHOUT_TICKET: &str = "
    SELECT EXISTS (
        SELECT 1 FROM ratings
        WHERE account_id = ?1 AND ticket_id IS NULL
            AND (run > ?2 OR requester_id IN (SELECT customer FROM temp.touched_customers))
    )";

const TICKETS: &str = "
    INSERT OR IGNORE INTO temp.touched_tickets (ticket)
    SELECT ticket_id FROM ratings WHERE account_id = ?1 AND run > ?2 AND ticket_id IS NOT NULL
    UNION
    SELECT ticket_id FROM survey_responses WHERE account_id = ?1 AND run > ?2 AND ticket_id IS NOT NULL
    UNION
    SELECT id FROM tickets WHERE account_id = ?1 AND run > ?2 AND rating_id IS NOT NULL";

const CUSTOMERS: &str = "
    INSERT OR IGNORE INTO temp.touched_customers (customer)
    SELECT responder_id FROM survey_responses
    WHERE account_id = ?1 AND run > ?2 AND ticket_id IS NULL AND responder_id IS NOT NULL";

/// Whose ratings of these tickets may be copies of answers about a conversation.
const CUSTOMERS_OF_TICKETS: &str = "
    INSERT OR IGNORE INTO temp.touched_customers (customer)
    SELECT r.requester_id
    FROM temp.touched_tickets AS touched
    CROSS JOIN ratings AS r ON r.account_id = ?1 AND r.ticket_id = touched.ticket
    WHERE EXISTS (
        SELECT 1 FROM survey_responses AS s
        WHERE s.account_id = ?1 AND s.responder_id = r.requester_id AND s.ticket_id IS NULL AND s.rated_at IS NOT NULL
    )";

const TICKETS_OF_CUSTOMERS: &str = "
    INSERT OR IGNORE INTO temp.touched_tickets (ticket)
    SELECT ticket_id FROM ratings
    WHERE account_id = ?1 AND ticket_id IS NOT NULL
        AND requester_id IN (SELECT customer FROM temp.touched_customers)";

impl Scope {
    /// What is to be looked at after the sync `derived`; all where that is 0.
    pub(super) fn since(transaction: &Transaction<'_>, account: i64, derived: i64) -> rusqlite::Result<Self> {
        if derived == 0 {
            return Ok(Self::Whole);
        }
        transaction.execute_batch(MAKE)?;
        transaction.prepare_cached(TICKETS)?.execute([account, derived])?;
        transaction
            .prepare_cached(CUSTOMERS)?
            .execute([account, derived])?;
        // Tickets and customers bring in each other until no more come.
        loop {
            transaction
                .prepare_cached(CUSTOMERS_OF_TICKETS)?
                .execute(params![account])?;
            if transaction
                .prepare_cached(TICKETS_OF_CUSTOMERS)?
                .execute(params![account])?
                == 0
            {
                break;
            }
        }
        let without: bool = transaction
            .prepare_cached(ANY_WITHOUT_TICKET)?
            .query_row([account, derived], |row| row.get(0))?;
        Ok(if without { Self::Whole } else { Self::Touched })
    }

    /// The statement for this scope: what stands between `{` and `}` is left out where the scope is whole, and what stands
    /// between `[` and `]` where it is not.
    pub(super) fn of(self, sql: &str) -> String {
        let mut text = String::with_capacity(sql.len());
        let (mut in_touched, mut in_whole) = (false, false);
        for letter in sql.chars() {
            match letter {
                '{' | '}' => in_touched = letter == '{',
                '[' | ']' => in_whole = letter == '[',
                _ if in_touched && self == Self::Whole || in_whole && self == Self::Touched => {}
                _ => text.push(letter),
            }
        }
        text
    }
}
