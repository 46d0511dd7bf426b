//! Every measure.
