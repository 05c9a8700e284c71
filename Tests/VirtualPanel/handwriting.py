"""Digits as a hand draws them: curves through a few points, with the timing of a hand. Seeded, so that they repeat."""

import math
import random

Point = tuple[float, float]

# Ways of each digit in a box of 100 x 100, y down; a list of strokes, each a list of points that a smooth curve goes through.
# A point that stands twice is a corner.
DIGITS: dict[int, list[list[Point]]] = {
    0: [[(54, 5), (30, 12), (18, 45), (24, 80), (48, 95), (72, 84), (81, 48), (72, 14), (52, 5)]],
    1: [[(32, 24), (54, 6), (54, 6), (53, 50), (52, 95)]],
    2: [[(22, 28), (32, 9), (54, 5), (72, 18), (70, 38), (48, 66), (20, 93), (20, 93), (50, 92), (80, 91)]],
    3: [[(24, 14), (48, 5), (70, 16), (66, 38), (44, 47), (44, 47), (70, 56), (76, 76), (54, 95), (22, 86)]],
    4: [[(56, 5), (38, 36), (18, 66), (18, 66), (50, 66), (84, 65)], [(62, 40), (61, 68), (60, 96)]],
    5: [[(74, 7), (50, 7), (30, 8), (30, 8), (26, 44), (26, 44), (48, 38), (72, 48), (76, 72), (56, 93), (24, 88)]],
    6: [[(66, 5), (42, 24), (26, 56), (28, 82), (50, 95), (72, 82), (68, 60), (48, 54), (29, 68)]],
    7: [[(20, 9), (50, 8), (80, 7), (80, 7), (62, 44), (44, 95)]],
    8: [[(66, 16), (46, 5), (28, 20), (42, 42), (66, 60), (70, 82), (48, 95), (26, 82), (36, 58), (62, 40), (68, 16)]],
    9: [[(70, 24), (50, 7), (28, 22), (34, 46), (56, 48), (72, 26), (72, 26), (70, 60), (62, 95)]],
}


def curve(points: list[Point], spacing: float = 1.0) -> list[Point]:
    """Points about `spacing` apart on the Catmull-Rom spline through `points`; doubled points make corners."""
    path: list[Point] = []
    for index in range(len(points) - 1):
        a, b = points[index], points[index + 1]
        if a == b:
            continue
        before = points[index - 1] if index > 0 else a
        after = points[index + 2] if index + 2 < len(points) else b
        steps = max(2, round(math.dist(a, b) / spacing))
        for step in range(steps):
            t = step / steps
            path.append(tuple(_spline(before[k], a[k], b[k], after[k], t) for k in (0, 1)))
    path.append(points[-1])
    return path


def _spline(p0: float, p1: float, p2: float, p3: float, t: float) -> float:
    return 0.5 * (
        2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    )


def drawing(digit: int, side: float = 200, left: float = 40, top: float = 40, seed: int = 0) -> list[list[Point]]:
    """Strokes of a digit in canvas pixels, `side` high, a little different for every seed."""
    chance = random.Random(1000 * digit + seed)
    slant = chance.uniform(-0.08, 0.08)
    strokes = []
    for stroke in DIGITS[digit]:
        moved: dict[Point, Point] = {}
        for x, y in stroke:
            wobbled = (x + slant * (50 - y) + chance.uniform(-1.5, 1.5), y + chance.uniform(-1.5, 1.5))
            moved.setdefault((x, y), wobbled)
        placed = [(left + moved[each][0] * side / 100, top + moved[each][1] * side / 100) for each in stroke]
        strokes.append(curve(placed))
    return strokes


def timed(strokes: list[list[Point]], rate: float = 100, seed: int = 0) -> list[list[tuple[float, float, float]]]:
    """Gives each stroke its times: (seconds, x, y) at about `rate` reports a second.

    A hand starts and ends slowly and slows down where the way bends: speed goes with the cube root of the radius of
    curvature (the two-thirds power law of Lacquaniti, Terzuolo and Viviani, 1983).
    """
    chance = random.Random(seed)
    now = 0.0
    result = []
    for stroke in strokes:
        times = [0.0]
        length = sum(math.dist(a, b) for a, b in zip(stroke, stroke[1:])) or 1.0
        gone = 0.0
        for index in range(1, len(stroke)):
            step = math.dist(stroke[index - 1], stroke[index])
            gone += step
            ends = min(gone, length - gone + step) / (0.15 * length)
            speed = 620 * min(1.0, 0.25 + ends) * min(1.0, 0.35 + _radius(stroke, index) ** (1 / 3) / 5)
            times.append(times[-1] + step / speed)
        reports = []
        t = 0.0
        index = 0
        while t < times[-1]:
            while times[index + 1] < t:
                index += 1
            share = (t - times[index]) / max(times[index + 1] - times[index], 1e-9)
            a, b = stroke[index], stroke[index + 1]
            reports.append((now + t, a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share))
            t += (1 + chance.uniform(-0.05, 0.05)) / rate
        reports.append((now + times[-1], *stroke[-1]))
        result.append(reports)
        now += times[-1] + chance.uniform(0.18, 0.3)
    return result


def _radius(path: list[Point], index: int) -> float:
    """Radius of the circle through three points of the path, at most 1000."""
    a, b, c = path[max(0, index - 6)], path[index], path[min(len(path) - 1, index + 6)]
    area = abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2
    sides = math.dist(a, b) * math.dist(b, c) * math.dist(c, a)
    return min(1000.0, sides / (4 * area)) if area > 1e-6 else 1000.0


def resampled(points: list[Point]) -> list[Point]:
    """The straight way through points, about a pixel from one to the next, so that it can be timed."""
    path = [points[0]]
    for a, b in zip(points, points[1:]):
        steps = max(1, round(math.dist(a, b)))
        path += [(a[0] + (b[0] - a[0]) * i / steps, a[1] + (b[1] - a[1]) * i / steps) for i in range(1, steps + 1)]
    return path
