//! Texts that were cut in the middle of an emoji.

/// The JSON with U+FFFD for every half of a surrogate pair that stands alone; none where there is no such half.
pub(crate) fn mend(json: &str) -> Option<String> {
    let bytes = json.as_bytes();
    let mut mended = None;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += match (byte, code_unit(bytes, at)) {
            (b'\\', Some(0xd800..=0xdbff)) if matches!(code_unit(bytes, at + 6), Some(0xdc00..=0xdfff)) => 12,
            (b'\\', Some(0xd800..=0xdfff)) => {
                let mended: &mut Vec<u8> = mended.get_or_insert_with(|| bytes.to_vec());
                mended[at + 2..at + 6].copy_from_slice(b"fffd");
                6
            }
            // Whatever is escaped, a backslash itself among others.
            (b'\\', _) => 2,
            _ => 1,
        };
    }
    String::from_utf8(mended?).ok()
}

/// The code unit that is written here as `\uXXXX`.
fn code_unit(json: &[u8], at: usize) -> Option<u16> {
    let [b'\\', b'u', digits @ ..] = json.get(at..at + 6)? else {
        return None;
    };
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_half_alone_is_replaced_and_nothing_else() {
        for (json, mended) in [
            (r#""Bad \ud83d""#, Some(r#""Bad \ufffd""#)),
            (r#""oh \udc4d no""#, Some(r#""oh \ufffd no""#)),
            (
                r#""\uD83D\uD83D\uDE00\u00e9""#,
                Some(r#""\ufffd\uD83D\uDE00\u00e9""#),
            ),
            (r#""\ud83d\ude""#, Some(r#""\ufffd\ude""#)),
            (r#""\ud83d\ude00 \\ud83d \n""#, None),
            (r#""\ud8"#, None),
            ("\"\\", None),
            ("{}", None),
        ] {
            assert_eq!(mend(json).as_deref(), mended, "{json}");
        }
    }

    proptest! {
        #[test]
        fn what_is_mended_reads(units in proptest::collection::vec(any::<u16>(), 0..40)) {
            let escapes: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let json = format!("\"{escapes}\"");
            let text: String = serde_json::from_str(mend(&json).as_deref().unwrap_or(&json)).unwrap();
            prop_assert_eq!(text, String::from_utf16_lossy(&units));
        }

        #[test]
        fn nothing_panics(json in "[\\\\u0-9a-fdD8\"é]*") {
            let _ = mend(&json);
        }
    }
}
