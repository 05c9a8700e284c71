"""Touch recordings for the bench on a 1280x800 panel: a finger that comes in and scribbles on the sheet, one that only comes in,
and one that is not there."""

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
CHALLENGE = PLACES["challenge"]
SHEET = PLACES["sheet"]
CENTRE, REACH = (SHEET["x"] + SHEET["side"] // 2, SHEET["y"] + SHEET["side"] // 2), SHEET["side"] // 3
ENTRANCE: float = PLACES["sheet_s"]
"""Seconds from the start until a visitor stands before the sheet."""


def nobody(path: pathlib.Path) -> pathlib.Path:
    """A device that nobody touches."""
    path.write_text(DESCRIPTION)
    return path


def entrance(path: pathlib.Path) -> pathlib.Path:
    """A visitor who comes in, stands before the sheet and does nothing."""
    path.write_text(DESCRIPTION + (DEVICE.events(_way_in(), PANEL, 0) if PLACES["way_in"] else ""))
    return path


def _way_in() -> list[list[tuple[float, float, float]]]:
    return [[(t, x, y), (t + 0.05, x + 1, y)] for t, x, y in PLACES["way_in"]]


@dataclasses.dataclass(frozen=True)
class Scribble:
    path: pathlib.Path
    end: float
    """Seconds from the start to the last report."""
    frames: int


def scribble(
    path: pathlib.Path, strokes: int, points: int = 40, begin: float = 0.5, free_play: bool = False
) -> Scribble:
    """Strokes of so many points with pauses of 0.1 s, `begin` seconds after the visitor has come in; with free_play it first
    changes over to that screen."""
    made = _way_in()
    begin += ENTRANCE
    if free_play:
        made.append([(ENTRANCE, *FREE_PLAY), (ENTRANCE + 0.05, FREE_PLAY[0] + 1, FREE_PLAY[1])])
    length = points / RATE + 0.1
    for number in range(strokes):
        since = begin + number * length
        made.append([(since + k / RATE, *_place(number * points + k)) for k in range(points)])
    events = DEVICE.events(made, PANEL, 0)
    path.write_text(DESCRIPTION + events)
    return Scribble(path, made[-1][-1][0], events.count(" 0000 0000 0"))


def turning(path: pathlib.Path, turns: int) -> Scribble:
    """A visitor who comes in and changes between challenge and free play: a whole new picture each time."""
    made = _way_in()
    for turn in range(turns):
        since = ENTRANCE + 0.15 * turn
        x, y = CHALLENGE if turn % 2 else FREE_PLAY
        made.append([(since, x, y), (since + 0.03, x + 1, y)])
    events = DEVICE.events(made, PANEL, 0)
    path.write_text(DESCRIPTION + events)
    return Scribble(path, made[-1][-1][0], events.count(" 0000 0000 0"))


def held(path: pathlib.Path, taps: list[tuple[float, float]] | None = None) -> Scribble:
    """The operator's gesture, two opposite corners held, and behind it taps."""
    corners = [(5.0, 5.0), (PANEL[0] - 6.0, PANEL[1] - 6.0)]
    events = DEVICE.held(corners, PANEL, 0, 3.5)
    end = 1 + 3.5
    strokes = []
    for x, y in taps or []:
        end += 0.4
        strokes.append([(end, x, y), (end + 0.05, x + 1, y)])
    if strokes:
        events += DEVICE.events(strokes, PANEL, 0)
    path.write_text(DESCRIPTION + events)
    return Scribble(path, end + 0.5, events.count(" 0000 0000 0"))


def middle(place: dict) -> tuple[float, float]:
    """Of a control as `panelctl status --json` tells it."""
    return place["x"] + place["width"] / 2, place["y"] + place["height"] / 2


def _place(step: int) -> tuple[float, float]:
    """A Lissajous figure that comes everywhere."""
    return CENTRE[0] + REACH * math.sin(step * 0.131), CENTRE[1] + REACH * math.sin(step * 0.177 + 1)
