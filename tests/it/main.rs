//! End to end: the command and the files it reads and writes, and what holds for the repository as
//! a whole.

mod architecture;
mod command;
mod diagnostics;
mod documents;
mod laws;
mod preset;
mod repository;
