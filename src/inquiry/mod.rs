//! Questions asked of a whole study: each runs it, or a trial of it, in a form of its own.

pub mod calibrate;
pub mod decide;
pub mod events;
mod names;
pub mod published;
pub mod story;
pub mod verify;
