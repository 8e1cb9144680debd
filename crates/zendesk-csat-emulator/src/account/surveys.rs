//! The account's surveys: what each version asked, in the languages it asked it in.

use ulid::Ulid;

use super::ids::{domain, mix, ulid_at};

/// The languages that dynamic texts are translated into; the first is the fallback.
pub(crate) const LOCALES: [&str; 4] = ["en-us", "de", "fr", "ja"];

/// A text that customers see.
#[derive(Debug, Clone)]
pub(crate) enum Text {
    Static(String),
    /// A placeholder, with one translation for each of [`LOCALES`].
    Dynamic {
        key: &'static str,
        values: [&'static str; 4],
    },
}

impl Text {
    pub(crate) fn in_locale(&self, locale: &str) -> &str {
        match self {
            Self::Static(value) => value,
            Self::Dynamic { values, .. } => {
                let place = LOCALES
                    .iter()
                    .position(|known| known.eq_ignore_ascii_case(locale))
                    .unwrap_or_default();
                values[place]
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QuestionType {
    Numeric,
    Emoji,
    CustomText,
    ClosedEnded,
    OpenEnded,
}

impl QuestionType {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Numeric => "rating_scale_numeric",
            Self::Emoji => "rating_scale_emoji",
            Self::CustomText => "rating_scale_custom_text",
            Self::ClosedEnded => "closed_ended",
            Self::OpenEnded => "open_ended",
        }
    }

    pub(crate) fn is_scale(self) -> bool {
        matches!(self, Self::Numeric | Self::Emoji | Self::CustomText)
    }
}

/// One choice of a question: a point of a scale or an option of a closed question.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) id: Ulid,
    /// 0 on closed questions.
    pub(crate) rating: u8,
    pub(crate) label: Text,
    pub(crate) emoji: Option<&'static str>,
    /// The question that is asked of who chooses it.
    pub(crate) follow_up: Option<Ulid>,
}

#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) id: Ulid,
    pub(crate) kind: QuestionType,
    /// `customer_satisfaction` or `other`, on scales only.
    pub(crate) sub_type: Option<&'static str>,
    pub(crate) alias: Option<&'static str>,
    pub(crate) headline: Option<Text>,
    /// Whether it asks for the reason of a rating.
    pub(crate) asks_why: bool,
    /// Whether more than one option may be chosen.
    pub(crate) several: bool,
    pub(crate) choices: Vec<Choice>,
}

impl Question {
    pub(crate) fn is_csat(&self) -> bool {
        self.sub_type == Some("customer_satisfaction")
    }

    /// `bad`, `neutral` or `good`: what a rating on this scale counts as.
    pub(crate) fn category(&self, rating: u8) -> &'static str {
        match (self.choices.len(), rating) {
            (2, 2) | (3, 3) | (5, 4 | 5) => "good",
            (3, 2) | (5, 3) => "neutral",
            _ => "bad",
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Survey {
    pub(crate) id: Ulid,
    pub(crate) enabled: bool,
    /// Milliseconds since the epoch.
    pub(crate) created: i64,
}

/// What a survey asked from one instant on.
#[derive(Debug, Clone)]
pub(crate) struct SurveyVersion {
    pub(crate) survey: usize,
    pub(crate) number: u32,
    /// Milliseconds since the epoch.
    pub(crate) from: i64,
    pub(crate) questions: Vec<Question>,
}

impl SurveyVersion {
    /// Where the customer satisfaction question stands.
    pub(crate) fn csat(&self) -> Option<(u8, &Question)> {
        let (place, question) = self
            .questions
            .iter()
            .enumerate()
            .find(|(_, question)| question.is_csat())?;
        Some((u8::try_from(place).ok()?, question))
    }
}

/// The surveys of an account and all their versions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Surveys {
    pub(crate) surveys: Vec<Survey>,
    pub(crate) versions: Vec<SurveyVersion>,
}

/// The survey for tickets, the one for conversations, and one that was tried and switched off.
pub(crate) const TICKET_SURVEY: usize = 0;
pub(crate) const CONVERSATION_SURVEY: usize = 1;
pub(crate) const DISABLED_SURVEY: usize = 2;

struct Author {
    seed: u64,
    born: i64,
}

impl Author {
    fn ulid(&self, name: &str) -> Ulid {
        let number = name.bytes().fold(0_u64, |sum, byte| {
            sum.wrapping_mul(257).wrapping_add(u64::from(byte))
        });
        Ulid(ulid_at(self.born, mix(self.seed, domain::SURVEY, number)))
    }

    fn scale(
        &self,
        name: &str,
        kind: QuestionType,
        csat: bool,
        labels: Vec<(Text, Option<&'static str>)>,
    ) -> Question {
        Question {
            id: self.ulid(name),
            kind,
            sub_type: Some(if csat { "customer_satisfaction" } else { "other" }),
            alias: Some(if csat {
                "customer satisfaction rating"
            } else {
                "effort"
            }),
            headline: Some(Text::Dynamic {
                key: if csat {
                    "dc.surveys.customer_satisfaction.questions.rating"
                } else {
                    "dc.surveys.effort.questions.rating"
                },
                values: if csat {
                    [
                        "How was the support you received?",
                        "Wie war unsere Hilfe?",
                        "Comment était notre aide ?",
                        "サポートはいかがでしたか?",
                    ]
                } else {
                    [
                        "How easy was it?",
                        "Wie leicht war es?",
                        "Était-ce facile ?",
                        "簡単でしたか?",
                    ]
                },
            }),
            asks_why: false,
            several: false,
            choices: labels
                .into_iter()
                .enumerate()
                .map(|(place, (label, emoji))| Choice {
                    id: self.ulid(&format!("{name}/{place}")),
                    rating: u8::try_from(place + 1).unwrap_or(u8::MAX),
                    label,
                    emoji,
                    follow_up: None,
                })
                .collect(),
        }
    }

    fn closed(&self, name: &str, alias: Option<&'static str>, labels: Vec<Text>) -> Question {
        Question {
            id: self.ulid(name),
            kind: QuestionType::ClosedEnded,
            sub_type: None,
            alias,
            headline: Some(Text::Static("What should we do better?".to_owned())),
            asks_why: name == "reason",
            several: false,
            choices: labels
                .into_iter()
                .enumerate()
                .map(|(place, label)| Choice {
                    id: self.ulid(&format!("{name}/{place}")),
                    rating: 0,
                    label,
                    emoji: None,
                    follow_up: None,
                })
                .collect(),
        }
    }

    /// The question for what was wrong; one answer is allowed, as is the default, or `several`.
    fn why(&self, alias: Option<&'static str>, labels: Vec<Text>, several: bool) -> Question {
        Question {
            several,
            ..self.closed("reason", alias, labels)
        }
    }

    fn open(&self, name: &str, alias: Option<&'static str>, headline: Option<Text>) -> Question {
        Question {
            id: self.ulid(name),
            kind: QuestionType::OpenEnded,
            sub_type: None,
            alias,
            headline,
            asks_why: false,
            several: false,
            choices: Vec::new(),
        }
    }
}

fn fixed(text: &str) -> Text {
    Text::Static(text.to_owned())
}

fn five_words() -> Vec<Text> {
    const KEYS: [(&str, [&str; 4]); 5] = [
        (
            "dc.surveys.rating.options.very_bad",
            [
                "Very unsatisfied",
                "Sehr unzufrieden",
                "Très insatisfait",
                "とても不満",
            ],
        ),
        (
            "dc.surveys.rating.options.bad",
            ["Unsatisfied", "Unzufrieden", "Insatisfait", "不満"],
        ),
        (
            "dc.surveys.rating.options.neutral",
            ["Neither", "Weder noch", "Ni l'un ni l'autre", "どちらでもない"],
        ),
        (
            "dc.surveys.rating.options.good",
            ["Satisfied", "Zufrieden", "Satisfait", "満足"],
        ),
        (
            "dc.surveys.rating.options.very_good",
            ["Very satisfied", "Sehr zufrieden", "Très satisfait", "とても満足"],
        ),
    ];
    KEYS.iter()
        .map(|&(key, values)| Text::Dynamic { key, values })
        .collect()
}

fn five_faces() -> Vec<(Text, Option<&'static str>)> {
    five_words()
        .into_iter()
        .zip(["😞", "🙁", "😐", "🙂", "😀"])
        .map(|(label, face)| (label, Some(face)))
        .collect()
}

/// The questions with what leads to the one for reasons: the points of the scale that are not good.
fn led(mut questions: Vec<Question>) -> Vec<Question> {
    let why = questions
        .iter()
        .find(|question| question.asks_why)
        .map(|question| question.id);
    if let Some(csat) = questions.iter_mut().find(|question| question.is_csat()) {
        let categories: Vec<_> = csat
            .choices
            .iter()
            .map(|choice| csat.category(choice.rating))
            .collect();
        for (choice, category) in csat.choices.iter_mut().zip(categories) {
            choice.follow_up = why.filter(|_| category != "good");
        }
    }
    questions
}

/// A reason before and after the fifth version of the survey renamed it.
const UNRENAMED: &str = "The answer was hard to follow";
const RENAMED: &str = "The answer was not clear";

fn reasons(hard_to_follow: &str) -> Vec<Text> {
    vec![
        Text::Dynamic {
            key: "dc.surveys.reason.options.too_long",
            values: [
                "It took too long",
                "Es dauerte zu lange",
                "C'était trop long",
                "時間がかかりすぎた",
            ],
        },
        Text::Dynamic {
            key: "dc.surveys.reason.options.not_resolved",
            values: [
                "The problem is still there",
                "Das Problem besteht noch",
                "Le problème persiste",
                "問題が解決していない",
            ],
        },
        fixed(hard_to_follow),
        fixed("Not friendly; not helpful"),
        fixed(""),
    ]
}

impl Surveys {
    /// Five versions of the ticket survey from `from` to `until`, one of the conversation survey, one of a disabled one.
    pub(crate) fn new(seed: u64, from: i64, until: i64) -> Self {
        let author = Author {
            seed,
            born: from - 86_400_000,
        };
        let numbers = |count: u8| {
            (1..=count)
                .map(|point| (fixed(&point.to_string()), None))
                .collect::<Vec<_>>()
        };
        let asks = [
            vec![
                author.scale("csat", QuestionType::Emoji, true, five_faces()),
                author.why(Some("reason"), reasons(UNRENAMED), false),
                author.open("comment", Some("comment"), Some(fixed("Anything else?"))),
            ],
            vec![
                author.scale(
                    "csat/2",
                    QuestionType::Numeric,
                    true,
                    vec![
                        (
                            Text::Dynamic {
                                key: "dc.surveys.rating.options.bad_rating",
                                values: ["Bad", "Schlecht", "Mauvais", "悪い"],
                            },
                            None,
                        ),
                        (
                            Text::Dynamic {
                                key: "dc.surveys.rating.options.good_rating",
                                values: ["Good", "Gut", "Bon", "良い"],
                            },
                            None,
                        ),
                    ],
                ),
                author.why(Some("reason"), reasons(UNRENAMED), false),
                author.open("comment", Some("comment"), Some(fixed("Anything else?"))),
                author.open("more", Some("additional comment"), Some(fixed("And besides?"))),
            ],
            vec![
                author.open("comment", None, None),
                author.scale(
                    "csat/3",
                    QuestionType::CustomText,
                    true,
                    vec![
                        (fixed("Not OK"), None),
                        (fixed("So-so"), None),
                        (fixed("OK"), None),
                    ],
                ),
                author.why(None, reasons(UNRENAMED), false),
            ],
            vec![
                author.scale("effort", QuestionType::Numeric, false, numbers(5)),
                author.scale("csat", QuestionType::Numeric, true, numbers(2)),
                Question {
                    headline: Some(fixed("What was it about?")),
                    ..author.closed(
                        "area",
                        Some("area"),
                        vec![fixed("Product"), fixed("Delivery"), fixed("Support")],
                    )
                },
                author.why(Some("reason"), reasons(UNRENAMED), true),
                author.open("comment", Some("comment"), Some(fixed("Anything else?"))),
            ],
            vec![
                author.scale("csat", QuestionType::Emoji, true, five_faces()),
                author.why(Some("reason"), reasons(RENAMED), true),
                author.open("comment", Some("comment"), Some(fixed("Anything else?"))),
                author.open("more", Some("additional comment"), Some(fixed("And besides?"))),
            ],
        ];
        let span = until - from;
        let mut versions: Vec<SurveyVersion> = asks
            .into_iter()
            .zip(1_u32..)
            .map(|(questions, number)| SurveyVersion {
                survey: TICKET_SURVEY,
                number,
                from: from + span * i64::from(number - 1) * 17 / 100,
                questions: led(questions),
            })
            .collect();
        versions.push(SurveyVersion {
            survey: CONVERSATION_SURVEY,
            number: 12,
            from,
            questions: vec![
                author.scale(
                    "chat",
                    QuestionType::CustomText,
                    true,
                    vec![
                        (fixed("👎 Bad"), None),
                        (fixed("Fine"), None),
                        (fixed("👍 Good"), None),
                    ],
                ),
                author.open("chat/comment", Some("comment"), None),
            ],
        });
        versions.push(SurveyVersion {
            survey: DISABLED_SURVEY,
            number: 3,
            from,
            questions: vec![
                author.scale("pilot", QuestionType::Emoji, true, five_faces()),
                author.open("pilot/comment", Some("comment"), Some(fixed("Why?"))),
            ],
        });
        let survey = |name: &str, enabled| Survey {
            id: author.ulid(name),
            enabled,
            created: author.born,
        };
        Self {
            surveys: vec![
                survey("tickets", true),
                survey("conversations", true),
                survey("pilot", false),
            ],
            versions,
        }
    }

    /// An option as the newest version that offers it has it.
    pub(crate) fn newest<'a>(&'a self, choice: &'a Choice) -> &'a Choice {
        let of = |version: &'a SurveyVersion| {
            let choices = version.questions.iter().flat_map(|question| &question.choices);
            choices.into_iter().find(|other| other.id == choice.id)
        };
        self.versions.iter().rev().find_map(of).unwrap_or(choice)
    }

    /// The version of a survey in force at that instant, by its place in `versions`.
    pub(crate) fn in_force(&self, survey: usize, at: i64) -> Option<u8> {
        let place = self
            .versions
            .iter()
            .rposition(|version| version.survey == survey && version.from <= at)?;
        u8::try_from(place).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_of_two_three_and_five_points_are_all_asked() {
        let surveys = Surveys::new(7, 1_000_000_000, 2_000_000_000);
        let points: std::collections::BTreeSet<usize> = surveys
            .versions
            .iter()
            .filter_map(|version| version.csat())
            .map(|(_, question)| question.choices.len())
            .collect();
        assert_eq!(points.into_iter().collect::<Vec<_>>(), [2, 3, 5]);
    }

    #[test]
    fn one_question_id_may_have_another_number_of_points_in_a_later_version() {
        let surveys = Surveys::new(7, 1_000_000_000, 2_000_000_000);
        let points = |place: usize| {
            surveys.versions[place]
                .csat()
                .map(|(_, question)| (question.id, question.choices.len()))
                .unwrap()
        };
        assert_eq!(points(0).0, points(3).0);
        assert_ne!(points(0).1, points(3).1);
    }

    #[test]
    fn the_version_in_force_is_the_latest_begun() {
        let surveys = Surveys::new(7, 1_000, 101_000);
        assert_eq!(surveys.in_force(TICKET_SURVEY, 999), None);
        assert_eq!(surveys.in_force(TICKET_SURVEY, 1_000), Some(0));
        assert_eq!(surveys.in_force(TICKET_SURVEY, 100_000), Some(4));
    }

    #[test]
    fn texts_fall_back_to_english() {
        let label = &reasons(RENAMED)[0];
        assert_eq!(label.in_locale("DE"), "Es dauerte zu lange");
        assert_eq!(label.in_locale("xx"), "It took too long");
    }
}
