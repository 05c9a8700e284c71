"""The plug is pulled: what was saved is there again, on a disk that forgets what was not flushed."""

import pathlib
import tempfile
import unittest

import booth as panel
from vm import disk
from vm.nbd import Disk


class PowerFails(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="panel-disk-")))
        self.image = self.place / "disk.img"
        disk.make(self.image)

    def boot(self, number: int) -> tuple[panel.Guest, Disk]:
        power = Disk(self.image, self.place / f"nbd{number}")
        guest = panel.boot("virtio-gpu", (800, 480), disk=power)
        self.addCleanup(guest.close)
        return guest, power

    def test_a_sample_survives_the_cut_at_the_instant_that_saved_is_read(self):
        guest, power = self.boot(1)
        # A file that nobody flushed: it shows that this disk does forget.
        touch = panel.Touch(guest)
        touch.plug()
        booth = panel.Booth(guest)
        visitor = panel.Visitor(booth, touch)
        first = visitor.draw(panel.handwriting.drawing(6, seed=1), seed=1)
        visitor.submit()
        second = visitor.draw(panel.handwriting.drawing(4, seed=2), seed=2)
        guest.run(f"echo unflushed >{panel.SPOOL}/witness")
        visitor.submit()
        power.cut()
        guest.close()

        found = disk.check(self.image)
        self.assertEqual(found, "", "the file system is whole after its journal was replayed")
        guest, power = self.boot(2)
        self.assertNotEqual(guest.run(f"cat {panel.SPOOL}/witness", check=False).text, "unflushed\n")
        touch = panel.Touch(guest)
        touch.plug()
        booth = panel.Booth(guest)
        samples = booth.samples()
        self.assertEqual([len(each.strokes) for each in samples], [len(first), len(second)])
        for strokes, sample in zip((first, second), samples):
            for played, kept in zip(strokes, sample.strokes):
                self.assertEqual(len(played), len(kept))
        # And it goes on collecting.
        visitor = panel.Visitor(booth, touch)
        visitor.draw(panel.handwriting.drawing(1, seed=3), seed=3)
        visitor.submit()
        self.assertEqual(len(booth.samples()), 3)
        self.assertEqual(booth.end(), 0)


if __name__ == "__main__":
    unittest.main()
