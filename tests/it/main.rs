//! End to end: the command and the files it reads and writes, and what holds for the repository as
//! a whole.
#![allow(clippy::unwrap_used)] // helpers of tests may do what tests may

mod analyses;
mod architecture;
mod calibrate;
mod command;
mod decide;
mod diagnostics;
mod documents;
mod drawn_again;
mod equivalent;
mod fuzz;
mod laws;
mod page;
mod preset;
mod repository;
mod reproduce;
mod story;
mod stroke;
mod structures;
mod trials;
mod uncertainty;
mod verify;
mod waiting_room;
mod warm_up;
