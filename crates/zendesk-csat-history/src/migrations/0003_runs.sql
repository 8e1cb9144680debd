-- Records that were asked for by their id and that the service did not show.
CREATE TABLE withheld (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    -- The table that the record was meant for.
    kind       TEXT NOT NULL,
    record     TEXT NOT NULL,
    -- What the service said.
    error      TEXT NOT NULL,
    PRIMARY KEY (account_id, kind, record)
) STRICT, WITHOUT ROWID;

-- Every sync that came to its end, and what it needed.
CREATE TABLE runs (
    account_id       INTEGER NOT NULL REFERENCES accounts (id),
    number           INTEGER NOT NULL,
    -- How the answers were read: 'listings' or 'audits'.
    via              TEXT NOT NULL,
    since            INTEGER,
    -- 1 where it was the first to reach that far back.
    first            INTEGER NOT NULL,
    -- The latest moment of the service's clock known then.
    as_of            INTEGER,
    support          INTEGER NOT NULL,
    help_center      INTEGER NOT NULL,
    incremental      INTEGER NOT NULL,
    oauth            INTEGER NOT NULL,
    ratings          INTEGER NOT NULL,
    survey_responses INTEGER NOT NULL,
    tickets          INTEGER NOT NULL,
    PRIMARY KEY (account_id, number)
) STRICT, WITHOUT ROWID;

-- The limits seen last, in calls a minute.
CREATE TABLE limits (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    bucket     TEXT NOT NULL,
    a_minute   INTEGER NOT NULL,
    PRIMARY KEY (account_id, bucket)
) STRICT, WITHOUT ROWID;
