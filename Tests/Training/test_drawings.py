"""The training's own drawings: the panel's ink draws them, and the shipped network reads every style of them."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "Assets" / "model" / "train"))

import letters  # noqa: E402
import shapes  # noqa: E402
import strokes as ink  # noqa: E402

BUILT = REPOSITORY / ".build" / "release"
RENDERER = BUILT / "stroke-render"
# Drawings of each style.
COUNT = 20


def evaluated(rows: list) -> dict:
    """What `panelctl evaluate` says of (label, writer, strokes)."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        for label, writer, strokes in rows:
            points = [stroke.astype(float).tolist() for stroke in strokes]
            file.write(json.dumps({"label": label, "writer": writer, "strokes": points}) + "\n")
        file.flush()
        words = [str(BUILT / "panelctl"), "evaluate", "--json", "--strokes", file.name]
        return json.loads(subprocess.run(words, capture_output=True, check=True).stdout)["sets"][0]


class Styles(unittest.TestCase):
    def read(self, styles: dict, right: float, kept: float):
        rng = numpy.random.default_rng(1)
        rows = [
            (digit, f"{digit}, style {number}", ink.bend(shapes.styled(style, rng), rng, 0.5))
            for digit in styles
            for number, style in enumerate(styles[digit])
            for _ in range(COUNT)
        ]
        found = evaluated(rows)
        self.assertEqual(found["samples"], len(rows))
        self.assertGreaterEqual(found["accuracy"], right)
        self.assertGreaterEqual(found["kept"], kept)
        for writer in found["writers"]:
            self.assertGreaterEqual(writer["accuracy"], 0.8, writer)
            self.assertGreaterEqual(writer["kept"], 0.8, writer)

    def test_every_usual_style_is_read_as_its_digit(self):
        self.assertEqual(sorted(shapes.DIGITS), list(range(10)))
        self.read(shapes.DIGITS, right=0.98, kept=0.99)

    def test_every_rare_style_is_read_as_its_digit(self):
        self.read(shapes.RARE, right=0.96, kept=0.96)

    def test_what_is_no_digit_is_refused(self):
        rng = numpy.random.default_rng(2)
        rows = [("no digit", kind.__name__, ink.bend(ink.unit(kind(rng)), rng)) for kind, _ in shapes.SHAPES for _ in range(COUNT)]
        found = evaluated(rows)
        self.assertEqual(found["others"]["samples"], len(rows))
        self.assertLessEqual(found["others"]["kept"], 0.02)

    def test_letters_are_refused(self):
        glyphs = letters.read()
        self.assertGreater(len(glyphs), 100)
        found = evaluated([("no digit", "", glyph) for glyph in glyphs])
        self.assertLessEqual(found["others"]["kept"], 0.02)


class Strokes(unittest.TestCase):
    def changed(self, change, seed: int) -> list:
        rng = numpy.random.default_rng(seed)
        return [change(shapes.digit(digit, rng), rng) for digit in range(10) for _ in range(20)]

    def test_a_bent_drawing_stays_in_its_box_and_comes_again_with_its_seed(self):
        drawings, again = self.changed(ink.bend, 3), self.changed(ink.bend, 3)
        for strokes, same in zip(drawings, again):
            points = numpy.concatenate(strokes)
            self.assertTrue(numpy.isfinite(points).all())
            self.assertAlmostEqual(float(numpy.ptp(points, axis=0).max()), 1, places=4)
            for one, other in zip(strokes, same, strict=True):
                numpy.testing.assert_array_equal(one, other)
        others = self.changed(ink.bend, 4)
        self.assertFalse(all(len(a) == len(b) and numpy.array_equal(a[0], b[0]) for a, b in zip(drawings, others)))

    def test_a_loosened_drawing_stays_where_it_was_and_comes_again_with_its_seed(self):
        drawings, again = self.changed(ink.loosen, 9), self.changed(ink.loosen, 9)
        before = self.changed(lambda strokes, rng: (strokes, ink.loosen(strokes, rng))[0], 9)
        moved = 0
        for strokes, same, was in zip(drawings, again, before, strict=True):
            for one, other, first in zip(strokes, same, was, strict=True):
                numpy.testing.assert_array_equal(one, other)
                self.assertTrue(numpy.isfinite(one).all())
                # A stroke keeps about its middle and its size; its ends wander.
                self.assertLess(numpy.abs(one.mean(0) - first.mean(0)).max(), 0.25)
                self.assertLess(numpy.ptp(one, axis=0).max(), 2 * numpy.ptp(first, axis=0).max() + 0.1)
                moved += numpy.abs(one[-1] - first[-1]).max() > 0.02
        self.assertGreater(moved, 100)

    def test_a_placed_drawing_lies_on_the_canvas(self):
        rng = numpy.random.default_rng(5)
        for strokes in self.changed(ink.bend, 6):
            pen, placed = ink.place(strokes, rng)
            points = numpy.concatenate(placed)
            self.assertTrue(7 <= pen <= 36)
            self.assertGreaterEqual(points.min(), 0)
            self.assertLessEqual(points.max(), ink.CANVAS)

    def test_the_renderer_draws_what_evaluate_reads(self):
        rng = numpy.random.default_rng(7)
        drawings = [ink.place(strokes, rng) for strokes in self.changed(ink.bend, 8)]
        images = ink.render(drawings, RENDERER)
        self.assertEqual((images.shape, images.dtype), ((200, 28, 28), numpy.uint8))
        self.assertTrue((images.reshape(200, -1).max(1) > 100).all(), "ink is bright on black")
        longest = [max(numpy.ptp(numpy.flatnonzero(i.any(0))), numpy.ptp(numpy.flatnonzero(i.any(1)))) + 1 for i in images]
        self.assertLessEqual(set(longest), {20, 21})

    def test_a_renderer_that_fails_ends_the_training(self):
        with self.assertRaises(SystemExit):
            ink.render([], "/bin/false")


if __name__ == "__main__":
    unittest.main()
