"""Touch screens as the kernel sees them, and what a finger makes them say, in evemu's text format.

A `Digitizer` turns gestures in panel pixels into event frames in the device's own units, knowing how the picture is turned on
the glass. It is written apart from the panel's own rotation on purpose: the two must agree.
"""

import dataclasses

SYN, KEY, ABS = 0, 1, 3
SYN_REPORT, SYN_MT_REPORT = 0, 2
BTN_TOUCH = 0x14A
ABS_X, ABS_Y = 0, 1
MT_SLOT, MT_TOUCH_MAJOR, MT_X, MT_Y, MT_ID = 0x2F, 0x30, 0x35, 0x36, 0x39

Report = tuple[float, float, float]
"""Seconds since the start, x and y in panel pixels."""
Event = tuple[int, int, int]
"""Type, code and value."""


@dataclasses.dataclass(frozen=True)
class Digitizer:
    """A touch screen glued to the glass: its x runs along the x of what the display scans out."""

    name: str
    axes: dict[int, tuple[int, int]]
    """Absolute axis -> least and greatest value."""
    has_button: bool

    @classmethod
    def described(cls, text: str) -> "Digitizer":
        """Reads the N, B and A lines of evemu's format."""
        name, axes, keys = "", {}, b""
        for line in text.splitlines():
            kind, _, rest = line.partition(": ")
            words = rest.split()
            if kind == "N":
                name = rest
            elif kind == "A":
                axes[int(words[0], 16)] = (int(words[1]), int(words[2]))
            elif kind == "B" and int(words[0], 16) == KEY:
                keys += bytes.fromhex("".join(words[1:]))
        return cls(name, axes, bool(keys[BTN_TOUCH // 8 : BTN_TOUCH // 8 + 1] and keys[BTN_TOUCH // 8] >> BTN_TOUCH % 8 & 1))

    @property
    def protocol(self) -> str:
        """B: slots and tracking ids; A: contacts one after another; single: ABS_X and ABS_Y only."""
        return "B" if MT_SLOT in self.axes else "A" if MT_X in self.axes else "single"

    @property
    def ranges(self) -> tuple[tuple[int, int], tuple[int, int]]:
        return (self.axes[ABS_X], self.axes[ABS_Y]) if self.protocol == "single" else (self.axes[MT_X], self.axes[MT_Y])

    def units(self, px: float, py: float, panel: tuple[int, int], rotation: int) -> tuple[int, int]:
        """Panel pixel to device units. `panel` is the size that the visitor sees; the picture is turned clockwise."""
        u, v = (px + 0.5) / panel[0], (py + 0.5) / panel[1]
        u, v = {0: (u, v), 90: (1 - v, u), 180: (1 - u, 1 - v), 270: (v, 1 - u)}[rotation]
        (x0, x1), (y0, y1) = self.ranges
        return round(x0 + u * (x1 - x0 + 1) - 0.5), round(y0 + v * (y1 - y0 + 1) - 0.5)

    def events(self, strokes: list[list[Report]], panel: tuple[int, int], rotation: int, lift: bool = True) -> str:
        """E lines of one finger. With lift False the last stroke stays down."""
        lines = []
        for number, stroke in enumerate(strokes, 1):
            last = None
            for index, (t, px, py) in enumerate(stroke):
                at = self.units(px, py, panel, rotation)
                # The kernel drops what does not change, and a frame of nothing with it.
                if at != last:
                    lines += self._frame(t, self._contact(at, number, index == 0))
                last = at
            if lift or number < len(strokes):
                lines += self._frame(stroke[-1][0] + 0.004, self._release())
        return "\n".join(lines) + "\n"

    def frames(self, stroke: list[Report], panel: tuple[int, int], rotation: int) -> list[Report]:
        """The reports of a stroke that make frames of their own: those that differ in device units from the one before."""
        kept, last = [], None
        for t, px, py in stroke:
            at = self.units(px, py, panel, rotation)
            if at != last:
                kept.append((t, px, py))
            last = at
        return kept

    def held(self, points: list[tuple[float, float]], panel: tuple[int, int], rotation: int, seconds: float) -> str:
        """E lines of several fingers that come down together, stay, and are lifted together. Of protocol B only."""
        assert self.protocol == "B", f"{self.name} cannot tell fingers apart"
        down, up = [], []
        for slot, (px, py) in enumerate(points):
            x, y = self.units(px, py, panel, rotation)
            down += [(ABS, MT_SLOT, slot), (ABS, MT_ID, 100 + slot), (ABS, MT_X, x), (ABS, MT_Y, y)]
            up += [(ABS, MT_SLOT, slot), (ABS, MT_ID, -1)]
        if self.has_button:
            down.append((KEY, BTN_TOUCH, 1))
            up.append((KEY, BTN_TOUCH, 0))
        # The next finger is told in the first slot again.
        lift = [*up, (ABS, MT_SLOT, 0)]
        # evemu-play passes over the time between events in the first second.
        return "\n".join(self._frame(1, down) + self._frame(1 + seconds, lift)) + "\n"

    def _contact(self, at: tuple[int, int], number: int, first: bool) -> list[Event]:
        down = [(KEY, BTN_TOUCH, 1)] if first and self.has_button else []
        single = [(ABS, ABS_X, at[0]), (ABS, ABS_Y, at[1])] if ABS_X in self.axes else []
        if self.protocol == "single":
            return down + single
        contact = [(ABS, MT_X, at[0]), (ABS, MT_Y, at[1])]
        if MT_TOUCH_MAJOR in self.axes:
            contact.append((ABS, MT_TOUCH_MAJOR, 12))
        if self.protocol == "A":
            return contact + [(SYN, SYN_MT_REPORT, 0)] + down + single
        begin = [(ABS, MT_SLOT, 0), (ABS, MT_ID, number)] if first else []
        return begin + contact + down + single

    def _release(self) -> list[Event]:
        up = [(KEY, BTN_TOUCH, 0)] if self.has_button else []
        return {"B": [(ABS, MT_ID, -1)], "A": [(SYN, SYN_MT_REPORT, 0)], "single": []}[self.protocol] + up

    @staticmethod
    def _frame(t: float, events: list[Event]) -> list[str]:
        return [f"E: {t:.6f} {kind:04x} {code:04x} {value:d}" for kind, code, value in [*events, (SYN, SYN_REPORT, 0)]]
