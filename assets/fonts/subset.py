"""Cuts Inter down to what charts need and makes its digits equally wide.

Usage: python3 subset.py FOLDER, where FOLDER holds Inter-Regular.otf and Inter-SemiBold.otf
(Debian package fonts-inter, or github.com/rsms/inter). Needs the Python packages fonttools and
brotli. Writes the four files beside this script.
"""

import pathlib
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

# Latin, Latin Extended-A, dashes and quotes, a few signs, arrows, lower Greek.
CHARACTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x2010, 0x2027),
    *[0x2030, 0x2032, 0x2033, 0x20AC, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2248, 0x2264, 0x2265],
    *[0xD7, 0x394, 0x25CF, 0x25B2, 0x25BC],
    *range(0x3B1, 0x3CA),
]


def tabular_glyphs(font):
    """The glyphs that the feature `tnum` puts in place of others."""
    table = font["GSUB"].table
    found = {}
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag != "tnum":
            continue
        for index in record.Feature.LookupListIndex:
            for lookup in table.LookupList.Lookup[index].SubTable:
                found.update(getattr(getattr(lookup, "ExtSubTable", lookup), "mapping", {}))
    return found


def main(folder):
    here = pathlib.Path(__file__).parent
    for weight in ["Regular", "SemiBold"]:
        font = TTFont(pathlib.Path(folder) / f"Inter-{weight}.otf")
        # Rasterisers differ in font features, so the tabular digits become the only ones.
        tabular = tabular_glyphs(font)
        for table in font["cmap"].tables:
            for code, glyph in list(table.cmap.items()):
                table.cmap[code] = tabular.get(glyph, glyph)
        options = subset.Options()
        options.name_IDs = ["*"]  # else SemiBold no longer answers to the family "Inter"
        options.layout_features = ["kern", "ccmp", "locl", "mark"]
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=CHARACTERS)
        subsetter.subset(font)
        font.save(here / f"Inter-{weight}-tabular.otf")
        font.flavor = "woff2"
        font.save(here / f"Inter-{weight}-tabular.woff2")


if __name__ == "__main__":
    main(sys.argv[1])
