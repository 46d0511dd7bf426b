//! Decision analysis of a whole study: where in the space of its uncertain values it is run, and what the
//! runs say.
//!
//! [`designs`] says where, [`ensemble`] runs, [`uncertainty`] asks how sure a choice is. What is computed
//! stands in [`crate::analysis::decision`].

pub mod designs;
pub mod ensemble;
pub mod uncertainty;
