"""On every display driver and turned in all four ways: picture, ink, sample, reading, and the console given back.

One boot for a driver, one start of the panel for a rotation. A visit is played once and then looked at by several tests.
"""

import dataclasses
import unittest

import numpy

import booth as panel
import scene
from record import Record

BRUSH = 20
# Smooth curves leave the straight way between two reports a little; a report is rounded to the device's units.
SLACK = 2.0


@dataclasses.dataclass
class Visit:
    """What was there after one visit."""

    picture: numpy.ndarray
    """What the panel said it showed, and the glass showed, with the drawing on the sheet."""
    sheet: scene.Place
    strokes: list[list[tuple[float, float, float]]]
    exactness: float
    """How far a point may be from where it was played, in pixels of the sheet."""
    digit: int
    before: list[Record]
    after: list[Record]
    code: int
    console: tuple[str, str]
    """Mode of the virtual terminal while the panel ran, and after it."""


class OnEveryDisplay:
    """The checks; a class for a driver says which one."""

    display: str
    size = (1280, 800)
    device = "usb-10-point"
    options = ""

    @classmethod
    def setUpClass(cls):
        cls.guest = panel.boot(cls.display, cls.size)
        cls.addClassCleanup(cls.guest.close)
        cls.touch = panel.Touch(cls.guest, cls.device)
        cls.touch.plug()
        cls.visits: dict[int, Visit | Exception] = {}

    def visit(self, rotation: int) -> Visit:
        """The visit at a rotation, played when it is first asked for; what made it fail is told to every test of it."""
        if rotation not in self.visits:
            try:
                self.visits[rotation] = self.play(rotation)
            except Exception as error:
                self.guest.run("killall -KILL panel", check=False)
                self.visits[rotation] = error
                raise
        found = self.visits[rotation]
        if isinstance(found, Exception):
            self.fail(f"the visit did not come to its end: {found}")
        return found

    def play(self, rotation: int) -> Visit:
        running = panel.Booth(self.guest, self.options, rotation)
        visitor = panel.Visitor(running, self.touch)
        before = running.samples()
        digit = (3, 5, 2, 8)[rotation // 90]
        strokes = visitor.draw(panel.handwriting.drawing(digit, seed=rotation), seed=rotation)
        picture = running.settled()
        panel.keep(picture, f"{self.display}-{rotation}-drawn")
        during = self.guest.run("guest-witness console").text.strip()
        visitor.submit()
        panel.keep(running.seen(), f"{self.display}-{rotation}-saved")
        after = running.samples()
        code = running.end()
        console = (during, self.guest.run("guest-witness console").text.strip())
        return Visit(picture, visitor.sheet, strokes, visitor.exactness + 0.5, digit, before, after, code, console)

    def check_picture(self, rotation: int) -> None:
        """play() compared the glass with the panel's own picture, pixel for pixel; here: it is not an empty one."""
        picture = self.visit(rotation).picture
        width, height = self.guest.size
        self.assertEqual(picture.shape[:2], (width, height) if rotation % 180 else (height, width))
        self.assertGreater(len(numpy.unique(picture.reshape(-1, 3), axis=0)), 50, "text and ink have many shades")

    def check_ink(self, rotation: int) -> None:
        visit = self.visit(rotation)
        scale = visit.sheet.width // scene.SIDE
        self.assertEqual((visit.sheet.width, visit.sheet.height), (scene.SIDE * scale,) * 2)
        ink = visit.sheet.cut(visit.picture)
        distance = scene.distances(visit.strokes, ink.shape[0], scale)
        radius = BRUSH / 2 * scale
        slack = (SLACK + visit.exactness) * scale
        inside = distance < radius - slack
        outside = distance > radius + slack
        self.assertGreater(inside.sum(), 1000)
        self.assertTrue((ink[inside] == scene.INK).all(), "there is a hole in the ink")
        self.assertTrue((ink[outside] == scene.PAPER).all(), "there is ink where no finger was")
        if scale == 1:
            stored = visit.after[-1].image
            self.assertTrue((ink[stored == 255] == scene.INK).all(), "what is stored as ink was shown as ink")
            self.assertTrue((ink[stored == 0] == scene.PAPER).all(), "what is stored as paper was shown as paper")

    def check_sample(self, rotation: int) -> None:
        visit = self.visit(rotation)
        self.assertEqual(len(visit.after), len(visit.before) + 1, "one Submit stores one sample")
        stored = visit.after[-1].strokes
        self.assertEqual(len(stored), len(visit.strokes))
        for played, kept in zip(visit.strokes, stored):
            self.assertEqual(len(played), len(kept), "every report of the device is a point of the stroke")
            for (_, x, y), point in zip(played, kept):
                self.assertAlmostEqual(point[0], x, delta=visit.exactness)
                self.assertAlmostEqual(point[1], y, delta=visit.exactness)
            lasted = (kept[-1][3] - kept[0][3]) / 1000
            # In real time: never faster than it was played; slower where the emulated processor lags behind.
            real = played[-1][0] - played[0][0]
            self.assertGreater(lasted, real - 0.05)
            self.assertLess(lasted, real * 2 + 0.5)

    def check_reading(self, rotation: int) -> None:
        visit = self.visit(rotation)
        self.assertEqual(visit.after[-1].reading, visit.digit)
        self.assertTrue(visit.after[-1].is_digit)

    def check_console(self, rotation: int) -> None:
        visit = self.visit(rotation)
        self.assertEqual(visit.code, 0, "SIGTERM is a good end")
        self.assertEqual(visit.console, ("graphics", "text"))


CHECKS = {
    "the_glass_shows_what_the_panel_says": OnEveryDisplay.check_picture,
    "the_ink_is_where_the_finger_went": OnEveryDisplay.check_ink,
    "the_sample_holds_the_strokes_that_were_played": OnEveryDisplay.check_sample,
    "the_recogniser_reads_the_digit": OnEveryDisplay.check_reading,
    "the_console_is_given_back": OnEveryDisplay.check_console,
}
for _rotation in (0, 90, 180, 270):
    for _name, _check in CHECKS.items():
        setattr(
            OnEveryDisplay,
            f"test_turned_by_{_rotation:03}_{_name}",
            lambda self, check=_check, rotation=_rotation: check(self, rotation),
        )


class VirtioGPU(OnEveryDisplay, unittest.TestCase):
    display = "virtio-gpu"


class BochsPortrait(OnEveryDisplay, unittest.TestCase):
    display = "bochs"
    size = (720, 1280)
    device = "protocol-a"


class Cirrus(OnEveryDisplay, unittest.TestCase):
    display = "cirrus"
    device = "resistive"


class FramebufferOf16Bits(OnEveryDisplay, unittest.TestCase):
    display = "vesafb16"
    options = "--display fbdev"


class FramebufferOf24Bits(OnEveryDisplay, unittest.TestCase):
    display = "vesafb24"
    options = "--display fbdev"


if __name__ == "__main__":
    unittest.main()
