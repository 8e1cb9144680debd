-- Every legacy rating as it is stored; `latest` is 1 for the last of a ticket's ratings, copies of a survey's answer left
-- aside.
--
-- Nothing comes of the first SELECT and the last: they declare the types of the columns. SQLite takes those of a view from the
-- one, those of a view of the view from the other, and of an expression it knows none before version 3.41.
CREATE VIEW typed_legacy_ratings AS
SELECT
    a.subdomain AS subdomain,
    r.id AS id,
    r.id AS ticket_id,
    r.id AS requester_id,
    r.id AS assignee_id,
    r.id AS group_id,
    s.id AS score,
    s.id AS comment,
    s.id AS reason,
    r.id AS reason_id,
    r.id AS created_at,
    r.id AS updated_at,
    s.id AS copy_of,
    r.id AS uncertain_copy,
    r.id AS first_rated_at,
    r.id AS is_offer,
    r.id AS is_latest,
    r.id AS latest
FROM accounts AS a, ratings AS r, survey_responses AS s
WHERE false
UNION ALL
SELECT
    a.subdomain AS subdomain,
    r.id AS id,
    r.ticket_id AS ticket_id,
    r.requester_id AS requester_id,
    r.assignee_id AS assignee_id,
    r.group_id AS group_id,
    r.score AS score,
    r.comment AS comment,
    r.reason AS reason,
    r.reason_id AS reason_id,
    r.created_at AS created_at,
    r.updated_at AS updated_at,
    r.copy_of AS copy_of,
    r.uncertain_copy AS uncertain_copy,
    r.first_rated_at AS first_rated_at,
    r.is_offer AS is_offer,
    r.is_latest AS is_latest,
    CAST(r.copy_of IS NULL AND NOT EXISTS (
        SELECT 1 FROM ratings AS later
        WHERE later.account_id = r.account_id
            AND later.ticket_id = r.ticket_id
            AND later.copy_of IS NULL
            AND (later.created_at, later.id) > (r.created_at, r.id)
    ) AS INTEGER) AS latest
FROM ratings AS r
JOIN accounts AS a ON a.id = r.account_id
WHERE coalesce(r.created_at >= a.since, true)
UNION ALL
SELECT
    a.subdomain AS subdomain,
    r.id AS id,
    r.id AS ticket_id,
    r.id AS requester_id,
    r.id AS assignee_id,
    r.id AS group_id,
    s.id AS score,
    s.id AS comment,
    s.id AS reason,
    r.id AS reason_id,
    r.id AS created_at,
    r.id AS updated_at,
    s.id AS copy_of,
    r.id AS uncertain_copy,
    r.id AS first_rated_at,
    r.id AS is_offer,
    r.id AS is_latest,
    r.id AS latest
FROM accounts AS a, ratings AS r, survey_responses AS s
WHERE false;
