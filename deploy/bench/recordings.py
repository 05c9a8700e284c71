"""Touch recordings for the bench: a finger that scribbles on the sheet of a 1280x800 panel, and one that is not there."""

import math
import pathlib
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "Tests" / "VirtualPanel"))

from digitizer import Digitizer  # noqa: E402

MODEL = REPOSITORY / "Assets" / "recordings" / "digit-0.evemu"
DESCRIPTION = "".join(line for line in MODEL.open() if not line.startswith("E:"))
DEVICE = Digitizer.described(DESCRIPTION)
PANEL = (1280, 800)
# The sheet stands in the middle, a little above it or below it with the size of the type: this keeps well inside.
CENTRE, REACH = (640, 383), 90
RATE = 100


def nobody(path: pathlib.Path) -> pathlib.Path:
    """A device that nobody touches."""
    path.write_text(DESCRIPTION)
    return path


def scribble(path: pathlib.Path, strokes: int) -> tuple[pathlib.Path, float, int]:
    """Strokes of 0.4 s with pauses of 0.1 s; returns the file, its seconds, and its number of frames."""
    made = []
    for number in range(strokes):
        begin = 0.5 + number * 0.5
        made.append([(begin + k / RATE, *_place(number * 40 + k)) for k in range(40)])
    events = DEVICE.events(made, PANEL, 0)
    path.write_text(DESCRIPTION + events)
    frames = events.count(" 0000 0000 0")
    return path, made[-1][-1][0], frames


def _place(step: int) -> tuple[float, float]:
    """A Lissajous figure that comes everywhere."""
    return CENTRE[0] + REACH * math.sin(step * 0.131), CENTRE[1] + REACH * math.sin(step * 0.177 + 1)
