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
