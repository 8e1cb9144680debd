-- The one table, with times as RFC 3339 text in UTC.
--
-- Nothing comes of the first SELECT and the last: they declare the types of the columns. SQLite takes those of a view from the
-- one, those of a view of the view from the other, and of an expression it knows none before version 3.41.
CREATE VIEW typed_csat AS
SELECT
    a.subdomain AS subdomain,
    s.id AS source,
    s.id AS id,
    r.id AS ticket_id,
    r.id AS requester_id,
    r.id AS assignee_id,
    r.id AS group_id,
    s.id AS attribution,
    s.id AS sent_at,
    s.id AS rated_at,
    s.id AS expires_at,
    s.id AS score,
    r.id AS rating,
    r.id AS scale,
    s.id AS reason,
    s.id AS reason_id,
    s.id AS comment,
    s.id AS survey_id,
    r.id AS survey_version,
    s.id AS locale,
    s.id AS ticket_subject,
    s.id AS ticket_status,
    s.id AS reasons,
    s.id AS first_rated_at,
    r.id AS is_latest,
    r.id AS is_offer
FROM accounts AS a, ratings AS r, survey_responses AS s
WHERE false
UNION ALL
SELECT
    subdomain,
    source,
    id,
    ticket_id,
    requester_id,
    assignee_id,
    group_id,
    attribution,
    CAST(strftime('%Y-%m-%dT%H:%M:%fZ', sent_at / 1000.0, 'unixepoch') AS TEXT) AS sent_at,
    CAST(strftime('%Y-%m-%dT%H:%M:%fZ', rated_at / 1000.0, 'unixepoch') AS TEXT) AS rated_at,
    CAST(strftime('%Y-%m-%dT%H:%M:%fZ', expires_at / 1000.0, 'unixepoch') AS TEXT) AS expires_at,
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
    ticket_status,
    reasons,
    CAST(strftime('%Y-%m-%dT%H:%M:%fZ', first_rated_at / 1000.0, 'unixepoch') AS TEXT) AS first_rated_at,
    is_latest,
    is_offer
FROM csat_ms
UNION ALL
SELECT
    a.subdomain AS subdomain,
    s.id AS source,
    s.id AS id,
    r.id AS ticket_id,
    r.id AS requester_id,
    r.id AS assignee_id,
    r.id AS group_id,
    s.id AS attribution,
    s.id AS sent_at,
    s.id AS rated_at,
    s.id AS expires_at,
    s.id AS score,
    r.id AS rating,
    r.id AS scale,
    s.id AS reason,
    s.id AS reason_id,
    s.id AS comment,
    s.id AS survey_id,
    r.id AS survey_version,
    s.id AS locale,
    s.id AS ticket_subject,
    s.id AS ticket_status,
    s.id AS reasons,
    s.id AS first_rated_at,
    r.id AS is_latest,
    r.id AS is_offer
FROM accounts AS a, ratings AS r, survey_responses AS s
WHERE false;
