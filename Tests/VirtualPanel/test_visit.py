"""The visit: from the invitation to the thanks by touch alone; who walks away in the middle leaves nothing to the next."""

import time
import unittest

import numpy

import booth as panel
import scene
from booth import until

SIZE = (1024, 600)
LINE = [[(60.0, 60.0), (220.0, 200.0)]]


class AVisit(unittest.TestCase):
    """One panel that asks after 8 s without a touch, and wipes 3 s later."""

    @classmethod
    def setUpClass(cls):
        cls.guest = panel.boot("bochs", SIZE)
        cls.addClassCleanup(cls.guest.close)
        cls.touch = panel.Touch(cls.guest)
        cls.touch.plug()
        cls.booth = panel.Booth(cls.guest, settings="[visit]\nidle_s = 8\ncountdown_s = 3\n")
        cls.opening = cls.booth.screen

    def setUp(self):
        self.waits_for(self.opening)

    def waits_for(self, screen: str) -> None:
        until(lambda: self.booth.screen == screen, f"the panel shows {screen}")

    def test_a_visitor_comes_from_the_invitation_to_the_thanks_by_touch_alone(self):
        stored = len(self.booth.samples())
        visitor = panel.Visitor(self.booth, self.touch)
        panel.keep(self.booth.seen(), "visit-challenge")
        asked = self.booth.status()["prompt"]
        visitor.draw(panel.handwriting.drawing(asked, seed=2), seed=2)
        visitor.submit()
        panel.keep(self.booth.seen(), "visit-thanks")
        sample = self.booth.samples()[stored]
        self.assertEqual((sample.label, sample.reading), (asked, asked))
        self.assertEqual((sample.data_set, sample.name_shown), (True, True), "as it was chosen on the way in")
        self.assertNotEqual(self.booth.status()["prompt"], asked, "the next digit is there at once")

    def test_a_visitor_who_walks_away_is_asked_and_leaves_nothing_to_the_next(self):
        first = panel.Visitor(self.booth, self.touch)
        first.draw(panel.handwriting.drawing(3, seed=4), seed=4)
        first.submit()
        first.draw(LINE)
        self.waits_for("still there")
        panel.keep(self.booth.seen(), "visit-still-there")
        self.waits_for(self.opening)
        second = panel.Visitor(self.booth, self.touch)
        self.assertEqual(second.passed, first.passed, "the next visitor is asked all that the first was")
        paper = second.sheet.cut(self.booth.shown())
        self.assertTrue((paper == scene.PAPER).all(), "there is ink on the next visitor's sheet")
        self.assertFalse(self.enabled("undo"), "the next visitor can bring the drawing back")
        second.draw(panel.handwriting.drawing(5, seed=6), seed=6)
        second.submit()
        before, after = self.booth.samples()[-2:]
        self.assertNotEqual(before.contributor, after.contributor)
        self.assertNotEqual(before.session, after.session)

    def test_a_touch_in_time_goes_on_with_the_drawing_and_does_nothing_else(self):
        visitor = panel.Visitor(self.booth, self.touch)
        visitor.draw(LINE)
        drawn = visitor.sheet.cut(self.booth.shown())
        self.waits_for("still there")
        visitor.tap(*visitor.sheet.middle)
        self.assertIn(self.booth.screen, ("challenge", "still there"))
        self.waits_for("challenge")
        numpy.testing.assert_array_equal(visitor.sheet.cut(self.booth.shown()), drawn)
        time.sleep(0.5)

    def enabled(self, name: str) -> bool:
        return next(each["enabled"] for each in self.booth.status()["controls"] if each["name"] == name)


if __name__ == "__main__":
    unittest.main()
