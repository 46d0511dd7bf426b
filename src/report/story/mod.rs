//! The story of one child as text for a terminal, as Markdown and as JSON; the swim-lane chart stands
//! with the other charts.

mod markdown;
mod text;
mod words;

pub use markdown::markdown;
pub use text::text;

use crate::inquiry::story::Story;

/// Stories as JSON.
///
/// # Panics
/// Never: a story is plain words and numbers.
pub fn json(stories: &[Story]) -> String {
    serde_json::to_string_pretty(stories).expect("plain words and numbers can be written")
}
