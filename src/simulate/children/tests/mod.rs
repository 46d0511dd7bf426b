//! What must hold in every trial of children: tests that look inside a trial as it runs.

mod capacity;
mod chain;
mod change;
mod conserved;
mod detected;
mod finding;
mod invariants;
mod luck;
mod marks;
mod pathway;
mod rest;
mod scripted;
mod small;
mod watched;
