//! The keys of sources (S60, say) that values and structures cite, written out.

use std::collections::BTreeSet;

use super::parts::{Term, Text};

/// Where the keys are written out for readers of the repository.
const WRITTEN_OUT: &str = include_str!("../../../docs/sources.md");

/// The sources among these citations that have a key, in the order of their numbers.
pub(super) fn cited<'a>(citations: impl Iterator<Item = &'a str>) -> Vec<Term> {
    let wanted: BTreeSet<u32> = citations.flat_map(keys).collect();
    wanted
        .into_iter()
        .filter_map(|number| {
            let key = format!("S{number}");
            let entry = entry(WRITTEN_OUT, &key)?;
            Some(Term {
                name: Text::from(key),
                text: Text::with_links(&entry),
            })
        })
        .collect()
}

/// The numbers of the keys in a citation.
fn keys(citation: &str) -> Vec<u32> {
    citation
        .split(|it: char| !it.is_ascii_alphanumeric())
        .filter_map(|word| word.strip_prefix('S')?.parse().ok())
        .collect()
}

/// What stands at a key, without the marks of Markdown.
fn entry(text: &str, key: &str) -> Option<String> {
    let text = text.replace("\r\n", "\n");
    let (_, rest) = text.split_once(&format!("- **{key}** "))?;
    let ends = ["\n- ", "\n\n", "\n#"];
    let end = ends.iter().filter_map(|end| rest.find(end)).min();
    let entry = &rest[..end.unwrap_or(rest.len())];
    let words: Vec<&str> = entry.split_whitespace().collect();
    Some(words.join(" ").replace(['*', '<', '>'], ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_out_once_in_their_order() {
        let found = cited(["S60; S9", "a talk", "V:S60, 2003", "S99999"].into_iter());
        let names: Vec<String> = found.iter().map(|term| term.name.words()).collect();
        assert_eq!(names, ["S9", "S60"]);
        assert!(found[0].text.0.iter().any(|span| span.href.is_some()));
        assert!(!found[0].text.words().contains("S10"));
    }
}
