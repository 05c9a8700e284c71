#!/usr/bin/python3
"""Writes Assets/attract/digits.txt: the ten digits that the first screen draws, by the hand of handwriting.py."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import handwriting  # noqa: E402

FILE = pathlib.Path(__file__).resolve().parents[2] / "Assets" / "attract" / "digits.txt"
HEAD = """\
# The digits that the first screen draws, one after another. A line is a sample: milliseconds since the drawing began, x and y in
# canvas pixels (0 to 280); an empty line lifts the pen, and "digit N" begins the next. Made by Tests/VirtualPanel/make_demonstration.py.
"""
# An order in which neighbours look different.
ORDER = (3, 7, 0, 5, 2, 8, 4, 6, 1, 9)
# A sample for each frame of 60 Hz is as smooth as a screen shows it.
STEP = 0.016


def lines(digit: int) -> list[str]:
    strokes = handwriting.timed(handwriting.drawing(digit, seed=11), seed=11)
    begin = strokes[0][0][0]
    told = [f"digit {digit}"]
    for stroke in strokes:
        kept, due = [], 0.0
        for t, x, y in stroke:
            if t >= due or (t, x, y) == stroke[-1]:
                kept.append(f"{(t - begin) * 1000:.0f} {x:.1f} {y:.1f}")
                due = t + STEP
        told += [*kept, ""]
    return told


def main() -> None:
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(HEAD + "\n".join(line for digit in ORDER for line in lines(digit)))


if __name__ == "__main__":
    main()
