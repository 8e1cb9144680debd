//! Scores as the tables hold them.

/// The scores of a rating that nobody has given yet.
pub(crate) const UNRATED: [&str; 2] = ["offered", "unoffered"];

const KNOWN: [&str; 5] = ["offered", "unoffered", "good", "neutral", "bad"];

/// A score in other letters, such as `Good`, is that score; one that nobody knows stays as it came.
pub(crate) fn normal(score: &str) -> &str {
    KNOWN
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(score))
        .unwrap_or(score)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_in_other_letters_is_that_score() {
        for (came, stored) in [
            ("good", "good"),
            ("Good", "good"),
            ("BAD", "bad"),
            ("Unoffered", "unoffered"),
            ("Great", "Great"),
            ("", ""),
        ] {
            assert_eq!(normal(came), stored);
        }
    }
}
