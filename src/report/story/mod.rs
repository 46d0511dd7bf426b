//! The story of one child as text for a terminal, as Markdown and as JSON; the swim-lane chart stands
//! with the other charts.

mod markdown;
mod text;
pub(in crate::report) mod words;

pub use markdown::markdown;
pub use text::text;

use crate::inquiry::story::Story;
use crate::report::File;

/// Name of the file in which a run keeps its stories.
pub const FILE: &str = "stories.json";

/// The stories of a run as a file.
pub fn file(stories: &[Story]) -> File {
    let mut bytes =
        serde_json::to_vec_pretty(stories).expect("plain words and numbers can be written");
    bytes.push(b'\n');
    File {
        name: FILE.to_owned(),
        bytes,
    }
}

/// The stories in the bytes of a file; `None` where it holds anything else.
pub fn read(bytes: &[u8]) -> Option<Vec<Story>> {
    serde_json::from_slice(bytes).ok()
}

/// A story as JSON, from which it can be read again.
pub fn json(story: &Story) -> String {
    serde_json::to_string_pretty(story).expect("plain words and numbers can be written")
}

#[cfg(test)]
pub(crate) mod sample;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::terminal::text::{WIDTH, length};

    #[test]
    fn a_story_reads_well_at_80_columns() {
        let told = text(&sample::story());
        assert!(told.lines().all(|line| length(line) <= WIDTH), "{told}");
        insta::assert_snapshot!(told);
    }

    #[test]
    fn more_than_two_structures_are_told_one_below_the_other() {
        let mut story = sample::story();
        let mut third = story.tellings[1].clone();
        third.structure_name = "A third structure".to_owned();
        story.tellings.push(third);
        let told = text(&story);
        assert!(told.contains("\nUnder A third structure\n"), "{told}");
        assert!(told.lines().all(|line| length(line) <= WIDTH), "{told}");
        story.tellings.truncate(1);
        story.partings.clear();
        assert!(text(&story).contains("Under Apart"));
    }

    #[test]
    fn a_story_is_markdown_that_no_name_can_break() {
        let mut story = sample::story();
        insta::assert_snapshot!(markdown(&story));
        story.tellings[0].entries[1].who = "<b>|Desk*".to_owned();
        let told = markdown(&story);
        assert!(told.contains("&lt;b&gt;\\|Desk\\*"), "{told}");
    }

    #[test]
    fn the_stories_of_a_run_are_read_again_from_its_file() {
        let stories = vec![sample::story(), sample::story()];
        assert_eq!(read(&file(&stories).bytes), Some(stories));
        assert_eq!(read(b"{}"), None);
    }

    #[test]
    fn a_story_is_read_again_from_its_json() {
        let story = sample::story();
        let again: Story = serde_json::from_str(&json(&story)).unwrap();
        assert_eq!(again, story);
    }
}
