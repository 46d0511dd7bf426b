//! What must hold in every trial of children: tests that look inside a trial as it runs.

mod chain;
mod conserved;
mod detected;
mod invariants;
mod luck;
mod marks;
mod small;
