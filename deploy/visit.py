#!/usr/bin/python3
"""Plays a recorded visitor to a panel, and says what became of it: visit.py virtual|headless BUILT OUT.

The visitor comes in from the invitation, agrees to both questions, takes the nickname on offer, draws the digit that is asked
for and submits it, a few times; then tries free play.
"""

import json
import pathlib
import shutil
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import way_in  # noqa: E402
from vm import disk  # noqa: E402
from vm.accelerator import accelerator  # noqa: E402
from vm.debian import Trouble  # noqa: E402
from vm.guest import Guest  # noqa: E402

ASSETS = HERE.parent / "Assets"
RECORDINGS = ASSETS / "recordings"
SIZE = (1280, 800)
DRAWINGS = 3


class Headless:
    """The panel as a program of this machine, drawing into memory. A recording is its touch device, so it starts anew for
    each, and each is a visit of its own, from the invitation on."""

    def __init__(self, built: pathlib.Path, out: pathlib.Path):
        self._built = built
        self._out = out
        self.spool = out / "spool"
        self.spool.mkdir()
        self._panel: subprocess.Popen | None = None

    def start(self, recording: pathlib.Path | None = None) -> None:
        self.end()
        if recording is None:
            recording = self._out / "nobody.evemu"
            first = next(RECORDINGS.glob("*.evemu"))
            lines = first.read_text().splitlines(keepends=True)
            recording.write_text("".join(line for line in lines if not line.startswith("E:")))
        words = [self._built / "panel", "--display", f"headless:{SIZE[0]}x{SIZE[1]}", "--touch", f"replay:{recording}"]
        words += ["--spool", self.spool, "--assets", ASSETS]
        with open(self._out / "panel.log", "ab") as log:
            self._panel = subprocess.Popen(list(map(str, words)), stdout=log, stderr=log)
        wait(lambda: prompt(self) is not None, "the panel asks for a digit")

    def draw(self, digit: int) -> None:
        """Comes in, draws a digit and submits it."""
        self._play(RECORDINGS / f"digit-{digit}.evemu")

    def try_free_play(self) -> None:
        self._play(RECORDINGS / "free-play.evemu")

    def _play(self, recording: pathlib.Path) -> None:
        self.start(recording)
        time.sleep(length(recording) + 1)

    def ask(self, *words: str, check: bool = True) -> str:
        asked = [str(self._built / "panelctl"), *words, "--spool", str(self.spool)]
        told = subprocess.run(asked, capture_output=True, text=True)
        if check and told.returncode != 0 and not told.stdout:
            raise Trouble(f"panelctl {' '.join(words)} failed: {told.stderr.strip()}")
        return told.stdout

    def picture(self, path: pathlib.Path) -> None:
        self.ask("screenshot", "-o", str(path))

    def export(self, kind: str, path: pathlib.Path) -> None:
        self.ask("export", "--format", kind, "--output", str(path))

    def give_up(self) -> None:
        self.end()

    def end(self) -> None:
        if self._panel:
            self._panel.send_signal(signal.SIGTERM)
            self._panel.wait(10)
            self._panel = None


class Virtual:
    """The panel on a kernel of its own, with a DRM display and a touch device made by uinput."""

    def __init__(self, built: pathlib.Path, out: pathlib.Path):
        self._out = out
        self.spool = out / "spool"
        image = out / "disk.img"
        disk.make(image, 512)
        programs = {name: built / name for name in ("panel", "panelctl", "virtual-touch")}
        print("booting a virtual panel (QEMU, Debian's kernel, virtio-gpu)")
        self.guest = Guest(
            "virtio-gpu", SIZE, programs, {"/usr/share/panel": ASSETS}, image, accel=accelerator("auto")
        )

    def start(self) -> None:
        self._panel = self.guest.start("exec panel --spool /var/lib/panel --assets /usr/share/panel", "panel")
        # Opened for both ways, the fifo never ends, and the device stays.
        self.guest.run("mkfifo /tmp/steps")
        self._hand = self.guest.start("exec virtual-touch play - <>/tmp/steps", "hand")
        self._steps = 0
        wait(lambda: prompt(self) is not None, "the panel asks for a digit")

    def draw(self, digit: int) -> None:
        """Draws a digit and submits it; at first comes in."""
        way_in.enter(lambda: status(self), self._tap, patience=60)
        self._draw(digit)
        self._press("submit")
        time.sleep(1)

    def try_free_play(self) -> None:
        self._press("freePlayTab")
        self._draw(8)
        time.sleep(1)

    def _draw(self, digit: int) -> None:
        sheet = way_in.sheet(status(self))
        margin = sheet.width // 14
        self._do(f"draw {digit} {sheet.x + margin},{sheet.y + margin},{sheet.width - 2 * margin}", "wait 500")

    def _press(self, name: str) -> None:
        self._tap(*way_in.places(status(self))[name].middle)

    def _tap(self, x: float, y: float) -> None:
        self._do(f"tap {x:.0f},{y:.0f}", "wait 300")

    def _do(self, *steps: str) -> None:
        """Steps of virtual-touch; each is answered by a line when it is done."""
        for step in steps:
            self._steps += 1
            self.guest.run(f"echo '{step}' >/tmp/steps")
            wait(lambda: self._hand.output.count("ready") >= self._steps, f"the visitor has done: {step}")

    def ask(self, *words: str, check: bool = True) -> str:
        told = self.guest.run(f"panelctl {' '.join(words)} --spool /var/lib/panel", check=False)
        if check and told.code != 0 and not told.output:
            raise Trouble(f"panelctl {' '.join(words)} failed: {told.complaint.strip()}")
        return told.text

    def picture(self, path: pathlib.Path) -> None:
        self.guest.screendump().save(path)

    def export(self, kind: str, path: pathlib.Path) -> None:
        self.ask("export", "--format", kind, "--output", "/tmp/exported")
        path.write_bytes(self.guest.read("/tmp/exported"))

    def give_up(self) -> None:
        self.guest.close()

    def end(self) -> None:
        self.guest.run("killall -TERM panel")
        self._panel.wait(20)
        self.guest.run("mkdir /host/spool && cp /var/lib/panel/panel.db* /host/spool")
        shutil.copytree(self.guest.shared / "spool", self.spool)
        self.guest.run("umount /var/lib/panel")
        self.guest.close()


def status(booth: "Headless | Virtual") -> dict | None:
    """What the running panel tells of itself; None while it does not answer."""
    told = booth.ask("status", "--json", check=False)
    return json.loads(told)["panel"] if told else None


def prompt(booth: "Headless | Virtual") -> int | None:
    """The digit that the panel asks for next; None while it does not answer, or in free play."""
    panel = status(booth)
    return panel["prompt"] if panel else None


def length(recording: pathlib.Path) -> float:
    """Seconds from the start to the last event."""
    times = [float(line.split()[1]) for line in recording.read_text().splitlines() if line.startswith("E:")]
    return times[-1]


def wait(condition, what: str) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        if time.monotonic() > deadline:
            raise Trouble(f"waited 30 s until {what}")
        time.sleep(0.1)


def main() -> None:
    how, built, out = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    booth = (Virtual if how == "virtual" else Headless)(built, out)
    try:
        _visit(booth, out)
    except BaseException:
        # A panel that nobody watches would run on.
        booth.give_up()
        raise


def _visit(booth: Virtual | Headless, out: pathlib.Path) -> None:
    booth.start()
    pictures = [out / "1-invitation.png"]
    booth.picture(pictures[0])
    for count in range(DRAWINGS):
        digit = prompt(booth)
        print(f"the panel asks for a {digit}; the visitor draws it")
        booth.draw(digit)
        pictures.append(out / f"{count + 2}-saved.png")
        booth.picture(pictures[-1])
    booth.try_free_play()
    pictures.append(out / f"{DRAWINGS + 2}-free-play.png")
    booth.picture(pictures[-1])
    print()
    for words in (["status"], ["leaderboard"]):
        print(f"$ panelctl {' '.join(words)}")
        print(booth.ask(*words))
    exported = out / "digits.npz"
    booth.export("npz", exported)
    booth.end()
    print("pictures:")
    for picture in pictures:
        print(f"  {picture}")
    print(f"the store: {booth.spool}")
    print(f"the data set: {exported}")
    print(f'  read it: python3 -c "import numpy; d = numpy.load(\'{exported}\'); print({{k: d[k].shape for k in d}})"')


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        print(f"deploy/run: {trouble}", file=sys.stderr)
        sys.exit(1)
