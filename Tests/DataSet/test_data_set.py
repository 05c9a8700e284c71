"""A visitor draws ten digits on a headless panel; what panelctl exports is opened by NumPy and held against the store."""

import csv
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import numpy
from PIL import Image

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY / "deploy"), str(REPOSITORY / "Tests" / "VirtualPanel")]

import record  # noqa: E402
from visit import Headless  # noqa: E402

BUILT = REPOSITORY / ".build" / "release"


class TenDigits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.out = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="panel-data-")))
        cls.booth = Headless(BUILT, cls.out)
        cls.addClassCleanup(cls.booth.end)
        for digit in range(10):
            cls.booth.draw(digit)
        cls.booth.end()
        cls.records = record.records(cls.booth.spool / "panel.db")
        cls.sets = {}
        for side in (28, 280):
            path = cls.out / f"{side}.npz"
            cls.booth.ask("export", "--format", "npz", "--resize", str(side), "--output", str(path))
            cls.sets[side] = numpy.load(path, allow_pickle=False)

    def test_every_drawing_is_in_the_store_and_in_the_data_set(self):
        self.assertEqual(len(self.records), 10)
        for data in self.sets.values():
            self.assertEqual(data["ids"].tolist(), [str(each.identifier) for each in self.records])
            self.assertEqual(data["labels"].tolist(), [each.label for each in self.records])
            self.assertEqual(data["sequences"].tolist(), list(range(1, 11)))

    def test_the_data_sheet_names_the_columns_that_are_there(self):
        def names(rows):
            keys = list(dict.fromkeys(key for row in rows for key in row))
            return ["probability0` … `probability9"] * ("probability0" in keys) + [
                key for key in keys if not key.startswith("probability")
            ]

        def lines(path):
            return [json.loads(line) for line in path.read_text().splitlines()]

        def table(path):
            return list(csv.DictReader(path.read_text().splitlines()))

        readers = {
            "npz": lambda place: numpy.load(place / "digits.npz").files,
            "json": lambda place: names(json.loads((place / "digits.json").read_text())),
            "csv": lambda place: names(table(place / "digits.csv")),
            "idx": lambda place: names(row for path in place.glob("*.csv") for row in table(path)),
            "ndjson": lambda place: names(lines(place / "digits.ndjson")),
            "imagefolder": lambda place: names(row for path in place.glob("*/metadata.jsonl") for row in lines(path)),
        }
        for kind, read in readers.items():
            with self.subTest(kind):
                place = self.out / f"set-{kind}"
                strokes = ["--strokes"] if kind in ("npz", "json") else []
                self.booth.ask("export", "--format", kind, "--resize", "28", *strokes, "--output", f"{place}/")
                sheet = (place / "README.md").read_text().split("## Columns")[1].split("\n## ")[0]
                told = re.findall(r"^- `(.*?)`(?:: | and so on)", sheet, re.MULTILINE)
                found = [name for name in read(place) if not re.fullmatch(r"pixel[1-9]\d*", name)]
                self.assertEqual(len(told), len(set(told)))
                self.assertEqual(set(told), set(found))

    def test_numpy_needs_no_pickle_and_finds_plain_types(self):
        for side, data in self.sets.items():
            self.assertEqual((data["images"].dtype.str, data["images"].shape), ("|u1", (10, side, side)))
            self.assertEqual(data["labels"].dtype.str, "<i8")
            for name in data.files:
                self.assertIn(data[name].dtype.kind, "uifU", name)
                self.assertEqual(len(data[name]), 10, name)

    def test_a_drawing_of_280_pixels_is_the_stored_picture(self):
        for image, each in zip(self.sets[280]["images"], self.records):
            numpy.testing.assert_array_equal(image, each.image)
            self.assertGreater((image == 255).sum(), 1000, "a known drawing still has its ink")
            self.assertEqual(image[0, 0], 0, "paper is 0")

    def test_a_drawing_of_28_pixels_is_normalised_as_mnist_is(self):
        for image in self.sets[28]["images"].astype(float):
            rows, columns = numpy.flatnonzero(image.any(1)), numpy.flatnonzero(image.any(0))
            longest = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
            self.assertIn(longest, (20, 21), "the longest side is 20; a shift by parts of a pixel may touch one more")
            y, x = numpy.mgrid[:28, :28]
            centre = (image * y).sum() / image.sum(), (image * x).sum() / image.sum()
            self.assertAlmostEqual(centre[0], 14, delta=0.6)
            self.assertAlmostEqual(centre[1], 14, delta=0.6)

    def test_one_block_asks_for_every_digit_once(self):
        self.assertEqual(sorted(self.sets[28]["labels"].tolist()), list(range(10)))

    def test_the_recogniser_reads_what_was_drawn(self):
        self.assertEqual(self.sets[28]["predictions"].tolist(), list(range(10)))
        sums = self.sets[28]["probabilities"].sum(1, dtype=float)
        self.assertEqual(sums.tolist(), [1.0] * 10, "multiples of 1/65536 sum to exactly 1")

    def test_json_holds_the_same_as_npz(self):
        path = self.out / "set.json"
        self.booth.ask("export", "--format", "json", "--resize", "28", "--output", str(path))
        rows = json.loads(path.read_text())
        data = self.sets[28]
        self.assertEqual([each["id"] for each in rows], data["ids"].tolist())
        self.assertEqual([each["label"] for each in rows], data["labels"].tolist())
        numpy.testing.assert_array_equal(numpy.array([each["image"] for each in rows]), data["images"])

    def test_the_same_store_gives_the_same_bytes(self):
        paths = [self.out / "first.npz", self.out / "second.npz"]
        for path in paths:
            self.booth.ask("export", "--format", "npz", "--output", str(path))
        self.assertEqual(paths[0].read_bytes(), paths[1].read_bytes())

    def test_recognize_reads_pictures_of_the_data_set_and_passes_over_a_damaged_one(self):
        files = []
        for index, image in enumerate(self.sets[280]["images"]):
            files.append(self.out / f"{index}.png")
            # Dark ink on light paper, as a scan has it.
            Image.fromarray(255 - image).save(files[-1])
        damaged = self.out / "damaged.png"
        damaged.write_bytes(files[0].read_bytes()[:100])
        files.insert(3, damaged)
        words = [BUILT / "panelctl", "recognize", "--json", *files]
        told = subprocess.run(words, capture_output=True, text=True)
        self.assertEqual(told.returncode, 1, "one file failed")
        lines = [json.loads(line) for line in told.stdout.splitlines()]
        self.assertEqual([line["file"] for line in lines], [str(each) for each in files])
        self.assertIn("error", lines.pop(3))
        self.assertEqual([line["digit"] for line in lines], list(range(10)))


if __name__ == "__main__":
    unittest.main()
