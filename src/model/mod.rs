//! The fixed world of one run: areas, services, needs and structures as partitions with their
//! seams, everything named by small typed ids. No clock, no luck, no files.

mod case;
mod ids;
mod mechanisms;
mod network;
mod partition;
mod structure;
mod world;

pub use case::{Case, Occasion};
pub use ids::{AreaId, KindId, NeedId, ServiceId, SourceId};
pub use mechanisms::switch_off;
pub use network::{Network, Next, Route, Sharing, Station};
pub use partition::Partition;
pub use structure::{Built, Oversight, Place, Seams, Structure};
pub use world::{
    Area, Core, Ends, Help, HelpsNeed, JointStep, Meets, Need, Posts, Service, Sighting, Source,
    World,
};

// Plain values that need no resolving are used as the scenario states them.
pub use crate::scenario::{
    Adoption, Closeness, Coverage, Funding, Handoff, Information, Mechanisms, Moves, OversightKind,
    Perception, Presentation, Records, Referral,
};
