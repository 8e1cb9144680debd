DROP VIEW IF EXISTS legacy_ratings;
DROP VIEW IF EXISTS csat;
DROP VIEW IF EXISTS csat_ms;

-- A rating was taken for a copy where its ticket had been sent a survey; now where a survey was answered.
ALTER TABLE ratings DROP COLUMN mirror;
-- The survey response whose answer it copies.
ALTER TABLE ratings ADD COLUMN copy_of TEXT;
-- 1 where it may be a copy of an answer, and is not taken for one.
ALTER TABLE ratings ADD COLUMN uncertain_copy INTEGER NOT NULL DEFAULT 0;
-- When the customer first rated, as far as the versions that were read show it.
ALTER TABLE ratings ADD COLUMN first_rated_at INTEGER;
-- 1 where the customer was asked; 0 where he rated of his own accord.
ALTER TABLE ratings ADD COLUMN is_offer INTEGER NOT NULL DEFAULT 1;
-- 1 where it is the ticket's latest answer.
ALTER TABLE ratings ADD COLUMN is_latest INTEGER NOT NULL DEFAULT 0;

-- When the answer to the customer satisfaction question was given, before any change of it.
ALTER TABLE survey_responses ADD COLUMN first_rated_at INTEGER;
-- The rating that is the copy of its answer, where it is about a conversation only: it has the ticket.
ALTER TABLE survey_responses ADD COLUMN copy_id INTEGER;
-- 1 where it is the ticket's latest answer.
ALTER TABLE survey_responses ADD COLUMN is_latest INTEGER NOT NULL DEFAULT 0;

-- A question has one text at a time: in the account's locale where that could be read, else as it was read before.
CREATE TABLE questions_anew (
    account_id     INTEGER NOT NULL REFERENCES accounts (id),
    survey_id      TEXT NOT NULL,
    survey_version INTEGER NOT NULL,
    -- The locale of its texts, once they were read.
    locale         TEXT NOT NULL,
    id             TEXT NOT NULL,
    type           TEXT,
    sub_type       TEXT,
    alias          TEXT,
    headline       TEXT,
    option_count   INTEGER,
    -- A survey response that answers it, and how many questions that one answers.
    seen_in        TEXT,
    seen_among     INTEGER,
    -- How often the options were asked for in vain.
    attempts       INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, survey_id, survey_version, id)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO questions_anew
SELECT
    account_id, survey_id, survey_version, locale, id, type, sub_type, alias, headline, option_count, seen_in, seen_among,
    attempts
FROM questions
ORDER BY option_count IS NULL, locale <> (SELECT locale FROM accounts WHERE accounts.id = questions.account_id);
CREATE TABLE options_anew (
    account_id     INTEGER NOT NULL REFERENCES accounts (id),
    survey_id      TEXT NOT NULL,
    survey_version INTEGER NOT NULL,
    locale         TEXT NOT NULL,
    question_id    TEXT NOT NULL,
    position       INTEGER NOT NULL,
    -- Null for the options of a rating scale: those have a rating.
    id             TEXT,
    rating         INTEGER,
    label          TEXT,
    PRIMARY KEY (account_id, survey_id, survey_version, question_id, position)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO options_anew
SELECT options.*
FROM options
LEFT JOIN questions_anew AS question
    ON question.account_id = options.account_id
    AND question.survey_id = options.survey_id
    AND question.survey_version = options.survey_version
    AND question.id = options.question_id
ORDER BY options.locale IS NOT question.locale;
DROP TABLE options;
DROP TABLE questions;
ALTER TABLE questions_anew RENAME TO questions;
ALTER TABLE options_anew RENAME TO options;
CREATE INDEX options_by_id ON options (account_id, id);

UPDATE ratings SET score = lower(score) WHERE lower(score) IN ('offered', 'unoffered', 'good', 'bad');
UPDATE ratings SET
    first_rated_at = CASE WHEN score NOT IN ('offered', 'unoffered') THEN coalesce(updated_at, created_at) END,
    is_offer = score IS 'offered' OR coalesce(created_at <> updated_at, false);
UPDATE tickets SET rating_score = lower(rating_score)
WHERE lower(rating_score) IN ('offered', 'unoffered', 'good', 'bad');
UPDATE survey_responses SET
    score = CASE WHEN lower(score) IN ('good', 'neutral', 'bad') THEN lower(score) ELSE score END,
    first_rated_at = (
        SELECT coalesce(created_at, updated_at) FROM answers
        WHERE answers.account_id = survey_responses.account_id
            AND answers.survey_response_id = survey_responses.id
            AND answers.type = 'rating_scale'
            AND answers.question_sub_type = 'customer_satisfaction'
        ORDER BY position LIMIT 1
    )
WHERE csat_question_id IS NOT NULL;

-- Answers with a number and no score: what it was follows from the scale.
CREATE INDEX survey_responses_without_score ON survey_responses (account_id) WHERE score IS NULL AND rating IS NOT NULL;
-- Answers about a conversation, which only the customer ties to a rating.
CREATE INDEX survey_responses_of_conversations ON survey_responses (account_id, responder_id)
WHERE ticket_id IS NULL AND rated_at IS NOT NULL;

-- The sync after which what follows from other records was last brought up to date; 0 where all of it is to be.
ALTER TABLE accounts ADD COLUMN derived_run INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER ratings_moved AFTER UPDATE OF ticket_id, requester_id ON ratings
WHEN old.ticket_id IS NOT new.ticket_id OR old.requester_id IS NOT new.requester_id
BEGIN
    UPDATE accounts SET derived_run = 0 WHERE id = new.account_id;
END;
CREATE TRIGGER survey_responses_moved AFTER UPDATE OF ticket_id, responder_id ON survey_responses
WHEN old.ticket_id IS NOT new.ticket_id OR old.responder_id IS NOT new.responder_id
BEGIN
    UPDATE accounts SET derived_run = 0 WHERE id = new.account_id;
END;
