"""What stands where on the panel, found in its picture as a visitor finds it: by the colours of paper and ink."""

import pathlib
import sys

import numpy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "deploy"))

from way_in import Place  # noqa: E402

# The colours of Sources/Panel/Theme.swift that tell things apart.
PAPER = (0xFB, 0xF8, 0xF1)
INK = (0x17, 0x19, 0x1D)
SIDE = 280


def sheet(picture: numpy.ndarray) -> Place:
    """The canvas: the one large area of paper. `picture` is rows x columns x RGB."""
    paper = (picture == PAPER).all(2)
    rows = numpy.flatnonzero(paper.sum(1) >= SIDE // 2)
    columns = numpy.flatnonzero(paper.sum(0) >= SIDE // 2)
    assert rows.size and columns.size, "there is no sheet of paper in the picture"
    return Place(int(columns[0]), int(rows[0]), int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1))


def turned(panel: numpy.ndarray, rotation: int) -> numpy.ndarray:
    """What the visitor sees -> what the display scans out: turned clockwise."""
    return numpy.rot90(panel, -rotation // 90)


def upright(scanout: numpy.ndarray, rotation: int) -> numpy.ndarray:
    """What the display scans out -> what the visitor sees."""
    return numpy.rot90(scanout, rotation // 90)


def reduced(picture: numpy.ndarray, bits: tuple[int, int, int]) -> numpy.ndarray:
    """Only the bits of each colour that the display's format keeps."""
    return numpy.stack([picture[:, :, k] >> (8 - bits[k]) for k in range(3)], 2)


def distances(strokes: list[list[tuple[float, float, float]]], side: int, scale: int) -> numpy.ndarray:
    """For each pixel of a sheet, how far its middle is from the way of the finger, in pixels of the sheet."""
    middles = numpy.arange(side) + 0.5
    x, y = middles[None, :], middles[:, None]
    nearest = numpy.full((side, side), numpy.inf)
    for stroke in strokes:
        for (_, ax, ay), (_, bx, by) in zip(stroke, stroke[1:] or stroke):
            ax, ay, bx, by = (each * scale for each in (ax, ay, bx, by))
            dx, dy = bx - ax, by - ay
            along = ((x - ax) * dx + (y - ay) * dy) / max(dx * dx + dy * dy, 1e-9)
            along = numpy.clip(along, 0, 1)
            nearest = numpy.minimum(nearest, numpy.hypot(x - ax - along * dx, y - ay - along * dy))
    return nearest
