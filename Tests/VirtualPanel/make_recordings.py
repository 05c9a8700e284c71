#!/usr/bin/python3
"""Writes Assets/recordings: ten digits drawn and submitted, and a try of free play, on a panel of 1280x800 pixels.

They are drawn by handwriting.py, so they are the project's own, and anyone can make them again.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import handwriting  # noqa: E402
import booth  # noqa: E402

PLACE = pathlib.Path(__file__).resolve().parents[2] / "Assets" / "recordings"
PANEL = (1280, 800)
DEVICE = "usb-10-point"
# Where things stand at this size (Sources/Panel/LayoutPlan.swift).
SHEET = (500, 243)
SUBMIT = (783, 580)
FREE_PLAY = (1163, 46)


def drawn(digit: int, begin: float, seed: int = 7) -> list[list[tuple[float, float, float]]]:
    strokes = handwriting.timed(handwriting.drawing(digit, seed=seed), seed=seed)
    return [[(begin + t, SHEET[0] + x - 0.5, SHEET[1] + y - 0.5) for t, x, y in stroke] for stroke in strokes]


def tapped(place: tuple[int, int], begin: float) -> list[tuple[float, float, float]]:
    x, y = place
    return [(begin, x, y), (begin + 0.04, x + 1, y + 1), (begin + 0.09, x, y)]


def write(name: str, strokes: list[list[tuple[float, float, float]]]) -> None:
    (PLACE / f"{name}.evemu").write_text(booth.description(DEVICE) + booth.described(DEVICE).events(strokes, PANEL, 0))


def main() -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    for digit in range(10):
        strokes = drawn(digit, begin=0.6)
        write(f"digit-{digit}", [*strokes, tapped(SUBMIT, strokes[-1][-1][0] + 0.7)])
    first = drawn(8, begin=1.2)
    write("free-play", [tapped(FREE_PLAY, 0.4), *first])


if __name__ == "__main__":
    main()
