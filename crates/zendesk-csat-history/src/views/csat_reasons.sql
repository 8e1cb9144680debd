-- The reasons of the one table's rows, one row a reason: `reason_id` tells reasons apart, `label` is what it says now.
SELECT
    rows.subdomain AS subdomain,
    CAST(rows.source AS TEXT) AS source,
    CAST(rows.id AS TEXT) AS id,
    CAST(reason.value ->> 'id' AS TEXT) AS reason_id,
    CAST(reason.value ->> 'label' AS TEXT) AS label
FROM typed_csat_ms AS rows, json_each(rows.reasons) AS reason
WHERE rows.reasons <> '[]'
