-- From when on rows are shown; null for all there is.
ALTER TABLE accounts ADD COLUMN since INTEGER;
-- The sync that was begun last; `runs` has those that came to their end.
ALTER TABLE accounts ADD COLUMN run INTEGER NOT NULL DEFAULT 0;
-- How long a survey can be answered: the longest that the account has shown, 28 days at least.
ALTER TABLE accounts ADD COLUMN answer_period INTEGER NOT NULL DEFAULT 2419200000;
-- How many ratings the account counts beyond those that were listed.
ALTER TABLE accounts ADD COLUMN ratings_missing INTEGER NOT NULL DEFAULT 0;

-- The sync that read this version: what was read later counts.
ALTER TABLE ratings ADD COLUMN run INTEGER NOT NULL DEFAULT 0;
ALTER TABLE survey_responses ADD COLUMN run INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tickets ADD COLUMN run INTEGER NOT NULL DEFAULT 0;
-- 1 where the service did not show it when it was last asked for, though it may be there: the rest is what was known.
ALTER TABLE tickets ADD COLUMN inaccessible INTEGER NOT NULL DEFAULT 0;
-- How often the options were asked for in vain.
ALTER TABLE questions ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
-- 1 where the record could be read and is stored, but has a time that cannot be.
ALTER TABLE malformed ADD COLUMN stored INTEGER NOT NULL DEFAULT 0;

-- What the service did not give: records that were asked for by their ids, and whole parts of the API, whose record is ''.
CREATE TABLE inaccessible (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    -- The table that it was meant for.
    kind       TEXT NOT NULL,
    record     TEXT NOT NULL,
    -- What the service said.
    error      TEXT NOT NULL,
    -- How many syncs have asked in vain.
    attempts   INTEGER NOT NULL,
    PRIMARY KEY (account_id, kind, record)
) STRICT, WITHOUT ROWID;
INSERT INTO inaccessible SELECT account_id, kind, record, error, 1 FROM withheld;
DROP TABLE withheld;

-- Options that were not shown were taken for none: they are asked for.
UPDATE questions SET option_count = NULL
WHERE option_count = 0 AND (type LIKE 'rating\_scale%' ESCAPE '\' OR type = 'closed_ended');

-- One account, however its name was spelled. What the spellings have read apart is read anew.
CREATE TEMP TABLE spellings AS
SELECT id AS other, (
    SELECT min(id) FROM accounts AS first WHERE lower(trim(first.subdomain)) = lower(trim(accounts.subdomain))
) AS account
FROM accounts;
DELETE FROM spellings WHERE other = account;
UPDATE OR IGNORE ratings SET account_id = (SELECT account FROM spellings WHERE other = account_id)
WHERE account_id IN (SELECT other FROM spellings);
DELETE FROM ratings WHERE account_id IN (SELECT other FROM spellings);
DELETE FROM answers
WHERE account_id IN (SELECT other FROM spellings) AND EXISTS (
    SELECT 1 FROM survey_responses AS kept
    WHERE kept.account_id = (SELECT account FROM spellings WHERE other = answers.account_id)
        AND kept.id = answers.survey_response_id
);
UPDATE OR IGNORE answers SET account_id = (SELECT account FROM spellings WHERE other = account_id)
WHERE account_id IN (SELECT other FROM spellings);
DELETE FROM answers WHERE account_id IN (SELECT other FROM spellings);
UPDATE OR IGNORE survey_responses SET account_id = (SELECT account FROM spellings WHERE other = account_id)
WHERE account_id IN (SELECT other FROM spellings);
DELETE FROM survey_responses WHERE account_id IN (SELECT other FROM spellings);
UPDATE OR IGNORE tickets SET account_id = (SELECT account FROM spellings WHERE other = account_id)
WHERE account_id IN (SELECT other FROM spellings);
DELETE FROM tickets WHERE account_id IN (SELECT other FROM spellings);
UPDATE OR IGNORE reasons SET account_id = (SELECT account FROM spellings WHERE other = account_id)
WHERE account_id IN (SELECT other FROM spellings);
DELETE FROM reasons WHERE account_id IN (SELECT other FROM spellings);
DELETE FROM options WHERE account_id IN (SELECT other FROM spellings);
DELETE FROM questions WHERE account_id IN (SELECT other FROM spellings);
UPDATE questions SET option_count = NULL WHERE account_id IN (SELECT account FROM spellings);
DELETE FROM malformed WHERE account_id IN (SELECT other FROM spellings);
DELETE FROM inaccessible WHERE account_id IN (SELECT other FROM spellings);
DELETE FROM limits WHERE account_id IN (SELECT other FROM spellings);

UPDATE accounts SET
    since = (SELECT since FROM walks WHERE account_id = accounts.id AND kind = 'survey_responses'),
    run = coalesce((SELECT max(number) FROM runs WHERE account_id = accounts.id), 0);
UPDATE accounts SET since = CASE
    WHEN since IS NULL OR EXISTS (
        SELECT 1 FROM accounts AS same
        WHERE same.since IS NULL AND same.id IN (SELECT other FROM spellings WHERE account = accounts.id)
    ) THEN NULL
    ELSE min(since, (
        SELECT min(same.since) FROM accounts AS same
        WHERE same.id IN (SELECT other FROM spellings WHERE account = accounts.id)
    ))
END
WHERE id IN (SELECT account FROM spellings);
DELETE FROM walks
WHERE account_id IN (SELECT other FROM spellings) OR account_id IN (SELECT account FROM spellings);
DELETE FROM runs WHERE account_id IN (SELECT other FROM spellings);
UPDATE accounts SET ratings_current_to = NULL WHERE id IN (SELECT account FROM spellings);
DELETE FROM accounts WHERE id IN (SELECT other FROM spellings);
DROP TABLE spellings;
UPDATE accounts SET subdomain = lower(trim(subdomain));

-- A survey was sent at the time in its id, a ULID; it was taken to be 28 days before it expires.
UPDATE survey_responses SET sent_at = (
    SELECT sum((instr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', substr(upper(id), digit, 1)) - 1) << (5 * (10 - digit)))
    FROM (
        SELECT 1 AS digit UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5
        UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9 UNION ALL SELECT 10
    )
)
WHERE length(id) = 26 AND upper(id) NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*' AND substr(id, 1, 1) BETWEEN '0' AND '7';
UPDATE ratings SET mirror = EXISTS (
    SELECT 1 FROM survey_responses AS s
    WHERE s.account_id = ratings.account_id
        AND s.ticket_id = ratings.ticket_id
        AND s.sent_at < (ratings.created_at / 1000 + 1) * 1000
);
