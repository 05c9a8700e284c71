"""What stands where on the panel, found in its picture as a visitor finds it: by the colour of the paper and of the buttons."""

import dataclasses

import numpy

# The colours of Sources/Panel/Theme.swift that tell things apart.
PAPER = (0xF7, 0xF4, 0xEC)
INK = (0x15, 0x19, 0x1E)
ACCENT = (0x5C, 0xC8, 0xFF)


@dataclasses.dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


def largest(mask: numpy.ndarray) -> Box:
    """The bounding box of the largest connected area of a mask; its area must be something."""
    left = mask.copy()
    best: tuple[int, Box] | None = None
    while left.any():
        y, x = numpy.argwhere(left)[0]
        area = _flood(left, x, y)
        left &= ~area
        rows, columns = numpy.flatnonzero(area.any(1)), numpy.flatnonzero(area.any(0))
        size = int(area.sum())
        box = Box(int(columns[0]), int(rows[0]), int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1))
        if best is None or size > best[0]:
            best = (size, box)
    assert best is not None, "nothing of that colour in the picture"
    return best[1]


def _flood(mask: numpy.ndarray, x: int, y: int) -> numpy.ndarray:
    """The 4-connected area around a pixel, grown row by row and column by column until it stays."""
    area = numpy.zeros_like(mask)
    area[y, x] = True
    while True:
        grown = area.copy()
        grown[1:] |= area[:-1]
        grown[:-1] |= area[1:]
        grown[:, 1:] |= area[:, :-1]
        grown[:, :-1] |= area[:, 1:]
        grown &= mask
        if (grown == area).all():
            return area
        area = grown
