//! The engine against theory.

fn main() {}
