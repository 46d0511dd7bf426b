//! Questions asked of a whole study: each runs it many times in changed forms.

pub mod calibrate;
pub mod published;
pub mod verify;
