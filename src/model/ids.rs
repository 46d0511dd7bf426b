//! Typed numbers of things. They count things sorted by id, so their order never depends on files.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u16);

        impl $name {
            /// The first thing.
            pub const FIRST: Self = Self(0);

            /// The thing at this position.
            ///
            /// # Panics
            /// If the position is above 65,535.
            pub fn new(position: usize) -> Self {
                Self(u16::try_from(position).expect("fewer than 65,536 things of a kind"))
            }

            /// Its position.
            pub fn index(self) -> usize {
                usize::from(self.0)
            }

            /// All of `count` things, in order.
            pub fn all(count: usize) -> impl Iterator<Item = Self> + Clone {
                (0..count).map(Self::new)
            }
        }
    )+};
}

ids! {
    /// An area.
    AreaId,
    /// A service that a structure places.
    ServiceId,
    /// Who can note and refer: every service, then every source outside.
    SourceId,
    /// A domain of need.
    NeedId,
    /// A kind of case in a network.
    KindId,
}

impl From<ServiceId> for SourceId {
    /// Services come first among the sources, in their own order.
    fn from(service: ServiceId) -> Self {
        Self::new(service.index())
    }
}
