"""What only a real kernel can prove of the display room: display-check shows a known picture while things happen to it.

What should be seen is the picture of a headless display-check, so the two ways have no code in common below the surface.
"""

import functools
import io
import pathlib
import subprocess
import tempfile
import unittest

import numpy
from PIL import Image

import booth as panel
import scene
from booth import until

DRIVERS = "/sys/bus/virtio/drivers/virtio_gpu"


@functools.cache
def expected(width: int, height: int, rotation: int) -> numpy.ndarray:
    """What display-check shows on a scanout of this size, upright."""
    with tempfile.TemporaryDirectory() as frames:
        words = [panel.BUILT / "display-check", f"headless:{width}x{height}", str(rotation), "", frames]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        picture = pathlib.Path(frames, "frame-000002.png").read_bytes()
    return numpy.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))


class Check:
    """A display-check that runs in a guest."""

    def __init__(self, test: unittest.TestCase, guest, words: str = "auto", rotation: int = 0):
        self.guest, self.rotation = guest, rotation
        self.process = guest.start(f"exec display-check {words} {rotation}", "check")
        test.addCleanup(guest.run, "killall -KILL display-check", check=False)
        self.waits_for("ready")

    def signal(self, name: str) -> None:
        self.guest.run(f"killall -{name} display-check")

    def waits_for(self, words: str, times: int = 1) -> None:
        until(lambda: self.process.output.count(words) >= times, f"it says {words}", give_up=lambda: self.process.code)

    def is_seen(self) -> None:
        """Waits until the glass shows the picture with its ink, and nothing else."""

        def difference() -> str:
            glass = panel.glass(self.guest)
            wanted = expected(glass.shape[1], glass.shape[0], self.rotation)
            return panel.disagreement(scene.upright(glass, self.rotation), wanted, self.guest.display.bits)

        until(lambda: not difference(), "the glass shows the picture", patience=15)

    def ends(self) -> int:
        self.signal("TERM")
        return self.process.wait(20)


class PagesAndInk:
    """Flips and ink at once leave nothing behind, on a driver with two buffers."""

    display: str
    rotation: int

    def test_ink_during_flips_and_after_them_is_all_there(self):
        guest = panel.boot(self.display)
        self.addCleanup(guest.close)
        check = Check(self, guest, rotation=self.rotation)
        check.is_seen()
        check.signal("USR2")
        check.waits_for("100 flips")
        check.is_seen()
        self.assertEqual(check.ends(), 0)
        said = check.process.output.splitlines()
        self.assertEqual([line for line in said if line.startswith(("display: ", "change "))], said[:1], "nothing went wrong")


class PagesAndInkOnVirtioGPU(PagesAndInk, unittest.TestCase):
    display, rotation = "virtio-gpu", 270


class PagesAndInkOnBochs(PagesAndInk, unittest.TestCase):
    display, rotation = "bochs", 0


class PagesAndInkOnCirrus(PagesAndInk, unittest.TestCase):
    display, rotation = "cirrus", 90


class EmulatedFramebuffer(unittest.TestCase):
    def test_fbdev_on_a_card_of_drm_shows_the_picture_when_it_is_asked_for(self):
        guest = panel.boot("virtio-gpu")
        self.addCleanup(guest.close)
        check = Check(self, guest, "fbdev", 180)
        check.is_seen()
        self.assertIn("not taken: /dev/dri/card0 (virtio_gpu): fbdev was asked for", check.process.output)
        self.assertEqual(check.ends(), 0)


class DisplaysComeAndGo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.guest = panel.boot("virtio-gpu")
        cls.addClassCleanup(cls.guest.close)

    def test_a_pulled_cable_is_dark_and_the_same_monitor_needs_no_new_layout(self):
        check = Check(self, self.guest, rotation=90)
        viewer = self.guest.viewer()
        self.addCleanup(viewer.close)
        viewer.resize(1024, 600)
        check.waits_for("change resized")
        check.is_seen()
        viewer.resize(0, 0)
        check.waits_for("change lost")
        viewer.resize(1024, 600)
        check.waits_for("change lit")
        check.is_seen()
        viewer.resize(1280, 800)
        check.waits_for("change resized", times=2)
        check.is_seen()
        self.assertEqual(check.ends(), 0)

    def test_a_display_that_another_program_takes_is_suspended_and_comes_back(self):
        check = Check(self, self.guest)
        check.signal("HUP")
        check.waits_for("change lost")
        self.guest.run("sleep 5")
        self.assertEqual(check.process.output.count("display: suspended: "), 1, "one line, however long it lasts")
        check.signal("HUP")
        check.waits_for("change lit")
        check.signal("USR1")
        check.is_seen()
        self.assertEqual(check.ends(), 0)

    def test_a_card_that_comes_back_under_another_number_is_taken(self):
        check = Check(self, self.guest)
        # Who else has the card open keeps its number from the next one.
        self.guest.run("(exec 3<>/dev/dri/card0; exec sleep 600) >/dev/null 2>&1 &")
        self.addCleanup(self.guest.run, "killall sleep", check=False)
        device = self.guest.run(f"basename $(ls -d {DRIVERS}/virtio*)").text.strip()
        self.guest.run(f"echo {device} >{DRIVERS}/unbind")
        check.waits_for("change lost")
        check.signal("USR1")
        check.waits_for("ink")
        self.guest.run(f"echo {device} >{DRIVERS}/bind")
        check.waits_for("of /dev/dri/card1")
        check.waits_for("change lit")
        check.signal("USR1")
        check.is_seen()
        self.assertEqual(check.ends(), 0)

    def test_nothing_wakes_a_still_picture(self):
        check = Check(self, self.guest)
        check.is_seen()
        count = "grep -h ctxt_switches /proc/$(pidof display-check)/task/*/status"
        # The timer that watches over the last flip may come once.
        self.guest.run("sleep 2")
        before = self.guest.run(count).text
        self.guest.run("sleep 10")
        self.assertEqual(self.guest.run(count).text, before)
        self.assertEqual(check.ends(), 0)


if __name__ == "__main__":
    unittest.main()
