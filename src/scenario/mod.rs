//! Scenario files: their form, the checks, and the checked [`Scenario`].

mod checked;

pub use checked::*;
