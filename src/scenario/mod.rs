//! Scenario files: their form, the checks, and the checked [`Scenario`].
//!
//! [`load`] turns the name of a study into a [`Scenario`], or into every [`Problem`] of its files.
//! On the way a text becomes a tree that knows places (`tree`), one reader for each kind of file
//! takes values out of it (`study`, `area`, `children` with `services` and `mechanisms`, `network`,
//! `structure` and `overlay` with `governance`, over `reader` and `value`; `joint`, which is a table), `combined` gives
//! structures their overlays, and `load` puts the parts together. Files are read in `library` alone.

mod area;
mod bounds;
mod cases;
mod checked;
mod children;
mod combined;
mod comparison;
mod difference;
mod disk;
mod exhibit;
mod figures;
mod files;
mod governance;
mod joint;
mod library;
mod load;
mod mechanisms;
mod network;
mod overlay;
mod places;
mod problem;
mod profile;
mod ranged;
mod reader;
mod services;
mod settings;
mod stays;
mod structure;
mod study;
mod tree;
mod value;
mod vary;
mod wanted;
mod world;

pub use checked::*;
pub use difference::{Difference, between, compare};
pub use exhibit::{Exhibit, StructureSheet, check_bundled_as, check_file, check_file_as, describe};
pub use joint::{JointSet, JointSheet, Member};
pub use library::{BUNDLED, Bundled, Kind};
pub use load::{Request, load, load_kept, load_rewritten, load_text};
pub(crate) use problem::did_you_mean;
pub use problem::{Code, Place, Problem, Problems};
pub use profile::{Profile, Seams};
pub use ranged::{
    Factor, LeftOut, Ranged, ToVary, load_axes, load_to_vary, load_varied, with_values,
};
pub use structure::PARTITIONS;
pub use vary::{Drawable, Spacing, ToFit, load_drawn, load_to_fit};

#[cfg(test)]
mod tests;
