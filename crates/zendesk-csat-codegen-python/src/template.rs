//! One template, two clients: what differs is marked in it.

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavour {
    Sync,
    Async,
}

/// Fills in what differs: words in guillemets, and whole lines that begin with `«sync»|` or `«async»|`.
pub(crate) fn flavoured(template: &str, flavour: Flavour) -> String {
    let mut source = String::with_capacity(template.len());
    for line in template.lines() {
        let line = match (
            line.strip_prefix("«sync»|"),
            line.strip_prefix("«async»|"),
            flavour,
        ) {
            (Some(line), _, Flavour::Sync) | (_, Some(line), Flavour::Async) => line,
            (None, None, _) => line,
            _ => continue,
        };
        source.push_str(line);
        source.push('\n');
    }
    let words = match flavour {
        Flavour::Sync => ["", "", "", "", "wait", "", ""],
        Flavour::Async => [
            "async ",
            "await ",
            "Async",
            "a",
            "start",
            "async_",
            "asynchronous ",
        ],
    };
    source
        .replace("«async »", words[0])
        .replace("«await »", words[1])
        .replace("«Async»", words[2])
        .replace("«a»", words[3])
        .replace("«wait»", words[4])
        .replace("«async_»", words[5])
        .replace("«asynchronous »", words[6])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_lines_differ() {
        let template = "«async »def f() -> «Async»Listing:\n«sync»|    yield from x\n«async»|    yield y\n    «await »z\n";
        assert_eq!(
            flavoured(template, Flavour::Sync),
            "def f() -> Listing:\n    yield from x\n    z\n"
        );
        assert_eq!(
            flavoured(template, Flavour::Async),
            "async def f() -> AsyncListing:\n    yield y\n    await z\n"
        );
    }
}
