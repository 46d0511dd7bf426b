//! Seamline compares governance structures for children's services.
//!
//! The modules stand in the order in which data flow: a study is read ([`scenario`]), fixed as a
//! world ([`model`]), set in motion ([`simulate`], on the [`engine`]), run in many trials
//! ([`experiment`]), estimated ([`analysis`]), asked further questions ([`inquiry`]) and shown
//! ([`report`], [`cli`]). No module uses one
//! that stands after it; `tests/it/architecture.rs` holds the exact rule.

pub mod units;

pub mod measures;

pub mod scenario;

pub mod model;

pub mod engine;

pub mod simulate;

pub mod experiment;

pub mod analysis;

pub mod inquiry;

pub mod report;

pub mod cli;
