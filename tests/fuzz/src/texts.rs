//! Texts as nobody means them.

use crate::case::Case;

const PARTS: [&str; 40] = [
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\0",
    "\u{1b}[2J",
    "\u{9b}",
    "\u{202e}",
    "\u{feff}",
    "\u{200b}",
    "\u{2028}",
    "'",
    "\"",
    "\\",
    ",",
    ";",
    "|",
    " ",
    "/",
    "..",
    "%2e",
    "%",
    "&",
    "?",
    "#",
    "[",
    "]",
    "{",
    "}",
    "é",
    "🙂",
    "\u{fffd}",
    "0",
    "9",
    "a",
    "Z",
    "＝",
];

impl Case<'_> {
    /// Up to so many parts that mean something to somebody.
    pub(crate) fn text(&mut self, parts: usize) -> String {
        let parts = self.random.usize(..=parts);
        (0..parts).map(|_| self.part()).collect()
    }

    fn part(&mut self) -> String {
        match self.random.u32(..8) {
            0 => self.random.char(..).to_string(),
            1 => self.random.alphanumeric().to_string(),
            _ => self.pick(&PARTS).to_owned(),
        }
    }

    /// A number as text, of any size and in any form.
    pub(crate) fn number(&mut self) -> String {
        match self.random.u32(..8) {
            0 => self.random.u64(..).to_string(),
            1 => self.random.i64(..).to_string(),
            2 => format!("{}e{}", self.random.i32(..), self.random.i32(-400..400)),
            3 => "9".repeat(self.random.usize(1..400)),
            4 => format!("-{}.{}", self.random.u64(..), self.random.u64(..)),
            5 => "1e999999999".into(),
            6 => "-0".into(),
            _ => "0.1".into(),
        }
    }
}
