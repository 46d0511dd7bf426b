//! What must hold in every trial of children: tests that look inside a trial as it runs.

mod conserved;

mod invariants;

mod small;
