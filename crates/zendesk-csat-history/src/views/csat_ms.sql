-- See typed_csat_ms.
CREATE VIEW csat_ms AS SELECT * FROM typed_csat_ms;
