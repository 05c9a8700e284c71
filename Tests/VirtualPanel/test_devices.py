"""Every described device draws on the running panel, and a full disk keeps the drawing until there is room."""

import pathlib
import tempfile
import time
import unittest

import booth as panel
import scene
from booth import until
from vm import disk

SIZE = (800, 480)


class EveryDescribedDeviceDraws(unittest.TestCase):
    """virtual-touch plays a line from panel pixels; where its ink lies is looked up on the glass."""

    @classmethod
    def setUpClass(cls):
        cls.guest = panel.boot("bochs", SIZE)
        cls.addClassCleanup(cls.guest.close)
        cls.booth = panel.Booth(cls.guest)
        cls.booth.enter(lambda x, y: cls.play("usb-10-point", "", f"tap {x:.0f},{y:.0f}"))
        picture = cls.booth.settled()
        cls.sheet = scene.sheet(picture)

    @classmethod
    def play(cls, key: str, options: str, steps: str) -> None:
        size = f"{SIZE[0]}x{SIZE[1]}"
        cls.guest.run(f"virtual-touch play --device {key} --panel {size} --tremor 0 {options} {steps} wait 200")

    def draws(self, key: str, options: str = "") -> None:
        sheet = self.sheet
        left, right, y = sheet.x + 60, sheet.x + 220, sheet.y + 140
        self.play(key, options, f"line {left},{y},{right},{y},500")
        drawn = self.booth.settled()
        panel.keep(drawn, f"device-{key}")
        ink = (sheet.cut(drawn) == scene.INK).all(2)
        rows, columns = ink.any(1).nonzero()[0], ink.any(0).nonzero()[0]
        self.assertTrue(rows.size, "there is no ink")
        # A line 20 wide; a device of few units may be a pixel or two off.
        self.assertAlmostEqual((rows[0] + rows[-1]) / 2, 140, delta=3)
        self.assertAlmostEqual(columns[0], 60 - 10, delta=4)
        self.assertAlmostEqual(columns[-1], 220 + 10, delta=4)
        self.clear(key, options)

    def clear(self, key: str, options: str) -> None:
        """The same device finds the Clear button."""
        x, y = self.booth.place("clear").middle
        self.play(key, options, f"tap {x:.0f},{y:.0f}")
        until(lambda: (self.sheet.cut(self.booth.shown()) == scene.PAPER).all(), "the sheet is clear")

    def test_the_ten_point_usb_panel(self):
        self.draws("usb-10-point")

    def test_the_raspberry_pi_panel(self):
        self.draws("ft5406")

    def test_the_panel_of_protocol_a(self):
        self.draws("protocol-a")

    def test_the_resistive_panel(self):
        self.draws("resistive")

    def test_the_controller_that_reports_25_times_a_second(self):
        self.draws("slow-usb")

    def test_the_pen_tablet(self):
        self.draws("pen-tablet")

    def test_the_absolute_pointer(self):
        self.draws("absolute-pointer")

    def test_the_panel_that_lies_about_its_range(self):
        self.draws("lying-range")


class DenseScreen(unittest.TestCase):
    """canvas_scale 3: ink at the panel's own resolution, while what is stored stays 280 x 280."""

    def test_a_drawing_of_840_pixels_is_stored_as_280(self):
        with panel.boot("bochs", (1920, 1080)) as guest:
            touch = panel.Touch(guest)
            touch.plug()
            booth = panel.Booth(guest, settings="[display]\ncanvas_scale = 3\n[visit]\nidle_s = 3600\n")
            visitor = panel.Visitor(booth, touch)
            self.assertEqual(visitor.sheet.width, 840)
            strokes = visitor.draw(panel.handwriting.drawing(2, seed=5), seed=5)
            picture = booth.settled(patience=20)
            panel.keep(picture, "dense-drawn")
            ink = visitor.sheet.cut(picture)
            distance = scene.distances(strokes, 840, 3)
            self.assertTrue((ink[distance < 24] == scene.INK).all(), "there is a hole in the ink")
            self.assertTrue((ink[distance > 36] == scene.PAPER).all(), "there is ink where no finger was")
            visitor.submit()
            stored = booth.samples()[-1]
            self.assertEqual(stored.image.shape, (280, 280))
            self.assertEqual(stored.reading, 2)
            self.assertEqual([len(each) for each in stored.strokes], [len(each) for each in strokes])


class FullDisk(unittest.TestCase):
    def setUp(self):
        place = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="panel-disk-")))
        disk.make(place / "disk.img")
        self.guest = panel.boot("bochs", SIZE, disk=place / "disk.img")
        self.addCleanup(self.guest.close)
        touch = panel.Touch(self.guest)
        touch.plug()
        self.booth = panel.Booth(self.guest)
        self.visitor = panel.Visitor(self.booth, touch)
        self.guest.run(f"dd if=/dev/zero of={panel.SPOOL}/ballast bs=64k; true", timeout=60)
        self.strokes = self.visitor.draw(panel.handwriting.drawing(5, seed=9), seed=9)
        self.visitor.tap(*self.booth.place("submit").middle)
        time.sleep(2)
        self.assertIsNone(self.booth.process.code, "the panel runs on")

    def test_a_full_disk_keeps_the_drawing_until_there_is_room(self):
        booth, visitor = self.booth, self.visitor
        shown = booth.settled()
        panel.keep(shown, "full-disk")
        self.assertTrue((visitor.sheet.cut(shown) == scene.INK).all(2).sum() > 500, "the drawing is still there")
        self.assertEqual(len(booth.samples()), 0)
        self.guest.run(f"rm {panel.SPOOL}/ballast; sync")
        until(lambda: (visitor.sheet.cut(booth.shown()) == scene.PAPER).all(), "the drawing is saved once there is room", 60)
        samples = booth.samples()
        self.assertEqual([len(each) for each in samples[0].strokes], [len(each) for each in self.strokes])
        self.assertEqual(len(samples), 1)
        self.assertEqual(booth.end(), 0)

    def test_what_a_full_disk_refuses_to_the_end_is_told_as_lost(self):
        until(lambda: "cannot store a drawing" in self.booth.process.errors, "the disk refuses")
        self.assertEqual(len(self.booth.samples()), 0)
        self.assertEqual(self.booth.end(), 0)
        said = self.booth.process.errors.splitlines()
        self.assertEqual(said[-1], "panel: the store refused to the end; the drawing that waited is lost")
        self.assertEqual(sum("cannot store" in line for line in said), 1, "why was told once")


if __name__ == "__main__":
    unittest.main()
