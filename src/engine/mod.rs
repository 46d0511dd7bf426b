//! The engine: clock, event calendar, waiting lists and keyed luck. It knows no children.
//!
//! Everything here is deterministic: order never depends on addresses, threads or hashing, and no
//! draw depends on another draw.

mod calendar;
mod clock;
mod luck;
mod marked;
pub mod math;
mod normal;
mod sampler;
mod slab;
mod waiting;

pub use calendar::{Calendar, Ticket};
pub use clock::{Heights, Instant, Meter};
pub use luck::{Block, Luck, Stream, Who};
pub use marked::Marked;
pub use normal::{normal_quantile, normal_tail};
pub use sampler::Sampler;
pub use slab::Slab;
pub use waiting::{Links, WaitingList};
