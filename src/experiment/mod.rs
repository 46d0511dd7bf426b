//! Structures x trials: the fork, the parallel run and its [`results`].

pub mod results;
