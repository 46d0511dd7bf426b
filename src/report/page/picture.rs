//! Charts made fit to stand in a page: without the font that the page carries once, and with ids that
//! nothing else in the page has.

/// The chart with this prefix before its ids, without its own font and size.
pub(super) fn embedded(svg: &str, prefix: &str) -> String {
    let svg = without_style(svg);
    let mut out = String::with_capacity(svg.len() + 256);
    let mut rest = svg.as_str();
    // Only what stands within tags is looked at: words of readers stay as they are.
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        out.push_str(before);
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        out.push_str(&with_prefix(&tag[..end], prefix));
        rest = &tag[end..];
    }
    out.push_str(rest);
    out.trim().to_owned()
}

/// Does it hold nothing but what charts of this program are drawn with?
pub(super) fn is_ours(svg: &str) -> bool {
    const TAGS: [&str; 9] = [
        "svg", "title", "desc", "g", "rect", "circle", "polyline", "polygon", "text",
    ];
    const ATTRIBUTES: [&str; 29] = [
        "xmlns",
        "viewBox",
        "width",
        "height",
        "role",
        "aria-labelledby",
        "font-family",
        "id",
        "x",
        "y",
        "points",
        "fill",
        "stroke",
        "stroke-width",
        "stroke-linejoin",
        "stroke-linecap",
        "stroke-dasharray",
        "fill-opacity",
        "stroke-opacity",
        "cx",
        "cy",
        "r",
        "font-size",
        "text-anchor",
        "font-weight",
        "transform",
        "data-structure",
        "data-value",
        "d",
    ];
    svg.split('<').skip(1).all(|tag| {
        let Some((tag, _)) = tag.split_once('>') else {
            return false;
        };
        let tag = tag.trim_end_matches('/');
        let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
        if !TAGS.contains(&name.trim_start_matches('/')) {
            return false;
        }
        while !rest.trim().is_empty() {
            let Some((attribute, after)) = rest.split_once("=\"") else {
                return false;
            };
            let Some((_, after)) = after.split_once('"') else {
                return false;
            };
            if !ATTRIBUTES.contains(&attribute.trim()) {
                return false;
            }
            rest = after;
        }
        true
    })
}

fn without_style(svg: &str) -> String {
    let mut out = String::with_capacity(svg.len());
    let mut rest = svg;
    while let Some((before, after)) = rest.split_once("<style") {
        out.push_str(before);
        rest = after.split_once("</style>").map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    out
}

fn with_prefix(tag: &str, prefix: &str) -> String {
    let mut tag = tag.to_owned();
    for (name, many) in [
        ("id", false),
        ("aria-labelledby", true),
        ("aria-describedby", true),
    ] {
        let opening = format!(" {name}=\"");
        let Some((before, after)) = tag.split_once(&opening) else {
            continue;
        };
        let Some((value, rest)) = after.split_once('"') else {
            continue;
        };
        let ids: Vec<String> = match many {
            true => value
                .split_whitespace()
                .map(|id| format!("{prefix}{id}"))
                .collect(),
            false => vec![format!("{prefix}{value}")],
        };
        tag = format!("{before}{opening}{}\"{rest}", ids.join(" "));
    }
    tag.replace("url(#", &format!("url(#{prefix}"))
        .replace("href=\"#", &format!("href=\"#{prefix}"))
}

/// What stands between the first opening tag of this name and its end, as words.
pub(in crate::report) fn words_of(svg: &str, name: &str) -> Option<String> {
    let (_, rest) = svg.split_once(&format!("<{name}"))?;
    let (_, rest) = rest.split_once('>')?;
    let (words, _) = rest.split_once(&format!("</{name}>"))?;
    let mut words = words.to_owned();
    // The last, so that nothing is undone twice.
    for (escaped, plain) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        words = words.replace(escaped, plain);
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &str = "<svg role=\"img\" aria-labelledby=\"a b\"><title id=\"a\">One &amp; two</title>\
                       <desc id=\"b\">id=\"b\" in words</desc><style>@font-face{}</style>\
                       <g clip-path=\"url(#c)\"><clipPath id=\"c\"/><use href=\"#c\"/></g></svg>\n";

    #[test]
    fn ids_have_a_prefix_and_the_font_is_gone() {
        assert_eq!(
            embedded(SVG, "x-"),
            "<svg role=\"img\" aria-labelledby=\"x-a x-b\"><title id=\"x-a\">One &amp; two</title>\
             <desc id=\"x-b\">id=\"b\" in words</desc>\
             <g clip-path=\"url(#x-c)\"><clipPath id=\"x-c\"/><use href=\"#x-c\"/></g></svg>"
        );
    }

    #[test]
    fn charts_are_ours_and_scripts_are_not() {
        let told = crate::report::story::sample::story();
        let svg = crate::report::charts::story(&told, &crate::report::charts::Look::default());
        assert!(is_ours(&embedded(&svg, "x-")));
        assert!(is_ours("words alone"));
        for hostile in [
            "<svg><script>alert(1)</script></svg>",
            "<svg onload=\"alert(1)\"></svg>",
            "<svg><image href=\"https://example.org\"/></svg>",
            "<svg><g x='1' onclick='a'></g></svg>",
            "<svg",
        ] {
            assert!(!is_ours(hostile), "{hostile}");
        }
    }

    #[test]
    fn words_are_those_of_the_chart() {
        assert_eq!(words_of(SVG, "title").as_deref(), Some("One & two"));
        assert_eq!(words_of(SVG, "text"), None);
    }
}
