"""Touch screens as the kernel sees them, and recordings for them in evemu's text format.

A `Digitizer` turns gestures in panel pixels into event frames in the device's own units, knowing how the picture is turned on
the glass. It is written apart from the panel's own rotation on purpose: the two must agree.
"""

import dataclasses

SYN, KEY, ABS = 0, 1, 3
SYN_REPORT, SYN_MT_REPORT = 0, 2
BTN_TOUCH = 0x14A
ABS_X, ABS_Y = 0, 1
MT_SLOT, MT_TOUCH_MAJOR, MT_X, MT_Y, MT_ID = 0x2F, 0x30, 0x35, 0x36, 0x39
PROP_DIRECT = 1 << 1

Report = tuple[float, float, float]
"""Seconds since the start, x and y in panel pixels."""


@dataclasses.dataclass(frozen=True)
class Digitizer:
    """protocol: B (slots and tracking ids), A (contacts one after another) or single (ABS_X and ABS_Y only).

    x, y: the range of the device's units. It is glued to the glass: its x runs along the scanout's x.
    """

    name: str
    protocol: str
    x: tuple[int, int]
    y: tuple[int, int]
    identity: str = "0003 0eef 0001 0110"

    def units(self, px: float, py: float, panel: tuple[int, int], rotation: int) -> tuple[int, int]:
        """Panel pixel to device units. `panel` is the size that the visitor sees; the picture is turned clockwise."""
        u, v = (px + 0.5) / panel[0], (py + 0.5) / panel[1]
        u, v = {0: (u, v), 90: (1 - v, u), 180: (1 - u, 1 - v), 270: (v, 1 - u)}[rotation]
        return (
            round(self.x[0] + u * (self.x[1] - self.x[0] + 1) - 0.5),
            round(self.y[0] + v * (self.y[1] - self.y[0] + 1) - 0.5),
        )

    def description(self) -> str:
        """N, I, P, B and A lines, from which evemu-device makes such a device."""
        axes = [(ABS_X, self.x), (ABS_Y, self.y)]
        if self.protocol == "B":
            axes += [(MT_SLOT, (0, 9)), (MT_ID, (0, 65535))]
        if self.protocol in "AB":
            axes += [(MT_X, self.x), (MT_Y, self.y), (MT_TOUCH_MAJOR, (0, 255))]
        bits = {SYN: [SYN, KEY, ABS], KEY: [BTN_TOUCH], ABS: [axis for axis, _ in axes]}
        lines = ["# EVEMU 1.3", f"N: {self.name}", f"I: {self.identity}", f"P: {PROP_DIRECT:02x} 00 00 00 00 00 00 00"]
        for kind, length in ((SYN, 8), (KEY, 96), (ABS, 8)):
            mask = sum(1 << bit for bit in bits[kind]).to_bytes(length, "little")
            lines += [f"B: {kind:02x} " + mask[at : at + 8].hex(" ") for at in range(0, length, 8)]
        lines += [f"A: {axis:02x} {low} {high} 0 0 10" for axis, (low, high) in sorted(axes)]
        return "\n".join(lines) + "\n"

    def events(self, strokes: list[list[Report]], panel: tuple[int, int], rotation: int, lift: bool = True) -> str:
        """E lines of one finger. With lift False the last stroke stays down."""
        lines = []
        for number, stroke in enumerate(strokes, 1):
            last = None
            for index, (t, px, py) in enumerate(stroke):
                at = self.units(px, py, panel, rotation)
                # The kernel drops a frame in which nothing changed.
                if at != last:
                    lines += self._frame(t, self._contact(at, number, index == 0))
                last = at
            if lift or number < len(strokes):
                lines += self._frame(stroke[-1][0] + 0.004, self._release())
        return "\n".join(lines) + "\n"

    def _contact(self, at: tuple[int, int], number: int, first: bool) -> list[tuple[int, int, int]]:
        single = [(ABS, ABS_X, at[0]), (ABS, ABS_Y, at[1])]
        down = [(KEY, BTN_TOUCH, 1)] if first else []
        if self.protocol == "single":
            return down + single
        contact = [(ABS, MT_X, at[0]), (ABS, MT_Y, at[1]), (ABS, MT_TOUCH_MAJOR, 12)]
        if self.protocol == "A":
            return contact + [(SYN, SYN_MT_REPORT, 0)] + down + single
        begin = [(ABS, MT_SLOT, 0), (ABS, MT_ID, number)] if first else []
        return begin + contact + down + single

    def _release(self) -> list[tuple[int, int, int]]:
        if self.protocol == "single":
            return [(KEY, BTN_TOUCH, 0)]
        if self.protocol == "A":
            return [(SYN, SYN_MT_REPORT, 0), (KEY, BTN_TOUCH, 0)]
        return [(ABS, MT_ID, -1), (KEY, BTN_TOUCH, 0)]

    @staticmethod
    def _frame(t: float, events: list[tuple[int, int, int]]) -> list[str]:
        return [f"E: {t:.6f} {kind:04x} {code:04x} {value:d}" for kind, code, value in [*events, (SYN, SYN_REPORT, 0)]]
