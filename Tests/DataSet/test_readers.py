"""Other people's readers open what panelctl exports: idx2numpy and Hugging Face's datasets, held against NumPy's reading.

They come from PyPI into an environment of their own; where that cannot be reached these tests are skipped, with the reason.
"""

import json
import pathlib
import subprocess
import tempfile
import unittest

import numpy

from environment import REPOSITORY, NotThere, python

BUILT = REPOSITORY / ".build" / "release"
HERE = pathlib.Path(__file__).resolve().parent


class OtherReaders(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            interpreter = python(HERE / "readers.txt")
        except NotThere as reason:
            raise unittest.SkipTest(str(reason)) from None
        cls.out = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="panel-readers-")))
        cls.panelctl("bench", "store", "--samples", "600")
        for words in (["npz"], ["idx"], ["imagefolder"], ["json"], ["csv"], ["ndjson"]):
            cls.panelctl("export", "--format", *words, "--output", f"{cls.out / words[0]}/")
        cls.panelctl("export", "--format", "imagefolder", "--resize", "280", "--output", cls.out / "imagefolder280")
        cls.panelctl("export", "--format", "npz", "--resize", "280", "--output", cls.out / "280.npz", "--strokes")
        cls.data = numpy.load(cls.out / "npz" / "digits.npz", allow_pickle=False)
        cls.large = numpy.load(cls.out / "280.npz", allow_pickle=False)
        read = cls.out / "read"
        read.mkdir()
        words = [interpreter, HERE / "read_sets.py", cls.out, read]
        environment = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(read / "hub"), "PATH": "/usr/bin:/bin"}
        done = subprocess.run(list(map(str, words)), capture_output=True, text=True, env=environment)
        if done.returncode != 0:
            raise AssertionError(f"the readers ended with {done.returncode}: {done.stderr}")
        cls.seen = json.loads((read / "seen.json").read_text())
        cls.read = read

    @classmethod
    def panelctl(cls, *words):
        words = [BUILT / "panelctl", *words, "--spool", cls.out / "spool"]
        done = subprocess.run(list(map(str, words)), capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(f"{words} ended with {done.returncode}: {done.stderr}")

    def of(self, split: str) -> numpy.ndarray:
        return self.data["splits"] == split

    def array(self, name: str) -> numpy.ndarray:
        return numpy.load(self.read / f"{name}.npy")

    def test_both_splits_have_drawings_and_ink(self):
        for split in ("train", "test"):
            images = self.data["images"][self.of(split)]
            self.assertGreater(len(images), 50, split)
            self.assertTrue((images.reshape(len(images), -1).max(1) == 255).all(), "every drawing still has its ink")

    def test_idx2numpy_reads_the_four_files_of_mnist(self):
        for split in ("train", "test"):
            numpy.testing.assert_array_equal(self.array(f"idx-{split}-images"), self.data["images"][self.of(split)])
            numpy.testing.assert_array_equal(self.array(f"idx-{split}-labels"), self.data["labels"][self.of(split)])

    def test_datasets_loads_the_image_folder_with_splits_and_labels(self):
        for name, data in (("imagefolder", self.data), ("imagefolder280", self.large)):
            told = self.seen[name]
            self.assertEqual(told["splits"], ["test", "train"])
            self.assertEqual(told["label"], "int64")
            self.assertEqual(told["columns"][:3], ["image", "id", "username"])
            for split in ("train", "test"):
                # The reader goes through the folders in the order of names, so rows are matched by id.
                place = {each: row for row, each in enumerate(data["ids"].tolist())}
                rows = [place[each] for each in told[split]["ids"]]
                self.assertEqual(sorted(rows), numpy.flatnonzero(data["splits"] == split).tolist())
                numpy.testing.assert_array_equal(self.array(f"{name}-{split}-images"), data["images"][rows])
                numpy.testing.assert_array_equal(self.array(f"{name}-{split}-labels"), data["labels"][rows])
                marked = [each == "disagrees" for each in told[split]["flags"]]
                self.assertEqual(marked, (data["flags"][rows] == 16).tolist())

    def test_datasets_loads_tables_and_lines_as_they_are(self):
        for name in ("json", "csv", "ndjson"):
            self.assertEqual(self.seen[name]["ids"], self.data["ids"].tolist(), name)
            self.assertEqual(self.seen[name]["labels"], self.data["labels"].tolist(), name)
        self.assertEqual(self.seen["json"]["columns"][:5], ["id", "username", "label", "image", "created_at"])
        wanted = ["key_id", "word", "countrycode", "timestamp", "recognized", "drawing"]
        self.assertEqual(self.seen["ndjson"]["columns"][:6], wanted)

    def test_the_strokes_of_npz_are_those_of_quick_draw(self):
        starts, drawings, points = (self.large[key] for key in ("stroke_starts", "drawing_starts", "points"))
        self.assertEqual((len(drawings), drawings[0], drawings[-1]), (len(self.large["ids"]) + 1, 0, len(starts) - 1))
        self.assertEqual((starts[0], starts[-1]), (0, len(points)))
        first = [points[starts[stroke] : starts[stroke + 1]] for stroke in range(drawings[0], drawings[1])]
        for stroke, told in zip(first, self.seen["ndjson"]["drawing"], strict=True):
            numpy.testing.assert_allclose(stroke[:, :3].T, numpy.array(told), rtol=1e-6)


if __name__ == "__main__":
    unittest.main()
