//! Sample texts: subjects, names, and comments as customers of many places write them.

/// What a customer wrote, kept as a number where it is one of the samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Comment {
    Null,
    Empty,
    Sample(u32),
    Written(Box<str>),
    /// What was written, cut in the middle of the emoji after it.
    Cut(Box<str>),
}

/// What stands for half an emoji, which no text can hold, until the answer is sent.
pub(crate) const HALF_EMOJI: &str = "\u{FDD0}half\u{FDD1}";

impl Comment {
    pub(crate) fn text(&self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Empty => Some(String::new()),
            Self::Sample(number) => Some(sample(*number)),
            Self::Written(text) => Some(text.to_string()),
            Self::Cut(text) => Some(format!("{text}{HALF_EMOJI}")),
        }
    }

    /// The text as whoever reads it sees it.
    pub(crate) fn text_as_read(&self) -> Option<String> {
        match self {
            Self::Cut(text) => Some(format!("{text}\u{FFFD}")),
            whole => whole.text(),
        }
    }

    /// Ends a text that is written and whole in half an emoji.
    pub(crate) fn cut(&mut self) {
        if let (Self::Sample(_) | Self::Written(_), Some(text)) = (&*self, self.text()) {
            *self = Self::Cut(text.into());
        }
    }

    pub(crate) fn is_written(&self) -> bool {
        match self {
            Self::Null | Self::Empty => false,
            Self::Sample(_) => true,
            Self::Written(text) => !text.is_empty(),
            Self::Cut(_) => true,
        }
    }

    /// A sample for a happy or an unhappy customer.
    pub(crate) fn sampled(happy: bool, draw: u32) -> Self {
        Self::Sample((draw << 1) | u32::from(happy))
    }
}

const HAPPY: &[&str] = &[
    "Great help, thank you!",
    "Solved in one message.",
    "Quick and friendly.",
    "The agent understood the problem at once and stayed until it worked.",
    "👍",
    "Merci beaucoup, réponse très claire 🙏",
    "Vielen Dank für die schnelle Hilfe!",
    "شكرا جزيلا، كانت الخدمة ممتازة",
    "תודה רבה, שירות מצוין",
    "対応が早くて助かりました。",
    "服务很好,问题已经解决。",
    "Большое спасибо, всё работает.",
    "धन्यवाद, समस्या हल हो गई।",
    "Ευχαριστώ πολύ!",
    "<b>Excellent</b> & \"fast\" service",
    "=1+1 is easier than your form, but the agent was great",
    "Everything works now.\nBoth orders arrived.\n\nThanks,\na happy customer",
    "10/10 💯 would ask again",
    "  thanks  ",
    "Ticket closed, invoice corrected; refund seen on 03/04.",
];

const UNHAPPY: &[&str] = &[
    "Nobody answered for four days.",
    "I had to explain the same thing three times.",
    "Not resolved. The parcel is still missing.",
    "The answer was copied from the help page.",
    "😡😡",
    "Trop long, et toujours pas de solution.",
    "Leider keine Lösung, nur Textbausteine.",
    "لم يتم حل المشكلة حتى الآن",
    "לא קיבלתי תשובה",
    "返信が遅すぎます。",
    "等了一个星期没有结果。",
    "Ответ не помог.",
    "No me resolvieron nada; sigo esperando el reembolso…",
    "<script>alert('hello')</script>",
    "=HYPERLINK(\"http://example.com\";\"click\")",
    "-2 stars, if I could",
    "@support: please call me back",
    "First answer: wrong.\r\nSecond answer: wrong.\r\nThird answer: none.",
    "\"Fixed\", they say; \\ it is not. 100% broken, {see} [screenshot]",
    "null",
];

fn pick<'a>(list: &[&'a str], draw: u32) -> &'a str {
    list.get(draw as usize % list.len()).copied().unwrap_or_default()
}

fn sample(number: u32) -> String {
    let happy = number & 1 == 1;
    let draw = number >> 1;
    let list = if happy { HAPPY } else { UNHAPPY };
    let text = pick(list, draw);
    if draw % 47 == 13 {
        long(list, draw)
    } else {
        text.to_owned()
    }
}

/// A comment of a few thousand characters.
fn long(list: &[&str], draw: u32) -> String {
    let mut text = String::new();
    for sentence in 0..60 {
        text.push_str(pick(list, draw.wrapping_mul(31).wrapping_add(sentence * 7)));
        text.push(' ');
    }
    text
}

const SUBJECTS: &[&str] = &[
    "Order has not arrived",
    "Refund for a returned item",
    "Cannot sign in",
    "Invoice shows the wrong address",
    "Question about my plan",
    "Kann mein Passwort nicht ändern",
    "Livraison en retard",
    "الطلب لم يصل",
    "パスワードを忘れました",
    "App crashes on start 📱",
    "Re: Re: Fwd: parcel, again",
    "Broken on arrival",
    "Change of delivery address",
    "Export fails with \"unknown error\"",
    "API key stopped working",
];

pub(crate) fn subject(draw: u64) -> String {
    let topic = pick(SUBJECTS, u32::try_from(draw % 1_000).unwrap_or_default());
    match (draw >> 16) % 3 {
        0 => topic.to_owned(),
        1 => format!("{topic} (no. {})", 10_000 + (draw >> 24) % 90_000),
        _ => format!("{topic} - {}", 100_000 + (draw >> 20) % 900_000),
    }
}

pub(crate) fn description(draw: u64) -> String {
    let list = if draw & 1 == 0 { HAPPY } else { UNHAPPY };
    format!(
        "Hello,\n\nI wrote about this before, reference {:06}. What I expected did not happen. {}\n\nPlease tell me what to do next. I can send screenshots \
         and the order confirmation if they help.\n\nKind regards",
        draw % 1_000_000,
        pick(list, u32::try_from((draw >> 8) % 997).unwrap_or_default()),
    )
}

const FIRST_NAMES: &[&str] = &[
    "Amina", "Bruno", "Chiara", "Daniel", "Elif", "Farid", "Grace", "Hiro", "Ingrid", "Jonas", "Katya",
    "Luis", "Mei", "Noah", "Olga", "Priya", "Quentin", "Rosa", "Samir", "Tove", "Uma", "Viktor", "Wanda",
    "Yusuf", "Zoë",
];
const LAST_NAMES: &[&str] = &[
    "Almeida", "Berg", "Costa", "Dubois", "Eriksen", "Fischer", "García", "Haddad", "Ito", "Jansen",
    "Kowalski", "Lopez", "Müller", "Novak", "O'Neill", "Popov",
];

pub(crate) fn name(draw: u64) -> String {
    let first = pick(FIRST_NAMES, u32::try_from(draw % 1_000_003).unwrap_or_default());
    let last = pick(
        LAST_NAMES,
        u32::try_from((draw >> 32) % 1_000_003).unwrap_or_default(),
    );
    format!("{first} {last}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_comment_is_not_written_and_a_sample_is() {
        assert!(!Comment::Null.is_written());
        assert!(!Comment::Empty.is_written());
        assert!(Comment::sampled(true, 3).is_written());
        assert_eq!(Comment::Empty.text().as_deref(), Some(""));
    }

    #[test]
    fn some_comments_are_long_and_some_are_right_to_left() {
        let texts: Vec<String> = (0..500)
            .filter_map(|draw| Comment::sampled(false, draw).text())
            .collect();
        assert!(texts.iter().any(|text| text.chars().count() > 1_000));
        assert!(texts.iter().any(|text| text.contains("לא")));
        assert!(texts.iter().any(|text| text.starts_with('=')));
    }
}
