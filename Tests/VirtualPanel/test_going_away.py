"""What goes away and comes back: touch device, display, console, DRM master, and a panel that has none of them."""

import unittest

import numpy

import booth as panel
import scene
from booth import until

CARD = "/dev/dri/card0"
LINE = [[(60.0, 140.0), (220.0, 140.0)]]


class ThingsGoAway(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.guest = panel.boot("virtio-gpu", driver=False)
        cls.addClassCleanup(cls.guest.close)
        cls.touch = panel.Touch(cls.guest)

    def setUp(self):
        self.guest.run("load virtio_gpu")
        self.addCleanup(self.tidy)

    def tidy(self):
        self.guest.run("killall -KILL panel guest-witness virtual-touch", check=False)

    def console(self) -> str:
        return self.guest.run("guest-witness console").text.strip()

    def sentence(self, result) -> str:
        """The one sentence of a program that gave up: its last line, after what it said of displays and devices."""
        lines = result.complaint.strip().splitlines()
        self.assertTrue(lines, "it gave up in silence")
        self.assertNotRegex(result.complaint, "(?i)fatal error|stack dump|crash")
        return lines[-1]

    def test_a_machine_without_a_display_is_told_in_one_sentence(self):
        self.guest.run("rmmod virtio_gpu")
        self.addCleanup(self.guest.run, "load virtio_gpu")
        result = self.guest.run(f"panel --display drm --spool {panel.SPOOL} --assets /usr/share/panel", check=False)
        self.assertEqual(result.code, 1)
        self.assertIn("/dev/dri", self.sentence(result))

    def test_an_unknown_option_is_wrong_usage(self):
        result = self.guest.run("panel --colour", check=False)
        self.assertEqual(result.code, 2)
        self.assertIn("--colour", self.sentence(result))

    def test_a_busy_drm_master_is_told_in_one_sentence(self):
        holder = self.guest.start(f"exec guest-witness hold-master {CARD}", "holder")
        until(lambda: "held" in holder.output, "another program is DRM master")
        result = self.guest.run(f"panel --display drm --spool {panel.SPOOL} --assets /usr/share/panel", check=False)
        self.assertEqual(result.code, 1)
        self.assertIn(CARD, self.sentence(result))
        self.assertEqual(self.console(), "text")

    def test_probe_names_the_display_and_the_touch_device(self):
        self.touch.plug()
        result = self.guest.run("panel --probe --assets /usr/share/panel")
        self.assertIn("card0", result.text)
        self.assertIn("1280x800", result.text)
        self.assertIn(self.touch.digitizer.name, result.text)
        self.assertEqual(self.console(), "text", "a probe takes nothing")

    def test_without_a_touch_device_the_panel_waits_and_takes_one_that_comes(self):
        booth = panel.Booth(self.guest)
        said = booth.process.errors
        self.assertRegex(said, "(?i)no touch device")
        self.assertIsNone(booth.process.code)
        self.touch.plug()
        visitor = panel.Visitor(booth, self.touch)
        visitor.draw(LINE)
        self.assertTrue(self.has_ink(booth, visitor))

    def test_a_device_unplugged_in_a_stroke_cancels_it_and_comes_back(self):
        self.touch.plug()
        booth = panel.Booth(self.guest)
        visitor = panel.Visitor(booth, self.touch)
        visitor.draw(LINE, lift=False)
        self.assertTrue(self.has_ink(booth, visitor))
        self.touch.unplug()
        until(lambda: not self.has_ink(booth, visitor), "the stroke in hand is taken away")
        self.touch.plug()
        visitor.draw(LINE)
        until(lambda: self.has_ink(booth, visitor), "the device that came back draws")
        visitor.submit()
        self.assertEqual(len(booth.samples()[-1].strokes), 1)
        self.assertEqual(booth.end(), 0)

    def test_a_display_that_is_unbound_and_bound_again_is_lit_again(self):
        self.touch.plug()
        booth = panel.Booth(self.guest)
        visitor = panel.Visitor(booth, self.touch)
        visitor.draw(LINE)
        drivers = "/sys/bus/virtio/drivers/virtio_gpu"
        device = self.guest.run(f"basename $(ls -d {drivers}/virtio*)").text.strip()
        self.guest.run(f"echo {device} >{drivers}/unbind")
        until(lambda: "dark" in booth.process.errors, "the panel says it is dark")
        self.assertIsNone(booth.process.code, "the panel runs on without a display")
        self.guest.run(f"echo {device} >{drivers}/bind")
        booth.settled(patience=20)
        self.assertTrue(self.has_ink(booth, visitor), "the drawing is still there")
        self.assertEqual(booth.end(), 0)

    def test_another_monitor_is_taken_in_its_own_mode(self):
        booth = panel.Booth(self.guest)
        self.touch.plug()
        panel.Visitor(booth, self.touch)
        viewer = self.guest.viewer()
        self.addCleanup(viewer.close)
        viewer.resize(1024, 600)
        until(lambda: booth.shown().shape[:2] == (600, 1024), "the panel has the new monitor's mode")
        self.addCleanup(self.old_monitor, viewer)
        visitor = panel.Visitor(booth, self.touch)
        visitor.draw(LINE)
        self.assertTrue(self.has_ink(booth, visitor), "touch goes with the new size")

    def old_monitor(self, viewer) -> None:
        self.tidy()
        viewer.resize(1280, 800)
        probe = "panel --probe --assets /usr/share/panel"
        until(lambda: "1280x800" in self.guest.run(probe, check=False).text, "the old monitor is back")

    def test_every_signal_gives_the_console_back(self):
        for signal, code in (("TERM", 0), ("INT", 0), ("HUP", 0), ("SEGV", 128 + 11), ("ABRT", 128 + 6)):
            with self.subTest(signal=signal):
                booth = panel.Booth(self.guest)
                self.assertEqual(self.console(), "graphics")
                self.guest.run(f"killall -{signal} panel")
                self.assertEqual(booth.process.wait(20), code)
                self.assertEqual(self.console(), "text")

    def test_the_console_shows_again_when_the_panel_has_ended(self):
        self.touch.plug()
        booth = panel.Booth(self.guest)
        panel.Visitor(booth, self.touch)
        self.assertEqual(booth.end(), 0)

        def no_panel() -> bool:
            paper = (panel.glass(self.guest) == scene.PAPER).all(2)
            return int(paper.sum()) < 1000

        until(no_panel, "the kernel's console is on the glass")

    def test_a_second_panel_on_the_same_store_is_told_so(self):
        booth = panel.Booth(self.guest)
        second = self.guest.run(
            f"panel --display headless:800x480 --spool {panel.SPOOL} --assets /usr/share/panel", check=False
        )
        self.assertEqual(second.code, 1)
        self.assertIn(panel.SPOOL, self.sentence(second))
        self.assertIsNone(booth.process.code)

    @staticmethod
    def has_ink(booth, visitor) -> bool:
        sheet = visitor.sheet.cut(booth.shown())
        return bool((sheet == scene.INK).all(2).sum() > 500 * numpy.square(visitor.sheet.width / scene.SIDE))


if __name__ == "__main__":
    unittest.main()
