"""A panel that runs in a virtual machine, and a visitor in front of it."""

import functools
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy
from PIL import Image

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "deploy"))

import way_in  # noqa: E402
from vm.guest import Guest, Running  # noqa: E402

import handwriting  # noqa: E402
import scene  # noqa: E402
from digitizer import Digitizer  # noqa: E402
from record import Record, records  # noqa: E402

BUILT = pathlib.Path(os.environ.get("PANEL_BUILT", REPOSITORY / ".build" / "release"))
PICTURES = REPOSITORY / "out" / "test" / "pictures"
SPOOL = "/var/lib/panel"
PROGRAMS = {name: BUILT / name for name in ("panel", "panelctl", "guest-witness", "virtual-touch", "display-check")}
TOOLS = {"evemu-play": pathlib.Path("/usr/bin/evemu-play")}


def boot(display: str, size: tuple[int, int] = (1280, 800), **more) -> Guest:
    """A guest with the programs, the fonts and the assets of the project."""
    return Guest(
        display=display,
        size=size,
        programs={**PROGRAMS, **TOOLS},
        files={"/usr/share/panel": REPOSITORY / "Assets"},
        **more,
    )


class Touch:
    """A described touch device of the guest, made with uinput by virtual-touch; it can be plugged and unplugged.

    What is played on it is made here, from scanout pixels to device units, not by the code that the panel shares.
    """

    def __init__(self, guest: Guest, key: str = "usb-10-point"):
        self.key = key
        self.digitizer = described(key)
        self._guest = guest
        self._maker: Running | None = None
        self.node = ""

    def plug(self) -> None:
        # A fifo that is opened for both ways never ends, so the device stays until its maker is killed.
        self._guest.run("[ -p /tmp/open-end ] || mkfifo /tmp/open-end")
        self._maker = self._guest.start(f"exec virtual-touch create {self.key} <>/tmp/open-end", "touch")
        until(lambda: "ready" in self._maker.output, "the uinput device is there", give_up=lambda: self._maker.code)
        self.node = self._maker.output.split(" at ")[1].split()[0]

    def unplug(self) -> None:
        self._guest.run("killall virtual-touch")
        self._maker.wait()

    def play(self, strokes, panel: tuple[int, int], rotation: int, lift: bool = True) -> None:
        """Plays (seconds, x, y) strokes in panel pixels in real time."""
        events = self.digitizer.events(strokes, panel, rotation, lift)
        self._guest.put(events.encode(), "/tmp/touch.events")
        self._guest.run(f"evemu-play {self.node} </tmp/touch.events")


class Booth:
    """The panel, started with some options, and what can be seen and asked."""

    def __init__(
        self, guest: Guest, options: str = "", rotation: int = 0, name: str = "panel", settings: str = "[visit]\nidle_s = 3600\n"
    ):
        """Starts it; in an emulated machine a visit is slow, so by default nobody is asked whether they are still there."""
        self.guest = guest
        self.rotation = rotation
        turn = f"--rotate {rotation}" if rotation else ""
        guest.put(settings.encode(), f"/tmp/{name}.ini")
        words = f"--spool {SPOOL} --assets /usr/share/panel --config /tmp/{name}.ini {turn} {options}"
        self.process = guest.start(f"exec panel {words}", name)
        until(self._answers, "the panel answers on its control socket", give_up=lambda: self.process.code)

    def _answers(self) -> bool:
        return self.status() is not None

    def status(self) -> dict | None:
        """What the running panel tells of itself; None when it does not answer."""
        told = self.guest.run(f"panelctl status --json --spool {SPOOL}", check=False)
        return json.loads(told.text)["panel"] if told.code in (0, 1, 3) else None

    @property
    def screen(self) -> str | None:
        """What stands on the panel: attract, languages, consent, name, challenge, free play, still there, operator."""
        status = self.status()
        return status["screen"] if status else None

    def place(self, name: str) -> way_in.Place:
        """Where something can be pressed on the screen that stands there."""
        return way_in.places(self.status())[name]

    def enter(self, tap, agrees: tuple[str, ...] = way_in.AGREES) -> list[str]:
        """Goes from the invitation to the sheet, as a visitor does; returns the screens that were passed."""
        return way_in.enter(self.status, tap, agrees, patience=60)

    def shown(self) -> numpy.ndarray:
        """What the panel says it shows: `panelctl screenshot`, upright."""
        self.guest.run(f"panelctl screenshot --spool {SPOOL} -o /tmp/shown.png")
        return numpy.asarray(Image.open(io.BytesIO(self.guest.read("/tmp/shown.png"))).convert("RGB"))

    def seen(self) -> numpy.ndarray:
        """What is on the glass: QEMU's screendump, turned upright."""
        return scene.upright(glass(self.guest), self.rotation)

    def samples(self) -> list[Record]:
        """Every record of the store in the order of storing, read here from a copy of its files."""
        self.guest.run(f"rm -rf /host/store; mkdir /host/store; cp {SPOOL}/panel.db* /host/store")
        return records(self.guest.shared / "store" / "panel.db")

    def settled(self, patience: float = 6) -> numpy.ndarray:
        """Waits until the glass shows exactly what the panel says; returns it. The text of a difference is where it lies."""
        deadline = time.monotonic() + patience
        while True:
            shown = self.shown()
            seen = self.seen()
            difference = disagreement(seen, shown, self.guest.display.bits)
            if not difference:
                return shown
            if time.monotonic() > deadline:
                raise AssertionError(f"the glass does not show what the panel says it shows: {difference}")
            time.sleep(0.1)

    def end(self) -> int:
        """SIGTERM, as a service manager would; returns the exit code."""
        self.guest.run("killall -TERM panel")
        return self.process.wait(20)


class Visitor:
    """Looks at the panel's picture and uses a touch device; stands before the sheet when it has been made."""

    def __init__(self, booth: Booth, touch: Touch):
        self.booth = booth
        self.touch = touch
        first = booth.shown()
        self.panel = (first.shape[1], first.shape[0])
        self.passed = booth.enter(self.tap)
        """The screens on the way to the sheet."""
        picture = booth.settled()
        self.sheet = scene.sheet(picture)
        self.exactness = 0.0
        """Panel pixels, as those of the sheet, from one unit of the device to the next."""

    def draw(self, strokes: list[list[tuple[float, float]]], seed: int = 0, lift: bool = True):
        """Draws strokes given in canvas pixels; returns them as played: those reports that the device tells."""
        scale = self.sheet.width / scene.SIDE
        timed = handwriting.timed(strokes, seed=seed)
        placed = [[(t, self.sheet.x + x * scale - 0.5, self.sheet.y + y * scale - 0.5) for t, x, y in s] for s in timed]
        self.touch.play(placed, self.panel, self.booth.rotation, lift)
        told = [self.touch.digitizer.frames(stroke, self.panel, self.booth.rotation) for stroke in placed]
        # A device cannot say more than a whole unit.
        across = self.booth.guest.size
        self.exactness = max(side / (high - low + 1) for side, (low, high) in zip(across, self.touch.digitizer.ranges)) / scale
        return [[(t, (x + 0.5 - self.sheet.x) / scale, (y + 0.5 - self.sheet.y) / scale) for t, x, y in s] for s in told]

    def tap(self, x: float, y: float) -> None:
        stroke = [(0.0, x, y), (0.03, x + 0.6, y + 0.4), (0.07, x, y)]
        self.touch.play([stroke], self.panel, self.booth.rotation)

    def submit(self, patience: float = 15) -> None:
        """Taps Submit and waits until the sheet is clean on the glass: that picture says "Saved"."""
        self.tap(*self.booth.place("submit").middle)
        paper = scene.reduced(numpy.full((1, 1, 3), scene.PAPER, numpy.uint8), self.booth.guest.display.bits)

        def clean() -> bool:
            seen = scene.reduced(self.sheet.cut(self.booth.seen()), self.booth.guest.display.bits)
            return bool((seen == paper).all())

        until(clean, "the sheet is clean after Submit", patience)


def described(key: str) -> Digitizer:
    """A described device as a value."""
    return Digitizer.described(description(key))


@functools.cache
def description(key: str) -> str:
    """A described device as virtual-touch writes it at the head of a recording: all lines but the events."""
    with tempfile.NamedTemporaryFile("r", suffix=".evemu") as recording:
        words = [BUILT / "virtual-touch", "recording", "--device", key, recording.name, "tap", "1,1"]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        return "".join(line for line in recording if not line.startswith("E:"))


def glass(guest: Guest) -> numpy.ndarray:
    """The screendump as rows x columns x RGB."""
    picture = guest.screendump()
    return numpy.frombuffer(picture.rgb, numpy.uint8).reshape(picture.height, picture.width, 3)


def disagreement(seen: numpy.ndarray, shown: numpy.ndarray, bits: tuple[int, int, int]) -> str:
    """Empty when two pictures are the same in the bits that the display keeps; else where they differ."""
    if seen.shape != shown.shape:
        return f"the glass has {seen.shape[1]}x{seen.shape[0]} pixels, the picture {shown.shape[1]}x{shown.shape[0]}"
    differs = (scene.reduced(seen, bits) != scene.reduced(shown, bits)).any(2)
    if not differs.any():
        return ""
    rows, columns = numpy.nonzero(differs)
    y, x = rows[0], columns[0]
    return (
        f"{differs.sum()} pixels differ in x {columns.min()}-{columns.max()}, y {rows.min()}-{rows.max()}; "
        f"at ({x}, {y}) the glass has {seen[y, x].tolist()}, the picture {shown[y, x].tolist()}"
    )


def keep(picture: numpy.ndarray, name: str) -> None:
    """Keeps a picture for people to look at, in out/test/pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    Image.fromarray(numpy.ascontiguousarray(picture)).save(PICTURES / f"{name}.png")


def until(condition, what: str, patience: float = 30, give_up=lambda: None) -> None:
    """Waits for a condition; fails with a sentence when patience or the thing waited for ends."""
    deadline = time.monotonic() + patience
    while not condition():
        ended = give_up()
        if ended is not None:
            raise AssertionError(f"waited until {what}, but it ended with {ended}")
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {patience:.0f} s until {what}")
        time.sleep(0.05)
