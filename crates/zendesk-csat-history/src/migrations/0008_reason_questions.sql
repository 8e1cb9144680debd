-- Which questions ask for reasons, as the user says it: a JSON array of ids and aliases; null where he does not.
ALTER TABLE accounts ADD COLUMN reason_questions TEXT;

-- The closed questions that follow a rating, as the survey was when it was listed last.
CREATE TABLE follow_ups (
    account_id     INTEGER NOT NULL REFERENCES accounts (id),
    survey_id      TEXT NOT NULL,
    survey_version INTEGER NOT NULL,
    question_id    TEXT NOT NULL,
    -- 1 where it follows ratings that are not good, and no others.
    asks_why       INTEGER NOT NULL,
    PRIMARY KEY (account_id, survey_id, question_id)
) STRICT, WITHOUT ROWID;

-- Surveys whose reasons could not be told from other answers, and the newest version that was answered when it was asked
-- which question follows which.
CREATE TABLE surveys_listed (
    account_id     INTEGER NOT NULL REFERENCES accounts (id),
    survey_id      TEXT NOT NULL,
    survey_version INTEGER NOT NULL,
    PRIMARY KEY (account_id, survey_id)
) STRICT, WITHOUT ROWID;
