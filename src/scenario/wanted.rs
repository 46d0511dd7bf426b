//! Structures as a study or the command line names them: `fragmented`, `local-trust+statutory`,
//! `local-trust then care-trust`.

use super::files::Span;
use super::problem::{Code, Problem};
use super::reader::Reader;

/// A structure with overlays, and the one that follows it, as named.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WantedStructure {
    pub(crate) structure: String,
    /// Sorted.
    pub(crate) overlays: Vec<String>,
    /// What follows at the second decision.
    pub(crate) then: Option<Box<WantedStructure>>,
    pub(crate) at: Span,
}

impl WantedStructure {
    /// `fragmented+shared-records`, `local-trust>care-trust`.
    pub(crate) fn id(&self) -> String {
        let mut id = self.structure.clone();
        for overlay in &self.overlays {
            id.push('+');
            id.push_str(overlay);
        }
        if let Some(then) = &self.then {
            id.push('>');
            id.push_str(&then.id());
        }
        id
    }

    /// Takes a name apart at `then` or `>`, and within those at its plus signs.
    pub(crate) fn parse(text: &str, at: Span) -> Self {
        let (first, rest) = match split_at_then(text) {
            Some((first, rest)) => (first, Some(rest)),
            None => (text, None),
        };
        let mut parts = first.split('+').map(|part| part.trim().to_owned());
        let structure = parts.next().unwrap_or_default();
        let mut overlays: Vec<String> = parts.collect();
        overlays.sort();
        overlays.dedup();
        Self {
            structure,
            overlays,
            then: rest.map(|rest| Box::new(Self::parse(rest, at))),
            at,
        }
    }

    /// This structure and those that follow it.
    pub(crate) fn stages(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |stage| stage.then.as_deref())
    }
}

/// The parts before and after the first `then` or `>`.
fn split_at_then(text: &str) -> Option<(&str, &str)> {
    let word = text.find(" then ").map(|at| (at, " then ".len()));
    let sign = text.find('>').map(|at| (at, 1));
    let (at, length) = [word, sign].into_iter().flatten().min()?;
    Some((&text[..at], &text[at + length..]))
}

/// Reports structures that cannot follow each other as named.
pub(crate) fn check_stages(
    reader: &mut Reader<'_>,
    baseline: Option<&WantedStructure>,
    others: &[WantedStructure],
) {
    if let Some(baseline) = baseline.filter(|it| it.then.is_some()) {
        let problem = Problem::new(Code::WrongForm, "nothing follows the baseline")
            .help("name the structure that stays as it is, and the change among `structures`");
        reader.report(problem, baseline.at, "expected one structure");
    }
    for wanted in others {
        let stages: Vec<&WantedStructure> = wanted.stages().collect();
        if stages.len() > 2 {
            let message = format!("{} structures follow each other", stages.len());
            let problem =
                Problem::new(Code::WrongForm, message).help("a study has one second decision");
            reader.report(problem, wanted.at, "expected \"ONE then ANOTHER\"");
        } else if let [first, then] = stages.as_slice()
            && (&first.structure, &first.overlays) == (&then.structure, &then.overlays)
        {
            let message = format!("\"{}\" is followed by itself", then.id());
            let problem = Problem::new(Code::Twice, message);
            reader.report(problem, wanted.at, "expected two structures that differ");
        }
    }
}

/// The structures of `--structures A,B+OVERLAY`, without the baseline.
pub(crate) fn requested(
    reader: &mut Reader<'_>,
    list: &str,
    baseline: Option<&WantedStructure>,
) -> Vec<WantedStructure> {
    let mut wanted: Vec<WantedStructure> = Vec::new();
    for (name, at) in listed(reader, "--structures", list) {
        let next = WantedStructure::parse(&name, at);
        let before = wanted.iter().chain(baseline).any(|it| it.id() == next.id());
        if !before {
            wanted.push(next);
        }
    }
    wanted
}

/// The words of an option that takes a list, parted by commas, with their places.
pub(crate) fn listed(reader: &mut Reader<'_>, option: &str, list: &str) -> Vec<(String, Span)> {
    let all = reader.shelf.argument(option, list);
    let mut words = Vec::new();
    let mut start = 0;
    for part in list.split(',') {
        let word = part.trim();
        let word_start = start + (part.len() - part.trim_start().len());
        start += part.len() + 1;
        let at = Span {
            start: word_start,
            end: word_start + word.len(),
            ..all
        };
        if !word.is_empty() {
            words.push((word.to_owned(), at));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::super::library::Shelf;
    use super::*;

    fn id_of(text: &str) -> String {
        let at = Shelf::default().argument("--structures", text);
        WantedStructure::parse(text, at).id()
    }

    #[test]
    fn both_spellings_of_then_give_one_id() {
        assert_eq!(
            id_of("local-trust then care-trust"),
            "local-trust>care-trust"
        );
        assert_eq!(id_of("local-trust > care-trust"), "local-trust>care-trust");
    }

    #[test]
    fn overlays_bind_tighter_than_then() {
        assert_eq!(id_of("a+y + x then b+x"), "a+x+y>b+x");
    }

    #[test]
    fn a_name_that_holds_the_letters_of_then_is_one_name() {
        assert_eq!(id_of("strengthened-trust"), "strengthened-trust");
    }
}
