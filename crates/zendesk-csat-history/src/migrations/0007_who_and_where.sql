-- What a ticket belongs to.
ALTER TABLE tickets ADD COLUMN brand_id INTEGER;
ALTER TABLE tickets ADD COLUMN organization_id INTEGER;
ALTER TABLE tickets ADD COLUMN ticket_form_id INTEGER;
ALTER TABLE tickets ADD COLUMN priority TEXT;
ALTER TABLE tickets ADD COLUMN type TEXT;
-- A JSON array; null where they were not read.
ALTER TABLE tickets ADD COLUMN tags TEXT;
ALTER TABLE tickets ADD COLUMN created_at INTEGER;

-- What ids stand for: their last name, null where the service never told one; whether it still is, as far as that is known; when
-- it was asked for.
CREATE TABLE agents (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    id         INTEGER NOT NULL,
    name       TEXT,
    active     INTEGER,
    read_at    INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE groups (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    id         INTEGER NOT NULL,
    name       TEXT,
    active     INTEGER,
    read_at    INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE brands (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    id         INTEGER NOT NULL,
    name       TEXT,
    active     INTEGER,
    read_at    INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE organizations (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    id         INTEGER NOT NULL,
    name       TEXT,
    active     INTEGER,
    read_at    INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE ticket_forms (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    id         INTEGER NOT NULL,
    name       TEXT,
    active     INTEGER,
    read_at    INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;
-- Customers: only where a sync was asked for their names.
CREATE TABLE requesters (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    id         INTEGER NOT NULL,
    name       TEXT,
    active     INTEGER,
    read_at    INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

-- The last sync whose rows were looked at for ids without a name, and when a list was read.
CREATE TABLE names_read (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    -- The table of the names.
    kind       TEXT NOT NULL,
    run        INTEGER NOT NULL,
    read_at    INTEGER,
    PRIMARY KEY (account_id, kind)
) STRICT, WITHOUT ROWID;

-- The calls that names took.
ALTER TABLE runs ADD COLUMN names INTEGER NOT NULL DEFAULT 0;

-- The tickets that are here already were read without what they belong to. They count as shown at a time that is not known:
-- the next sync reads all of them again. What was known of the service's clock stays.
INSERT INTO walks (account_id, kind, since, finished, horizon)
SELECT account_id, 'service_clock', NULL, 1, max(horizon) FROM walks GROUP BY account_id HAVING max(horizon) IS NOT NULL;
INSERT INTO walks (account_id, kind, since, finished)
SELECT account_id, 'shown_tickets', since, 1 FROM walks WHERE kind = 'tickets'
ON CONFLICT (account_id, kind) DO UPDATE SET since = min(since, excluded.since);
UPDATE walks SET cursor = NULL, start_at = NULL, horizon = NULL WHERE kind = 'shown_tickets';
DELETE FROM walks WHERE kind = 'tickets';
