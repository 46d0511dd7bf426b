//! What holds for any study of children: nothing is lost in the counting, nothing depends on names,
//! order or threads, and structures whose seams cost nothing are all alike.
#![allow(clippy::unwrap_used)]

mod credibility;
mod identical;
mod means;
mod mechanisms;
mod neutral;
mod neutral_values;
mod scripted;
mod signs;
mod small;
mod sums;
