-- The custom fields of tickets that the user has named. A name is one field's; it stands in views and nowhere else, so that
-- another name needs no new reading.
CREATE TABLE ticket_fields (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    id         INTEGER NOT NULL,
    name       TEXT NOT NULL,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, name)
) STRICT, WITHOUT ROWID;

-- The values of those fields: a JSON object by their ids, without those that are null or were not read.
ALTER TABLE tickets ADD COLUMN custom_fields TEXT NOT NULL DEFAULT '{}';
