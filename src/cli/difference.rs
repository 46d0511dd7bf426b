//! `seamline show A B`: exactly how two things differ.

use std::process::ExitCode;

use super::show::{heading, joined, organisation, pairs};
use super::text::{self, COLUMNS, paragraph};
use super::{DONE, WRONG, draw};
use crate::scenario::{Difference, Footprint, Id, Organisation, Seams, compare};

/// Shows how two things differ.
pub(crate) fn show(one: &str, other: &str) -> ExitCode {
    match compare(one, other) {
        Ok(difference) => {
            text::print(&differing(&difference));
            ExitCode::from(DONE)
        }
        Err(problems) => {
            draw::problems(&problems);
            ExitCode::from(WRONG)
        }
    }
}

fn differing(difference: &Difference) -> String {
    let mut out = String::new();
    let [one, other] = &difference.names;
    let title = format!("{one} and {other} ({})", difference.what);
    paragraph(&mut out, "", "    ", &title);
    if difference.is_none() {
        out.push_str("\nThe same.\n");
        return out;
    }
    let is_structure = difference.what == "structure";
    if is_structure {
        organisations(&mut out, difference);
        partitions(&mut out, difference);
    }
    heading(&mut out, "Stated otherwise, as written");
    if difference.stated.is_empty() {
        out.push_str("  nothing: the same\n");
    }
    for (path, [before, after]) in &difference.stated {
        let words = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_owned());
        let (before, after) = (words(before), words(after));
        let line = format!("  {path}: {before} -> {after}");
        if line.chars().count() <= COLUMNS {
            out.push_str(&line);
            out.push('\n');
        } else {
            paragraph(&mut out, "  ", "      ", path);
            paragraph(&mut out, "      from: ", "        ", &before);
            paragraph(&mut out, "      to:   ", "        ", &after);
        }
    }
    out
}

fn organisations(out: &mut String, difference: &Difference) {
    heading(out, "Organisations that differ");
    if difference.organisations.is_empty() {
        out.push_str("  none: the same\n");
    }
    let [first, second] = &difference.names;
    for (id, both) in &difference.organisations {
        match both {
            [Some(one), Some(other)] => in_both(out, id, one, other),
            [Some(one), None] => {
                paragraph(out, "  ", "      ", &format!("only in {first}:"));
                organisation(out, "    ", one);
            }
            [None, Some(other)] => {
                paragraph(out, "  ", "      ", &format!("only in {second}:"));
                organisation(out, "    ", other);
            }
            [None, None] => {}
        }
    }
}

fn in_both(out: &mut String, id: &Id, one: &Organisation, other: &Organisation) {
    paragraph(out, "  ", "      ", &format!("in both, {id}:"));
    let mut change = |what: &str, before: &str, after: &str| {
        if before != after {
            let words = format!("{what} {before} -> {after}");
            paragraph(out, "    ", "        ", &words);
        }
    };
    let reach = |it: &Organisation| match it.footprint {
        Footprint::Area => "area",
        Footprint::Region => "region",
        Footprint::Nation => "nation",
    };
    change("name", &one.name, &other.name);
    change("footprint", reach(one), reach(other));
    change("runs", &joined(&one.runs), &joined(&other.runs));
}

fn partitions(out: &mut String, difference: &Difference) {
    heading(out, "Partitions that differ");
    if difference.partitions.is_empty() {
        out.push_str("  none: the same\n");
    }
    let [first, second] = &difference.names;
    // Partitions that follow the organisations differ as they do; once is enough.
    let mut told: Vec<(Vec<&str>, &[Seams; 2])> = Vec::new();
    for both in &difference.partitions {
        let like = |it: &&mut (Vec<&str>, &[Seams; 2])| {
            (0..2).all(|side| it.1[side].blocks == both[side].blocks)
        };
        match told.iter_mut().find(like) {
            Some((names, _)) => names.push(both[0].partition),
            None => told.push((vec![both[0].partition], both)),
        }
    }
    for (names, [one, other]) in told {
        paragraph(out, "  ", "      ", &names.join(", "));
        let counts = format!(
            "{} of {} pairs parted (F = {:.2}) -> {} (F = {:.2})",
            one.parted.len(),
            one.pairs,
            one.share(),
            other.parted.len(),
            other.share()
        );
        paragraph(out, "    ", "      ", &counts);
        for (name, here, there) in [(first, one, other), (second, other, one)] {
            let mut only = here.parted.clone();
            only.retain(|pair| !there.parted.contains(pair));
            if !only.is_empty() {
                paragraph(out, "    ", "      ", &format!("parted in {name} only:"));
                pairs(out, "      ", &only);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(one: &str, other: &str) -> String {
        differing(&compare(one, other).unwrap())
    }

    #[test]
    fn the_difference_of_two_structures_is_as_it_was() {
        insta::assert_snapshot!("structures", shown("fragmented", "trust-and-agency"));
    }

    #[test]
    fn the_difference_of_an_overlay_is_as_it_was() {
        insta::assert_snapshot!(
            "overlay",
            shown("service-hub", "service-hub+pooled-budgets")
        );
    }

    #[test]
    fn the_difference_of_two_areas_is_as_it_was() {
        insta::assert_snapshot!(
            "areas",
            shown("typical-council-2003", "typical-council-2023")
        );
    }

    #[test]
    fn what_does_not_differ_is_called_the_same() {
        assert!(shown("laming", "laming").ends_with("\nThe same.\n"));
        let one_form = shown("public-interest-company", "private-management");
        assert!(one_form.contains("Partitions that differ\n  none: the same"));
    }

    #[test]
    fn a_difference_is_shown_within_80_columns() {
        for (one, other) in [
            ("fragmented", "irish-agency"),
            ("england-2003", "england-2023"),
            ("childrens-trusts-2003", "childrens-services-2023"),
            ("protection", "family"),
        ] {
            for line in shown(one, other).lines() {
                assert!(line.chars().count() <= COLUMNS, "{line}");
            }
        }
    }
}
