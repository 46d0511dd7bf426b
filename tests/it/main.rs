//! End to end: the real command, the files it writes, and the rules of the source tree.

mod architecture;
mod documents;
mod repository;
