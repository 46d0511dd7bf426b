//! Charts as PNG: the same SVG, the same bundled font, on every machine.

/// Pixels a unit of a chart where no width is asked for: sharp on dense screens and in print.
#[cfg(feature = "png")]
const SCALE: f32 = 2.0;

/// Why there is no PNG.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// The program was built without it.
    #[error("this program was built without PNG (its feature \"png\"); take the SVG")]
    NotBuilt,
    /// Not a chart of ours, or too large for memory.
    #[error("the chart cannot be drawn as PNG: {0}")]
    NotDrawn(String),
}

/// A chart as PNG, of this width in pixels; of twice its own where none is given.
///
/// # Errors
///
/// When the program was built without PNG, or the picture is too large for memory.
#[cfg(feature = "png")]
pub fn of(svg: &str, width: Option<u32>) -> Result<Vec<u8>, PngError> {
    use std::sync::Arc;

    use resvg::{tiny_skia, usvg};

    let failed = |error: &dyn std::fmt::Display| PngError::NotDrawn(error.to_string());
    let mut fonts = usvg::fontdb::Database::new();
    for bytes in super::fonts::OPEN_TYPE {
        fonts.load_font_data(bytes.to_vec());
    }
    let options = usvg::Options {
        fontdb: Arc::new(fonts),
        font_family: super::fonts::FAMILY.to_owned(),
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_str(svg, &options).map_err(|error| failed(&error))?;
    let size = tree.size();
    let scale = width.map_or(SCALE, |width| width as f32 / size.width());
    let whole = |length: f32| (length * scale).round() as u32;
    let mut picture = tiny_skia::Pixmap::new(whole(size.width()), whole(size.height()))
        .ok_or_else(|| failed(&"it is too large"))?;
    resvg::render(
        &tree,
        tiny_skia::Transform::from_scale(scale, scale),
        &mut picture.as_mut(),
    );
    picture.encode_png().map_err(|error| failed(&error))
}

/// As above, in a program built without PNG.
///
/// # Errors
///
/// Always.
#[cfg(not(feature = "png"))]
pub fn of(_svg: &str, _width: Option<u32>) -> Result<Vec<u8>, PngError> {
    Err(PngError::NotBuilt)
}

#[cfg(feature = "png")]
#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"40\" \
                       font-family=\"Inter, Arial\"><rect width=\"200\" height=\"40\" fill=\"#ffffff\"/>\
                       <text x=\"10\" y=\"25\" font-size=\"14\" fill=\"#000000\"WEIGHT>Known missed cases</text></svg>";

    /// Dark pixels of the picture.
    fn ink(svg: &str) -> usize {
        let bytes = of(svg, Some(400)).expect("the picture is sound");
        let picture =
            resvg::tiny_skia::Pixmap::decode_png(&bytes).expect("what was written is a PNG");
        assert_eq!((picture.width(), picture.height()), (400, 80));
        let is_dark = |pixel: &&resvg::tiny_skia::PremultipliedColorU8| pixel.red() < 128;
        picture.pixels().iter().filter(is_dark).count()
    }

    #[test]
    fn text_is_drawn_in_the_bundled_font_in_both_weights() {
        let regular = ink(&SVG.replace("WEIGHT", ""));
        let bold = ink(&SVG.replace("WEIGHT", " font-weight=\"600\""));
        assert!(
            regular > 300,
            "without a font text vanishes: {regular} dark pixels"
        );
        assert!(
            bold > regular + regular / 10,
            "{bold} and {regular} dark pixels"
        );
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert!(matches!(of("<html/>", None), Err(PngError::NotDrawn(_))));
    }
}
