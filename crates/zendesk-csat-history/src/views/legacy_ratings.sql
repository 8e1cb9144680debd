-- See typed_legacy_ratings.
CREATE VIEW legacy_ratings AS SELECT * FROM typed_legacy_ratings;
