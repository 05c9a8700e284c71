"""The operator in front of a panel whose digitizer lies askew: gesture, PIN, wipe lock, calibration, and then straight lines; a
pause, a restart of the panel, and a machine that is told to power off or to begin anew, and does."""

import time
import unittest

import booth as panel
import scene
from booth import until

SIZE = (800, 480)
PIN = "4711"
LINE = [[(60.0, 70.0), (220.0, 70.0), (220.0, 220.0), (60.0, 220.0)]]


class SkewedTouch(panel.Touch):
    """A digitizer that lies a little turned, shifted and stretched on the glass: buttons are hit, lines lie beside the finger."""

    def play(self, strokes, size, rotation, lift=True):
        super().play([[(t, *self.felt(x, y, size)) for t, x, y in stroke] for stroke in strokes], size, rotation, lift)

    def felt(self, x: float, y: float, size: tuple[int, int]) -> tuple[float, float]:
        u, v = (x + 0.5) / size[0], (y + 0.5) / size[1]
        u, v = 0.025 + 0.965 * u + 0.01 * v, 0.03 - 0.008 * u + 0.955 * v
        return u * size[0] - 0.5, v * size[1] - 0.5


class StraightTouch(SkewedTouch):
    """One that lies as it should."""

    def felt(self, x: float, y: float, size: tuple[int, int]) -> tuple[float, float]:
        return x, y


class Operator:
    """Fingers that know the gesture and the PIN."""

    def __init__(self, booth: panel.Booth, touch: SkewedTouch):
        self.booth = booth
        self.touch = touch

    def hold_corners(self) -> None:
        corners = [(5, 5), (SIZE[0] - 6, SIZE[1] - 6)]
        events = self.touch.digitizer.held([self.touch.felt(x, y, SIZE) for x, y in corners], SIZE, 0, 4.5)
        self.booth.guest.put(events.encode(), "/tmp/touch.events")
        self.booth.guest.run(f"evemu-play {self.touch.node} </tmp/touch.events")

    def tap(self, x: float, y: float) -> None:
        self.touch.play([[(0.0, x, y), (0.03, x + 0.6, y + 0.4), (0.07, x, y)]], SIZE, 0)

    def controls(self) -> dict[str, panel.way_in.Place]:
        return panel.way_in.places(self.booth.status())

    def press(self, name: str) -> None:
        """Presses what has this name; a page only where the screen shows one at a time."""
        place = self.controls().get(name)
        if place is None and name.startswith("page("):
            return
        assert place is not None, f"there is no {name} on {self.booth.screen}, only {', '.join(self.controls())}"
        self.tap(*place.middle)
        time.sleep(0.2)

    def twice(self, name: str) -> None:
        """What ends the day wants two presses."""
        self.press(name)
        self.press(name)

    def enter(self, pin: str) -> None:
        for digit in pin:
            self.tap(*self.booth.place(f"digit({digit})").middle)
        self.tap(*self.booth.place("enter").middle)

    def open(self) -> None:
        """From the visitors' screen to the menu."""
        self.hold_corners()
        until(lambda: self.booth.screen == "operator PIN", "the gesture asks for the PIN")
        self.enter(PIN)
        until(lambda: self.booth.screen == "operator", "the right PIN opens the menu")

    def leave(self) -> None:
        self.press("leave")
        until(lambda: self.booth.screen not in ("operator", None), "the visitors have the panel again")

    def kept(self) -> str:
        """What is kept of the operator's choices."""
        return self.booth.guest.run(f"cat {panel.SPOOL}/operator", check=False).text


def settings(guest) -> str:
    return f"[visit]\nidle_s = 3600\n[operator]\n{guest.run(f'echo {PIN} | panelctl pin').text}"


class TheOperator(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.guest = panel.boot("bochs", SIZE)
        cls.addClassCleanup(cls.guest.close)
        cls.settings = settings(cls.guest)

    def touch(self, kind: type[SkewedTouch]) -> SkewedTouch:
        touch = kind(self.guest)
        touch.plug()
        self.addCleanup(touch.unplug)
        return touch

    def start(self, touch: SkewedTouch, name: str = "panel") -> Operator:
        # One that a failed test has left would keep the store.
        self.guest.run("killall -KILL panel 2>/dev/null", check=False)
        self.booth = panel.Booth(self.guest, settings=self.settings, name=name)
        return Operator(self.booth, touch)

    def test_the_operator_calibrates_a_skewed_digitizer(self):
        operator = self.start(touch := self.touch(SkewedTouch))
        self.assertFalse(self.draws_straight(touch, seed=1), "the digitizer lies askew")

        operator.hold_corners()
        until(lambda: self.booth.screen == "operator PIN", "the gesture asks for the PIN")
        panel.keep(self.booth.seen(), "operator-pin")
        for wrong in (1, 2):
            operator.enter("9999")
            until(lambda: f"wrong_pins {wrong}" in operator.kept(), f"wrong PIN {wrong} is counted on the disk")
            until(lambda: "enter" in operator.controls(), "another may be tried")
            self.assertEqual(self.booth.screen, "operator PIN")
        operator.enter(PIN)
        until(lambda: self.booth.screen == "operator", "the right PIN opens the menu")
        until(lambda: "wrong_pins" not in operator.kept(), "wrong PINs are forgotten")
        time.sleep(2)
        panel.keep(self.booth.seen(), "operator-menu")

        operator.press("page(touch)")
        leave = self.booth.place("leave").middle
        operator.press("wipe")
        until(lambda: self.booth.status()["controls"] == [], "the wipe lock has begun")
        panel.keep(self.booth.seen(), "operator-wipe")
        for point in [leave, (20, 20), (400, 240), leave]:
            operator.tap(*point)
        operator.hold_corners()
        self.assertEqual((self.booth.screen, self.booth.status()["controls"]), ("operator", []))
        until(lambda: self.booth.status()["controls"], "the wipe lock ends by itself", patience=40)
        self.assertEqual(self.booth.screen, "operator")

        operator.press("calibrate")
        for _ in range(4):
            place = self.booth.place("cross")
            operator.tap(*place.middle)
            until(lambda: operator.controls().get("cross") != place, "the next cross is shown")
        panel.keep(self.booth.seen(), "operator-trial")
        operator.press("keep")
        until(lambda: "matrix" in operator.kept(), "the calibration is kept on the disk")
        operator.leave()
        self.assertTrue(self.draws_straight(touch, seed=2), "lines lie where the finger was")

        self.assertEqual(self.booth.end(), 0)
        self.start(touch, name="again")
        self.assertTrue(self.draws_straight(touch, seed=3), "the calibration holds after a restart")
        told = self.guest.run(f"panelctl doctor --spool {panel.SPOOL} --config /tmp/again.ini", check=False).text
        self.assertIn("touch was calibrated at the panel", told)
        self.assertIn("a PIN is set", told)
        self.assertEqual(self.booth.end(), 0)
        self.guest.run(f"rm {panel.SPOOL}/operator")

    def test_the_operator_pauses_collecting_and_starts_the_panel_anew(self):
        operator = self.start(touch := self.touch(StraightTouch))
        operator.open()
        operator.press("page(settings)")
        operator.press("collecting")
        until(lambda: "collecting" in operator.kept(), "the pause is kept on the disk")
        operator.leave()
        self.assertFalse(self.booth.status()["collecting"])
        visitor = panel.Visitor(self.booth, touch)
        panel.keep(self.booth.seen(), "operator-paused")
        self.assertEqual((visitor.passed, self.booth.screen), (["attract", "languages"], "free play"), "nothing has to be agreed to")
        visitor.draw(panel.handwriting.drawing(7, seed=1), seed=1)
        operator.press("challengeTab")
        self.assertEqual(self.booth.screen, "free play", "the challenge cannot be had")
        self.assertEqual(self.booth.samples(), [], "nothing is stored")

        operator.open()
        operator.press("page(settings)")
        operator.press("collecting")
        operator.press("page(machine)")
        before = self.booth.status()["running_s"]
        operator.twice("restart")

        def began_anew() -> bool:
            told = self.booth.status()
            return told is not None and told["running_s"] < before

        until(began_anew, "the panel has begun anew", give_up=lambda: self.booth.process.code)
        until(lambda: self.booth.screen == "attract", "it invites again")
        visitor = panel.Visitor(self.booth, touch)
        self.assertEqual(self.booth.screen, "challenge")
        visitor.draw(panel.handwriting.drawing(self.booth.status()["prompt"], seed=2), seed=2)
        visitor.submit()
        self.assertEqual(len(self.booth.samples()), 1, "it collects again")
        self.assertEqual(self.booth.end(), 0)

    def draws_straight(self, touch: SkewedTouch, seed: int) -> bool:
        visitor = panel.Visitor(self.booth, touch)
        strokes = visitor.draw(LINE, seed=seed)
        picture = self.booth.settled(patience=20)
        panel.keep(picture, f"operator-drawn-{seed}")
        ink = visitor.sheet.cut(picture)
        scale = visitor.sheet.width // scene.SIDE
        distance = scene.distances(strokes, visitor.sheet.width, scale)
        return bool((ink[distance < 6 * scale] == scene.INK).all() and (ink[distance > 14 * scale] == scene.PAPER).all())


class TheOperatorsSwitch(unittest.TestCase):
    """A machine of its own each, for it is gone afterwards."""

    def test_the_operator_shuts_the_machine_down(self):
        self.assertEqual(self.ends_by("shutDown"), "guest-shutdown")

    def test_the_operator_reboots_the_machine(self):
        self.assertEqual(self.ends_by("reboot"), "guest-reset")

    def ends_by(self, control: str) -> str:
        with panel.boot("bochs", SIZE) as guest:
            touch = StraightTouch(guest)
            touch.plug()
            operator = Operator(panel.Booth(guest, settings=settings(guest)), touch)
            operator.open()
            operator.press("page(machine)")
            place = operator.controls()[control]
            operator.tap(*place.middle)
            panel.keep(operator.booth.seen(), f"operator-{control}")
            # The second press: the machine may be gone before the guest says that it was played.
            events = touch.digitizer.events([[(0.0, *place.middle), (0.05, place.middle[0] + 1, place.middle[1])]], SIZE, 0)
            guest.put(events.encode(), "/tmp/touch.events")
            guest.start(f"evemu-play {touch.node} </tmp/touch.events", "press")
            return guest.qmp.ended(patience=60)


if __name__ == "__main__":
    unittest.main()
