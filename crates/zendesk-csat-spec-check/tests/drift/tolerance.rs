//! Nothing that stands in a page makes the reader fail: pages cut off anywhere, spoilt anywhere, and plain noise.

use crate::generated;
use crate::model::Form;
use crate::seen::Known;
use zendesk_csat_spec_check::drift::between;

/// How many pages of each kind are tried.
const ROUNDS: usize = 150;

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end.max(1)
    }
}

#[test]
fn pages_cut_off_and_spoilt_are_read_as_far_as_they_go() {
    let known = Known::read();
    let mut numbers = Numbers(7);
    let pages = generated::pages(&known);
    for round in 0..ROUNDS {
        let (_, page) = &pages[round % pages.len()];
        let form =
            [Form::Glued, Form::Stacked, Form::Tabs, Form::Bars, Form::Html][(round / pages.len()) % 5];
        let mut bytes = page.saved_as(form).text().into_bytes();
        let end = numbers.below(bytes.len());
        match round % 3 {
            0 => bytes.truncate(end),
            1 => drop(bytes.drain(..end)),
            _ => (0..40).for_each(|_| {
                let at = numbers.below(bytes.len());
                bytes[at] = b"\t\n{}[]\"<>&;:,/$ \xf0"[numbers.below(17)];
            }),
        }
        let _ = between(&known.spec, &known.documented, &String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn noise_is_read_or_refused() {
    let known = Known::read();
    let mut numbers = Numbers(11);
    // Parts that the reader knows, in any order, are worse than bytes.
    let parts = [
        "Name",
        "Type",
        "\n",
        "\n",
        "\t",
        "Description",
        "Parameter",
        "Value",
        "Code",
        "Reason",
        "GET ",
        "/api/v2/",
        "{",
        "}",
        "[",
        "]",
        "\"a\": ",
        "...",
        "curl ",
        "-d '",
        "{ROOT}/",
        "ROOT = '/api/v2'",
        "200 OK",
        "// Status 200",
        "<table>",
        "<tr>",
        "<td>",
        "</td>",
        "<pre>",
        "<!--",
        "<html lang=",
        "&#x",
        ";",
        "Allowed for",
        "Pagination",
        "•",
        "string",
        "true",
        "false",
        "id",
        "ü",
        "such as a, b",
    ];
    for round in 0..ROUNDS * 4 {
        let length = numbers.below(120);
        let text = if round % 4 == 0 {
            let bytes: Vec<u8> = (0..length * 4)
                .map(|_| u8::try_from(numbers.below(256)).unwrap())
                .collect();
            String::from_utf8_lossy(&bytes).into_owned()
        } else {
            (0..length).map(|_| parts[numbers.below(parts.len())]).collect()
        };
        let html = format!("<html>{text}");
        for page in [text, html] {
            let _ = between(&known.spec, &known.documented, &page);
        }
    }
    for deep in ["{\"a\":", "[", "{", "<div>", "<table><tr><td>", "\"a\": {\n"] {
        let _ = between(
            &known.spec,
            &known.documented,
            &format!("GET /api/v2/moods\n{}\n...", deep.repeat(20_000)),
        );
    }
}
