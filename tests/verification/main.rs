//! The simulation against theory and against its own laws.
//!
//! Every study here is a scenario text that goes the way of every other: it is read, checked,
//! modelled, run in trials and tallied. Theory stands in the assertion (`theory`), the tolerance
//! is earned from the standard error over trials (`estimate`).
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::float_cmp)] // helpers of tests may do what tests may

mod any_study;
mod by_hand;
mod children;
mod detection;
mod estimate;
mod generated;
mod giving_up;
mod laws;
mod limited;
mod luck;
mod need;
mod networks;
mod one_service;
mod pathway;
mod priority;
mod seams;
mod stroke;
mod studies;
mod theory;
