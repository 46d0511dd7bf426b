//! Reads the world of a study: children with hidden needs, or a network of cases.

use super::checked::World;
use super::children::{self, Outline};
use super::library::{Document, Kind};
use super::network;
use super::reader::Reader;

/// Reads a parameter file, or the network that a study describes.
pub(crate) fn read_world(reader: &mut Reader<'_>, document: &Document) -> (Outline, Option<World>) {
    let top = reader.shelf.files.top_of(document.file);
    if document.kind == Kind::Study {
        let (outline, world) = network::read(reader, &document.table, top);
        (outline, world.map(|world| World::Network(Box::new(world))))
    } else {
        let (outline, world) = children::read(reader, &document.table, top);
        (outline, world.map(|world| World::Children(Box::new(world))))
    }
}
