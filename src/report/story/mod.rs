//! The story of one child as text for a terminal, as Markdown and as JSON; the swim-lane chart stands
//! with the other charts.

mod markdown;
mod text;
pub(in crate::report) mod words;

pub use markdown::markdown;
pub use text::text;

use crate::inquiry::story::Story;

/// A story as JSON, from which it can be read again.
pub fn json(story: &Story) -> String {
    serde_json::to_string_pretty(story).expect("plain words and numbers can be written")
}
