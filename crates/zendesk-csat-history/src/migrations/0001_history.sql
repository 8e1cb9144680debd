-- All times are integers, milliseconds since the Unix epoch, unless the view says otherwise.

CREATE TABLE accounts (
    id        INTEGER PRIMARY KEY,
    subdomain TEXT NOT NULL UNIQUE,
    -- The locale in which questions and options are read.
    locale    TEXT NOT NULL,
    -- What changed on tickets up to then has reached the stored ratings.
    ratings_current_to INTEGER
) STRICT;

-- Ratings of the legacy system.
CREATE TABLE ratings (
    account_id   INTEGER NOT NULL REFERENCES accounts (id),
    id           INTEGER NOT NULL,
    ticket_id    INTEGER,
    requester_id INTEGER,
    assignee_id  INTEGER,
    group_id     INTEGER,
    score        TEXT,
    comment      TEXT,
    reason       TEXT,
    reason_id    INTEGER,
    created_at   INTEGER,
    updated_at   INTEGER,
    -- 1 where the ticket had been sent a survey when the rating was made: the survey's answer counts, not this copy of it.
    mirror       INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX ratings_by_ticket ON ratings (account_id, ticket_id);
CREATE INDEX ratings_by_time ON ratings (account_id, created_at);

-- One row a survey response; the columns from `answered_at` on are read from its answers.
CREATE TABLE survey_responses (
    account_id         INTEGER NOT NULL REFERENCES accounts (id),
    id                 TEXT NOT NULL,
    ticket_id          INTEGER,
    responder_id       INTEGER,
    sent_at            INTEGER,
    expires_at         INTEGER,
    survey_id          TEXT,
    survey_version     INTEGER,
    -- The latest change of any answer.
    answered_at        INTEGER,
    -- The answer to the customer satisfaction question.
    csat_question_id   TEXT,
    score              TEXT,
    rating             INTEGER,
    rated_at           INTEGER,
    -- The first closed-ended answer: its question, and the ids of the chosen options as a JSON array.
    reason_question_id TEXT,
    reason_option_ids  TEXT,
    -- The first open-ended answer that says something.
    comment            TEXT,
    PRIMARY KEY (account_id, id)
) STRICT;

CREATE INDEX survey_responses_by_ticket ON survey_responses (account_id, ticket_id, sent_at);
CREATE INDEX survey_responses_by_time ON survey_responses (account_id, sent_at);

CREATE TABLE answers (
    account_id         INTEGER NOT NULL REFERENCES accounts (id),
    survey_response_id TEXT NOT NULL,
    position           INTEGER NOT NULL,
    type               TEXT,
    question_id        TEXT,
    question_type      TEXT,
    question_sub_type  TEXT,
    rating             INTEGER,
    rating_category    TEXT,
    -- The ids of the chosen options as a JSON array.
    option_ids         TEXT,
    value              TEXT,
    created_at         INTEGER,
    updated_at         INTEGER,
    PRIMARY KEY (account_id, survey_response_id, position)
) STRICT, WITHOUT ROWID;

-- The latest version of each ticket.
CREATE TABLE tickets (
    account_id     INTEGER NOT NULL REFERENCES accounts (id),
    id             INTEGER NOT NULL,
    -- When this version was made, in whole seconds.
    generated_at   INTEGER NOT NULL,
    subject        TEXT,
    status         TEXT,
    assignee_id    INTEGER,
    group_id       INTEGER,
    -- The ticket's latest legacy rating, as the ticket shows it.
    rating_id      INTEGER,
    rating_score   TEXT,
    rating_comment TEXT,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

-- The reasons that a legacy rating can have.
CREATE TABLE reasons (
    account_id  INTEGER NOT NULL REFERENCES accounts (id),
    id          INTEGER NOT NULL,
    reason_code INTEGER,
    value       TEXT,
    deleted_at  INTEGER,
    PRIMARY KEY (account_id, id)
) STRICT, WITHOUT ROWID;

-- The questions that were answered; what they say is null until it was read.
CREATE TABLE questions (
    account_id     INTEGER NOT NULL REFERENCES accounts (id),
    survey_id      TEXT NOT NULL,
    survey_version INTEGER NOT NULL,
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
    PRIMARY KEY (account_id, survey_id, survey_version, locale, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE options (
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
    PRIMARY KEY (account_id, survey_id, survey_version, locale, question_id, position)
) STRICT, WITHOUT ROWID;

-- Records that could not be read, as they came.
CREATE TABLE malformed (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    -- The table that the record was meant for.
    kind       TEXT NOT NULL,
    -- The record's id; where it shows none, its page and its place there.
    record     TEXT NOT NULL,
    -- Where in the record the fault is.
    path       TEXT NOT NULL,
    message    TEXT NOT NULL,
    raw        TEXT NOT NULL,
    -- What its page was asked for by, and how often it was asked for again.
    start_at   INTEGER,
    cursor     TEXT,
    attempts   INTEGER NOT NULL,
    PRIMARY KEY (account_id, kind, record)
) STRICT, WITHOUT ROWID;

-- How far each listing was read.
CREATE TABLE walks (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    -- The table that the walk fills.
    kind       TEXT NOT NULL,
    -- How far back the rows reach; null for all there is.
    since      INTEGER,
    -- From when on the walk lists; null for all there is.
    start_at   INTEGER,
    -- Where to go on: of an unfinished walk the next page, of the ticket export the next run.
    cursor     TEXT,
    finished   INTEGER NOT NULL,
    -- The latest moment of the service's clock known not to be after what the walk must read again.
    horizon    INTEGER,
    PRIMARY KEY (account_id, kind)
) STRICT, WITHOUT ROWID;

-- The one table, with times in milliseconds since the Unix epoch.
CREATE VIEW csat_ms AS
SELECT
    a.subdomain AS subdomain,
    'rating' AS source,
    CAST(r.id AS TEXT) AS id,
    r.ticket_id AS ticket_id,
    r.requester_id AS requester_id,
    CASE WHEN r.assignee_id IS NULL AND r.group_id IS NULL THEN t.assignee_id ELSE r.assignee_id END AS assignee_id,
    CASE WHEN r.assignee_id IS NULL AND r.group_id IS NULL THEN t.group_id ELSE r.group_id END AS group_id,
    CASE
        WHEN r.assignee_id IS NOT NULL OR r.group_id IS NOT NULL THEN 'rating'
        WHEN t.assignee_id IS NOT NULL OR t.group_id IS NOT NULL THEN 'ticket'
    END AS attribution,
    r.created_at AS sent_at,
    CASE WHEN r.score IN ('good', 'bad') THEN coalesce(r.updated_at, r.created_at) END AS rated_at,
    NULL AS expires_at,
    CASE WHEN r.score IN ('good', 'bad') THEN r.score END AS score,
    NULL AS rating,
    NULL AS scale,
    coalesce(r.reason, reasons.value) AS reason,
    CAST(r.reason_id AS TEXT) AS reason_id,
    nullif(r.comment, '') AS comment,
    NULL AS survey_id,
    NULL AS survey_version,
    NULL AS locale,
    t.subject AS ticket_subject,
    t.status AS ticket_status
FROM ratings AS r
JOIN accounts AS a ON a.id = r.account_id
LEFT JOIN tickets AS t ON t.account_id = r.account_id AND t.id = r.ticket_id
LEFT JOIN reasons ON reasons.account_id = r.account_id AND reasons.id = r.reason_id
WHERE r.mirror = 0 AND r.score IN ('offered', 'good', 'bad')
UNION ALL
SELECT
    a.subdomain,
    'survey',
    s.id,
    s.ticket_id,
    s.responder_id,
    t.assignee_id,
    t.group_id,
    CASE WHEN t.assignee_id IS NOT NULL OR t.group_id IS NOT NULL THEN 'ticket' END,
    s.sent_at,
    s.rated_at,
    s.expires_at,
    s.score,
    s.rating,
    q.option_count,
    CASE WHEN s.reason_option_ids IS NOT NULL THEN (
        SELECT nullif(group_concat(label, '; '), '')
        FROM (
            SELECT o.label AS label
            FROM json_each(s.reason_option_ids) AS chosen
            JOIN options AS o
                ON o.account_id = s.account_id
                AND o.survey_id = s.survey_id
                AND o.survey_version = s.survey_version
                AND o.locale = a.locale
                AND o.question_id = s.reason_question_id
                AND o.id = chosen.value
            WHERE o.label <> ''
            ORDER BY chosen.key
        )
    ) END,
    CASE WHEN s.reason_option_ids IS NOT NULL THEN (
        SELECT nullif(group_concat(value, '; '), '')
        FROM (SELECT value FROM json_each(s.reason_option_ids) ORDER BY key)
    ) END,
    s.comment,
    s.survey_id,
    s.survey_version,
    CASE WHEN q.option_count IS NOT NULL THEN q.locale END,
    t.subject,
    t.status
FROM survey_responses AS s
JOIN accounts AS a ON a.id = s.account_id
LEFT JOIN tickets AS t ON t.account_id = s.account_id AND t.id = s.ticket_id
LEFT JOIN questions AS q
    ON q.account_id = s.account_id
    AND q.survey_id = s.survey_id
    AND q.survey_version = s.survey_version
    AND q.locale = a.locale
    AND q.id = s.csat_question_id;

-- The one table, with times as RFC 3339 text in UTC.
CREATE VIEW csat AS
SELECT
    subdomain,
    source,
    id,
    ticket_id,
    requester_id,
    assignee_id,
    group_id,
    attribution,
    strftime('%Y-%m-%dT%H:%M:%fZ', sent_at / 1000.0, 'unixepoch') AS sent_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', rated_at / 1000.0, 'unixepoch') AS rated_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', expires_at / 1000.0, 'unixepoch') AS expires_at,
    score,
    rating,
    scale,
    reason,
    reason_id,
    comment,
    survey_id,
    survey_version,
    locale,
    ticket_subject,
    ticket_status
FROM csat_ms;
