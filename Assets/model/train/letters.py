"""Letters and signs of the Hershey fonts as strokes: they are no digits, and write-math has few hands for each.

The fonts are read from Debian's package hershey-fonts-data (A. V. Hershey, National Bureau of Standards, 1967; the format by
James Hurt, Cognition Inc.): a line is a glyph from the space on, two characters a point as offsets from "R", " R" lifts the pen.
"""

from pathlib import Path

import numpy as np

import strokes as ink

FOLDER = Path("/usr/share/hershey-fonts")
# Those whose lines are drawn once, as a hand does.
FONTS = ("futural", "scripts", "greek")
LETTERS = set("ABCDEFGHJKLMNPRTUVWXYacefhjkmnprtuvwxy")
# Besides letters, in the first font only. What a person may well read as a digit, and dots and dashes, are in neither.
SIGNS = set("\"#%*+<=>?@{}~")
# A G is many a hand's 6; the Greek font has another O, a Theta whose bar is nearly lost, and a Lambda, which is many a hand's 1.
LOOKALIKES = {"futural": set("G"), "scripts": set(), "greek": set("JVL")}


def _strokes(line):
    text = line[10:]
    points = [text[i : i + 2] for i in range(0, len(text) - 1, 2)]
    parts = [[]]
    for point in points:
        if point == " R":
            parts.append([])
        else:
            parts[-1].append((ord(point[0]) - ord("R"), ord(point[1]) - ord("R")))
    return [np.array(p, np.float32) for p in parts if p]


def read(folder=FOLDER):
    """The glyphs as drawings in a unit box, y down."""
    glyphs = []
    for font in FONTS:
        path = Path(folder) / f"{font}.jhf"
        if not path.exists():
            raise SystemExit(f"{path} is missing: install Debian's package hershey-fonts-data")
        wanted = LETTERS - LOOKALIKES[font] | (SIGNS if font == FONTS[0] else set())
        for code, line in enumerate(path.read_text().splitlines()):
            strokes = _strokes(line)
            if chr(32 + code) in wanted:
                # Corners rounded as a pen does: the points become those of a curve.
                glyphs.append(ink.unit([ink.smooth(s, 3) for s in strokes]))
    return glyphs
