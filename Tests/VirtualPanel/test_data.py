"""Strokes of other people, where the folder with data sets is beside the repository: played, stored, read, opened by NumPy."""

import gzip
import io
import itertools
import json
import unittest

import numpy

import booth as panel

DATA = panel.REPOSITORY.parent / "shared" / "data"
PENCIL = DATA / "strokes_ipad_pencil.jsonl.gz"


def drawings() -> list[tuple[int, list[list[tuple[float, float]]]]]:
    """One drawing of each digit, fitted into the sheet."""
    found: dict[int, list] = {}
    with gzip.open(PENCIL, "rt") as lines:
        for line in lines:
            each = json.loads(line)
            found.setdefault(int(each["label"]), each["strokes"])
            if len(found) == 10:
                break
    return [(digit, fitted(strokes)) for digit, strokes in sorted(found.items())]


def fitted(strokes: list) -> list[list[tuple[float, float]]]:
    """Scaled to 200 pixels and set in the middle, as a visitor would fill the sheet."""
    points = list(itertools.chain.from_iterable(strokes))
    left, top = min(p[0] for p in points), min(p[1] for p in points)
    width, height = max(p[0] for p in points) - left, max(p[1] for p in points) - top
    scale = 200 / max(width, height, 1)
    dx, dy = 140 - width * scale / 2, 140 - height * scale / 2
    return [panel.handwriting.resampled([((p[0] - left) * scale + dx, (p[1] - top) * scale + dy) for p in s]) for s in strokes]


class StrokesOfOthers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not PENCIL.exists():
            raise unittest.SkipTest("there is no ../shared/data/strokes_ipad_pencil.jsonl.gz beside the repository")
        cls.guest = panel.boot("bochs", (800, 480))
        cls.addClassCleanup(cls.guest.close)
        touch = panel.Touch(cls.guest)
        touch.plug()
        cls.booth = panel.Booth(cls.guest)
        visitor = panel.Visitor(cls.booth, touch)
        cls.played = []
        for digit, strokes in drawings():
            cls.played.append((digit, visitor.draw(strokes, seed=digit)))
            visitor.submit()

    def test_all_ten_are_stored_as_they_were_played(self):
        samples = self.booth.samples()
        self.assertEqual(len(samples), len(self.played))
        for (_, strokes), sample in zip(self.played, samples):
            self.assertEqual([len(each) for each in strokes], [len(each) for each in sample.strokes])

    def test_the_recogniser_reads_nine_of_ten_at_least(self):
        read = [each.reading for each in self.booth.samples()]
        right = sum(digit == told for (digit, _), told in zip(self.played, read))
        self.assertGreaterEqual(right, 9, f"played 0 to 9, read {read}")

    def test_each_block_of_ten_asks_for_every_digit_once(self):
        self.assertEqual(sorted(each.label for each in self.booth.samples()), list(range(10)))

    def test_numpy_opens_the_data_set(self):
        self.guest.run(f"panelctl export --spool {panel.SPOOL} --format npz --resize 280 --output /tmp/set.npz")
        data = numpy.load(io.BytesIO(self.guest.read("/tmp/set.npz")), allow_pickle=False)
        images = data["images"]
        self.assertEqual((images.shape, images.dtype), ((10, 280, 280), numpy.uint8))
        self.assertEqual(data["labels"].tolist(), [each.label for each in self.booth.samples()])
        for image in images:
            self.assertGreater((image == 255).sum(), 1000, "a stored drawing has its ink")


if __name__ == "__main__":
    unittest.main()
