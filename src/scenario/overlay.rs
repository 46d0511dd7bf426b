//! Reads overlays: practices and laws that any structure can carry, and the factors that come with
//! them.

use crate::units::Factor;

use super::checked::{Id, Overlay, PostsScale, PostsWork};
use super::children::{Outline, display_name};
use super::files::Span;
use super::governance::{self, GovernanceForm};
use super::library::Document;
use super::problem::{Code, Problem, did_you_mean, one_of};
use super::reader::{Fields, Reader, join};
use super::settings::Setting;
use super::structure::{Changes, read_changes};
use super::tree::Entry;

const POSTS: [(&str, PostsWork); 4] = [
    ("screening", PostsWork::Screening),
    ("assessment", PostsWork::Assessment),
    ("help", PostsWork::Help),
    ("vacant", PostsWork::Vacant),
];

/// What an overlay file states, its bases included.
#[derive(Debug, Clone)]
pub(crate) struct OverlayForm {
    pub(crate) overlay: Overlay,
    pub(crate) sources: Vec<String>,
    /// Factors on values of the world.
    pub(crate) scale: Vec<Scale>,
    /// Factors on the posts of every area.
    pub(crate) posts: Vec<PostsScale>,
    pub(crate) changes: Changes,
    pub(crate) governance: GovernanceForm,
    /// The path of every factor, as `--set` takes it.
    pub(crate) paths: Vec<String>,
}

/// A factor that an overlay puts on a value.
#[derive(Debug, Clone)]
pub(crate) struct Scale {
    pub(crate) path: String,
    pub(crate) path_at: Span,
    pub(crate) factor: f64,
    pub(crate) factor_at: Span,
}

/// Reads an overlay; `set` are values that the user sets otherwise, those of its factors among
/// them.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    document: &Document,
    outline: Option<&Outline>,
    set: &[Setting],
) -> Option<OverlayForm> {
    let top = reader.shelf.files.top_of(document.file);
    let mut root = reader.open_table(&document.table, top, "");
    let head = reader.needed(&mut root, "overlay").and_then(|mut head| {
        let name = display_name(reader, &mut head, &document.id);
        let summary = reader.optional_text(&mut head, "summary");
        let sources = reader.texts(&mut head, "sources");
        reader.optional_text(&mut head, "extends");
        reader.close(head);
        Some((name?, summary?, sources?))
    });
    let changes = read_changes(reader, &mut root, outline);
    let governance = governance::read(reader, &mut root, outline);
    let mut factors = Factors::default();
    let scale = match reader.inner(&mut root, "scale") {
        Some(fields) => read_scale(reader, &fields, &document.id, outline, set, &mut factors),
        None => Some(()),
    };
    reader.close(root);
    let (name, summary, sources) = head?;
    Some(OverlayForm {
        overlay: Overlay {
            id: Id::new(&document.id),
            name,
            summary: summary.unwrap_or_default(),
        },
        sources,
        scale: scale.map(|()| factors.scale)?,
        posts: factors.posts,
        paths: factors.paths,
        changes: changes?,
        governance: governance?,
    })
}

/// What `[scale]` of an overlay states.
#[derive(Debug, Default)]
struct Factors {
    scale: Vec<Scale>,
    posts: Vec<PostsScale>,
    paths: Vec<String>,
}

/// Factors by path. Paths may stand in quotes, or as tables within tables.
fn read_scale(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    overlay: &str,
    outline: Option<&Outline>,
    set: &[Setting],
    factors: &mut Factors,
) -> Option<()> {
    let own_path = format!("overlay.{overlay}.scale");
    let mut sound = true;
    for (path, entry) in leaves("", fields.table.entries.iter()) {
        let own = reader.open_table(fields.table, fields.at, &own_path);
        let full = join(&own_path, &path);
        let mut named = Entry {
            key: path.clone(),
            ..entry.clone()
        };
        if let Some(setting) = set.iter().rfind(|setting| setting.path == full) {
            named.node = setting.node.clone();
        }
        factors.paths.push(full);
        let Some(factor) = reader.entry_value::<Factor>(&own, &named) else {
            sound = false;
            continue;
        };
        if let Some(rest) = path.strip_prefix("posts.") {
            match read_posts(reader, rest, entry.key_at, factor, outline) {
                Some(posts) => factors.posts.push(posts),
                None => sound = false,
            }
            continue;
        }
        factors.scale.push(Scale {
            path,
            path_at: entry.key_at,
            factor: factor.get(),
            factor_at: named.node.at,
        });
    }
    // A path that scale itself makes is no value of the study.
    reader.known.retain(|path| !path.starts_with("overlay."));
    sound.then_some(())
}

/// `camhs.help`: a kind of posts of one service, in every area.
fn read_posts(
    reader: &mut Reader<'_>,
    path: &str,
    at: Span,
    factor: Factor,
    outline: Option<&Outline>,
) -> Option<PostsScale> {
    let (service, work) = path.split_once('.').unwrap_or((path, ""));
    let found = POSTS.iter().find(|(word, _)| *word == work);
    if found.is_none() {
        let words = || POSTS.iter().map(|(word, _)| *word);
        let problem = Problem::new(
            Code::UnknownPath,
            format!("no posts have the path \"posts.{path}\""),
        )
        .help_if(did_you_mean(work, words()));
        let expected = format!("expected posts.SERVICE and {}", one_of(words()));
        reader.report(problem, at, expected);
    }
    if let Some(outline) = outline
        && !outline.helping().any(|it| it == service)
    {
        let message = match outline.services.contains_key(service) {
            true => format!("service \"{service}\" helps nobody and takes no posts"),
            false => format!("there is no service \"{service}\""),
        };
        let problem = Problem::new(Code::UnknownService, message)
            .help_if(did_you_mean(service, outline.helping()));
        reader.report(
            problem,
            at,
            format!("expected {}", one_of(outline.helping())),
        );
    }
    Some(PostsScale {
        service: Id::new(service),
        work: found?.1,
        factor,
    })
}

/// The values under a table with their paths, whether tables nest or keys hold dots.
pub(crate) fn leaves<'t>(
    path: &str,
    entries: impl Iterator<Item = &'t Entry>,
) -> Vec<(String, &'t Entry)> {
    let mut all = Vec::new();
    for entry in entries {
        let path = join(path, &entry.key);
        match entry.node.as_table() {
            Some(inner) if !entry.node.is_leaf() => {
                all.extend(leaves(&path, inner.entries.iter()));
            }
            _ => all.push((path, entry)),
        }
    }
    all
}
