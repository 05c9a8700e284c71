#!/usr/bin/python3
"""Writes Assets/recordings: visits to a panel of 1280x800 pixels, from the invitation to the thanks, and a try of free play.

Where things stand is asked of a headless panel, screen by screen, with what was recorded so far; the digits are drawn by
handwriting.py. So the recordings are the project's own, and anyone can make them again, after a change of the layout too.
It needs panel, panelctl and virtual-touch, of the release build or of the one that PANEL_BUILT names.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "deploy")]

import booth  # noqa: E402
import handwriting  # noqa: E402
import way_in  # noqa: E402

ASSETS = HERE.parents[1] / "Assets"
PLACE = ASSETS / "recordings"
PANEL = (1280, 800)
DEVICE = "usb-10-point"
SIDE = 280
# Digits by hands that are not plain: name, seed, and what virtual-touch calls it.
HANDS = [
    ("digit-1-upstroke", 11, "1:upstroke"),
    ("digit-2-loop", 12, "2:loop"),
    ("digit-4-open", 14, "4:open"),
    ("digit-7-bar", 17, "7:bar"),
    ("digit-9-tail", 19, "9:tail"),
]

Stroke = list[tuple[float, float, float]]


def status_after(strokes: list[Stroke]) -> dict:
    """What a panel tells of itself when a visitor has done that much."""
    with tempfile.TemporaryDirectory(prefix="panel-recording-") as place:
        recording = pathlib.Path(place, "so-far.evemu")
        recording.write_text(recorded(strokes))
        words = [booth.BUILT / "panel", "--display", f"headless:{PANEL[0]}x{PANEL[1]}", "--touch", f"replay:{recording}"]
        panel = subprocess.Popen([*words, "--spool", f"{place}/spool", "--assets", ASSETS], stderr=subprocess.DEVNULL)
        try:
            time.sleep((strokes[-1][-1][0] if strokes else 0) + 1.5)
            asked = [booth.BUILT / "panelctl", "status", "--json", "--spool", f"{place}/spool"]
            return json.loads(subprocess.run(asked, capture_output=True, text=True).stdout)["panel"]
        finally:
            panel.terminate()
            panel.wait(10)


def drawn(digit: int, sheet: way_in.Place, begin: float, seed: int = 7) -> list[Stroke]:
    strokes = handwriting.timed(handwriting.drawing(digit, seed=seed), seed=seed)
    scale = sheet.width / SIDE
    return [[(begin + t, sheet.x + x * scale - 0.5, sheet.y + y * scale - 0.5) for t, x, y in s] for s in strokes]


def tapped(place: tuple[float, float], begin: float) -> Stroke:
    x, y = place
    return [(begin, x, y), (begin + 0.04, x + 1, y + 1), (begin + 0.09, x, y)]


def recorded(strokes: list[Stroke]) -> str:
    events = booth.described(DEVICE).events(strokes, PANEL, 0) if strokes else ""
    return booth.description(DEVICE) + events


def entrance() -> tuple[list[Stroke], dict]:
    """The taps from the invitation to the sheet, and what the panel tells then."""
    way: list[Stroke] = []
    now = 0.4
    while taps := way_in.taps(told := status_after(way)):
        assert len(way) < 20, f"the panel does not go on from its screen {told['screen']!r}"
        for place in taps:
            way.append(tapped(place, now))
            now += 0.5
        # A glance at what comes next.
        now += 0.3
    return way, told


def write_hands(way: list[Stroke], sheet: way_in.Place, submit: tuple[float, float]) -> None:
    """The recordings that virtual-touch writes, and the list that says how."""
    size = f"{PANEL[0]}x{PANEL[1]}"
    command = f"virtual-touch recording --device {DEVICE} --panel {size}"
    lines = [
        f"# Digits by hands that are not plain, each a visit to a {size} panel:",
        f"# {command} --seed SEED FILE STEPS",
        "# FILE SEED STEPS",
    ]
    entrance = "".join(f"tap {x:.0f},{y:.0f} wait 450 " for (_, x, y), *_ in way)
    for name, seed, digit in HANDS:
        steps = f"wait 400 {entrance}wait 400 draw {digit} {sheet.x},{sheet.y},{sheet.width} "
        steps += f"wait 500 tap {submit[0]:.0f},{submit[1]:.0f}"
        words = [booth.BUILT / "virtual-touch", *command.split()[1:], "--seed", str(seed), PLACE / f"{name}.evemu"]
        subprocess.run([*words, *steps.split()], check=True, stdout=subprocess.DEVNULL)
        lines.append(f"{name}.evemu {seed} {steps}")
    (PLACE / "hands.txt").write_text("\n".join(lines) + "\n")


def main() -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    way, told = entrance()
    sheet = way_in.sheet(told)
    found = way_in.places(told)
    arrival = (way[-1][-1][0] if way else 0) + 0.8
    for digit in range(10):
        strokes = [*way, *drawn(digit, sheet, arrival)]
        strokes.append(tapped(found["submit"].middle, strokes[-1][-1][0] + 0.7))
        (PLACE / f"digit-{digit}.evemu").write_text(recorded(strokes))
    first = [*way, tapped(found["freePlayTab"].middle, arrival)]
    (PLACE / "free-play.evemu").write_text(recorded([*first, *drawn(8, sheet, arrival + 0.8)]))
    write_hands(way, sheet, found["submit"].middle)
    places = {
        "panel": PANEL,
        "way_in": [[round(t, 2), round(x), round(y)] for (t, x, y), *_ in way],
        "sheet_s": round(arrival, 2),
        "sheet": {"x": sheet.x, "y": sheet.y, "side": sheet.width},
        "submit": list(map(round, found["submit"].middle)),
        "free_play": list(map(round, found["freePlayTab"].middle)),
        "challenge": list(map(round, found["challengeTab"].middle)),
    }
    (PLACE / "places.json").write_text(json.dumps(places, indent=2) + "\n")


if __name__ == "__main__":
    main()
