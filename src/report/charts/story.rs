//! stub
use super::Look;
use crate::inquiry::story::Story;

pub(super) fn draw(_story: &Story, _look: &Look) -> String {
    String::new()
}
