"""The installed panel in a booted Debian: our packages, our unit, and a visitor in front of it."""

import json
import os
import pathlib
import subprocess
import sys
import time

import numpy

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY / "deploy"), str(REPOSITORY / "Tests" / "VirtualPanel")]

import packages  # noqa: E402
import record  # noqa: E402
import scene  # noqa: E402
import way_in  # noqa: E402
from booth import disagreement, glass, until  # noqa: E402
from PIL import Image  # noqa: E402
from vm import system  # noqa: E402
from vm.appliance import Appliance  # noqa: E402

BUILT = pathlib.Path(os.environ.get("PANEL_BUILT", REPOSITORY / ".build" / "release"))
SPOOL = "/var/lib/panel"
SIZE = (1280, 800)
PIN = "271828"
# Nothing moves by itself, so that the glass can be held against what the panel says that it shows.
SETTINGS = "[look]\ntransitions = off\n[visit]\nidle_s = 3600\n[operator]\n"


def make(image: pathlib.Path) -> None:
    """The disk of a system with the panel installed, and with settings that have a PIN."""
    line = subprocess.run([BUILT / "panelctl", "pin"], input=PIN.encode(), capture_output=True, check=True).stdout
    files = {"/etc/panel/panel.ini": SETTINGS.encode() + line}
    system.make(image, packages.made(), {"virtual-touch": BUILT / "virtual-touch"}, files)


class Installed:
    """A booted machine on which the panel is a service."""

    def __init__(self, guest: Appliance):
        self.guest = guest
        self.process = 0
        """The panel's process, as it was last seen to run."""
        self._steps = 0
        self._hand = None

    def show(self, name: str, unit: str = "panel") -> str:
        """A property of a unit."""
        return self.guest.run(f"systemctl show --property {name} --value {unit}").text.strip()

    def status(self) -> dict | None:
        """What the running panel tells of itself; None while it does not answer."""
        told = self.guest.run("panelctl status --json", check=False)
        return json.loads(told.text)["panel"] if told.code in (0, 1, 3) and told.text else None

    def journal(self) -> str:
        """What the panel and systemd said of it."""
        return self.guest.run("journalctl --unit panel --output short-monotonic --no-pager").text

    def lit(self, patience: float = 240) -> dict:
        """Waits until a panel shows its first picture that is another than the last one seen; returns its status."""
        before, found = self.process, {}

        def isThere() -> bool:
            told = self.status()
            if told is None or not told["first_picture_ns"]:
                return False
            process = int(self.show("MainPID"))
            if process in (0, before):
                return False
            self.process = process
            found.update(told)
            return True

        self.waits(isThere, "the panel shows its picture", patience)
        return found

    def waits(self, condition, what: str, patience: float) -> None:
        """Waits for a condition; fails with a sentence, the panel's status, and the end of the journal."""
        try:
            until(condition, what, patience)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.status()}\n{self.journal()[-4000:]}") from None

    def plug(self) -> None:
        """Plugs a touch device in, made by uinput; a line a step makes a hand of it."""
        self.guest.run("rm -f /tmp/steps; mkfifo /tmp/steps")
        self._steps = 0
        # Opened for both ways, the fifo never ends, and the device stays.
        self._hand = self.guest.start("exec virtual-touch play - <>/tmp/steps", "hand")
        until(lambda: (self.status() or {}).get("touch"), "the panel has found the touch device", 60)

    def do(self, *steps: str) -> None:
        """Steps of virtual-touch, one after the other; each is answered by a line when it is done."""
        self._begin(steps)
        until(lambda: self._hand.output.count("ready") >= self._steps, f"the visitor has done: {', '.join(steps)}", 90)

    def _begin(self, steps: tuple[str, ...]) -> None:
        self._steps += len(steps)
        lines = " ".join(f"'{step}'" for step in steps)
        self.guest.run(f"printf '%s\\n' {lines} >/tmp/steps")

    def tap(self, x: float, y: float) -> None:
        self.do(f"tap {x:.0f},{y:.0f}")

    def press(self, name: str) -> None:
        self.tap(*way_in.places(self.status())[name].middle)

    def press_twice(self, place: tuple[float, float]) -> None:
        """What ends the day is pressed twice; the machine may go with the second press, so nobody waits for its answer."""
        x, y = place
        self._begin((f"tap {x:.0f},{y:.0f}", "wait 300", f"tap {x:.0f},{y:.0f}"))

    def enter(self) -> list[str]:
        """From the invitation to the sheet; returns the screens that were passed."""
        return way_in.enter(self.status, self.tap, patience=90)

    def draw(self) -> int:
        """Draws the digit that is asked for, and returns it."""
        told = self.status()
        sheet = way_in.sheet(told)
        margin = sheet.width // 14
        self.do(f"draw {told['prompt']} {sheet.x + margin},{sheet.y + margin},{sheet.width - 2 * margin}")
        return told["prompt"]

    def submit(self) -> None:
        """Presses Submit, and waits until the panel has said that it is saved."""
        before = self.status()["stored"]
        self.press("submit")
        self.waits(lambda: self.status()["stored"] > before, "the drawing is saved", 60)

    def settled(self, patience: float = 60) -> numpy.ndarray:
        """Waits until the glass shows exactly what the panel says that it shows; returns it."""
        deadline = time.monotonic() + patience
        while True:
            self.guest.run("panelctl screenshot -o /host/shown.png")
            shown = numpy.asarray(Image.open(self.guest.shared / "shown.png").convert("RGB"))
            difference = disagreement(scene.upright(glass(self.guest), 0), shown, self.guest.display.bits)
            if not difference:
                return shown
            if time.monotonic() > deadline:
                raise AssertionError(f"the glass does not show what the panel says it shows: {difference}")
            time.sleep(0.2)

    def samples(self) -> list[record.Record]:
        """Every record of the store, read here from a copy of its files."""
        self.guest.run(f"rm -rf /host/store; mkdir /host/store; cp {SPOOL}/panel.db* /host/store; chmod -R a+rwX /host/store")
        return record.records(self.guest.shared / "store" / "panel.db")

    def clock(self) -> float:
        """Seconds of the guest's CLOCK_MONOTONIC."""
        return float(self.guest.run("cut -d ' ' -f 1 /proc/uptime").text)
