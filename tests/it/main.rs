//! End to end: the command and the files it writes, and what holds for the repository as a whole.

mod architecture;
mod documents;
mod repository;
