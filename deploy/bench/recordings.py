"""Touch recordings for the bench: a finger that scribbles on the sheet of a 1280x800 panel, and one that is not there."""

import dataclasses
import json
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
RATE = 100
# Where the recordings of the Assets tap: Tests/VirtualPanel/make_recordings.py has asked a panel.
PLACES = json.loads(MODEL.with_name("places.json").read_text())
FREE_PLAY = PLACES["free_play"]
SHEET = PLACES["sheet"]
CENTRE, REACH = (SHEET["x"] + SHEET["side"] // 2, SHEET["y"] + SHEET["side"] // 2), SHEET["side"] // 3
ENTRANCE: float = PLACES["sheet_s"]
"""Seconds from the start until a visitor stands before the sheet."""


def nobody(path: pathlib.Path) -> pathlib.Path:
    """A device that nobody touches."""
    path.write_text(DESCRIPTION)
    return path


@dataclasses.dataclass(frozen=True)
class Scribble:
    path: pathlib.Path
    end: float
    """Seconds from the start to the last report."""
    frames: int


def scribble(
    path: pathlib.Path, strokes: int, points: int = 40, begin: float = 0.5, free_play: bool = False
) -> Scribble:
    """Strokes of so many points with pauses of 0.1 s; with free_play it first changes over to that screen, at 1 s."""
    made = []
    if free_play:
        made.append([(1.0, *FREE_PLAY), (1.05, FREE_PLAY[0] + 1, FREE_PLAY[1])])
    length = points / RATE + 0.1
    for number in range(strokes):
        since = begin + number * length
        made.append([(since + k / RATE, *_place(number * points + k)) for k in range(points)])
    events = DEVICE.events(made, PANEL, 0)
    path.write_text(DESCRIPTION + events)
    return Scribble(path, made[-1][-1][0], events.count(" 0000 0000 0"))


def _place(step: int) -> tuple[float, float]:
    """A Lissajous figure that comes everywhere."""
    return CENTRE[0] + REACH * math.sin(step * 0.131), CENTRE[1] + REACH * math.sin(step * 0.177 + 1)
