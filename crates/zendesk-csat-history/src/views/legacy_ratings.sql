-- Every legacy rating as it is stored; `latest` is 1 for the last of a ticket's ratings, copies of a survey's answer left
-- aside.
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
