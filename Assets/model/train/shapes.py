"""Drawings that need no data set: own digits in many styles, and things that are no digits at all.

Every function takes a random generator and returns strokes in a unit box, y down. The digits are control points of own
making; they add the styles that the pen sets have few of: the 1 with a long upstroke or a foot, the 2 with a loop, the open
4, the 7 with a bar, the 9 with a curved tail, the 0 that does not close or whose end runs on.
"""

import numpy as np

import strokes as ink

# Each style: strokes of control points in a box of 0 ... 100, y down; a "c" joins them by a curve, an "l" by lines.
DIGITS = {
    0: [
        [("c", [(55, 2), (25, 12), (10, 48), (24, 88), (52, 99), (80, 84), (90, 48), (76, 12), (54, 3)])],
        [("c", [(40, 6), (66, 4), (88, 28), (88, 66), (66, 96), (34, 96), (12, 68), (14, 30), (36, 8), (48, 3)])],
        [("c", [(70, 10), (40, 2), (12, 30), (12, 70), (40, 98), (72, 88), (88, 52), (78, 18), (58, 6), (44, 10)])],
        # Its end runs past its beginning.
        [("c", [(56, 8), (28, 12), (10, 50), (24, 92), (54, 98), (80, 76), (86, 40), (66, 12), (50, 6), (66, 2), (86, 4)])],
        [("c", [(40, 4), (16, 30), (14, 72), (40, 98), (70, 90), (86, 56), (76, 20), (54, 8), (34, 14), (24, 24)])],
        # A small loop where it ends.
        [("c", [(60, 14), (34, 6), (12, 40), (20, 86), (52, 98), (84, 70), (82, 28), (58, 6), (40, 16), (52, 28), (66, 12)])],
    ],
    1: [
        [("l", [(50, 0), (50, 100)])],
        [("l", [(22, 26), (56, 0), (56, 100)])],
        [("l", [(8, 48), (56, 0), (54, 100)])],
        [("l", [(26, 22), (54, 0), (54, 100)]), ("l", [(20, 100), (86, 100)])],
        [("l", [(50, 0), (50, 100)]), ("l", [(24, 100), (76, 100)])],
        [("c", [(16, 40), (40, 20), (58, 0), (58, 4), (56, 50), (54, 100)])],
        [("l", [(30, 20), (56, 2), (54, 98), (20, 98), (88, 98)])],
        [("l", [(6, 50), (58, 0), (56, 98)]), ("l", [(26, 99), (88, 97)])],
        [("c", [(20, 34), (38, 12), (58, 2), (56, 30), (52, 70), (50, 97)]), ("l", [(22, 98), (84, 96)])],
        [("c", [(44, 96), (50, 60), (58, 4), (40, 24), (14, 46)])],
        # As schools in much of Europe teach it: the upstroke may begin as low as the stem ends.
        [("l", [(4, 68), (52, 0), (54, 100)])],
        [("l", [(2, 94), (52, 0), (56, 100)])],
        [("c", [(2, 78), (26, 54), (50, 2), (51, 6), (53, 50), (54, 100)])],
        [("c", [(2, 96), (30, 74), (46, 34), (54, 0), (55, 6), (56, 50), (58, 99)])],
        [("c", [(6, 92), (36, 62), (52, 26), (50, 0), (52, 30), (58, 98)])],
        [("c", [(30, 20), (44, 2), (56, 10), (48, 40), (50, 96)]), ("l", [(20, 98), (84, 94)])],
        # Its foot only to the right, or the stem runs out in a bend.
        [("l", [(18, 24), (46, 0), (46, 96), (86, 96)])],
        [("c", [(56, 0), (50, 30), (46, 60), (50, 90), (66, 96)])],
    ],
    2: [
        [("c", [(12, 26), (28, 6), (58, 2), (80, 20), (74, 46), (42, 76), (12, 98), (20, 98), (52, 97), (90, 96)])],
        [("c", [(14, 22), (40, 2), (72, 8), (78, 34), (52, 66), (22, 92), (10, 86), (22, 76), (46, 90), (72, 98), (92, 88)])],
        [("c", [(16, 20), (44, 2), (76, 14), (74, 40), (46, 70), (14, 96)]), ("l", [(14, 96), (90, 94)])],
        [("c", [(20, 14), (50, 4), (78, 8), (70, 40), (40, 72), (14, 92), (30, 88), (60, 90), (88, 98)])],
        # In straight lines, as a hurried hand does.
        [("l", [(12, 6), (84, 6), (14, 96), (90, 96)])],
        [("l", [(16, 18), (44, 2), (80, 14), (14, 96), (90, 94)])],
        [("c", [(14, 30), (30, 4), (66, 6), (72, 34), (44, 70), (10, 96), (30, 84), (60, 92), (92, 84)])],
    ],
    3: [
        [("c", [(16, 14), (44, 0), (74, 10), (72, 34), (40, 46), (44, 47), (78, 58), (82, 84), (50, 100), (12, 88)])],
        [("l", [(16, 4), (78, 4), (42, 40)]), ("c", [(42, 40), (74, 46), (86, 70), (66, 96), (34, 98), (10, 84)])],
        [("c", [(20, 8), (60, 2), (76, 22), (56, 44), (34, 48), (40, 42), (66, 50), (78, 74), (56, 98), (16, 92)])],
        [("c", [(20, 12), (46, 0), (74, 10), (66, 34), (44, 44), (70, 52), (74, 76), (56, 100)])],
        # A small loop in the middle.
        [("c", [(16, 16), (44, 2), (72, 14), (66, 38), (40, 50), (32, 44), (42, 38), (70, 54), (80, 78), (54, 99), (14, 88)])],
    ],
    4: [
        [("l", [(30, 4), (12, 58), (88, 58)]), ("l", [(66, 22), (64, 100)])],
        [("l", [(62, 0), (8, 64), (92, 64)]), ("l", [(64, 2), (64, 100)])],
        [("l", [(62, 98), (62, 2), (8, 66), (92, 66)])],
        [("c", [(18, 2), (14, 30), (20, 50), (48, 54), (82, 50)]), ("l", [(80, 4), (78, 52), (76, 100)])],
        [("c", [(22, 4), (18, 40), (30, 52), (66, 50), (76, 6), (76, 10), (74, 60), (70, 100)])],
        [("l", [(60, 4), (10, 60), (90, 58)]), ("l", [(62, 40), (58, 98)])],
        [("l", [(22, 2), (20, 50), (84, 50)]), ("l", [(74, 4), (72, 100)])],
        [("l", [(36, 0), (16, 54), (86, 54)]), ("l", [(70, 30), (54, 100)])],
        [("c", [(24, 4), (16, 30), (20, 48), (40, 54), (64, 46), (76, 10)]), ("l", [(78, 2), (70, 52), (64, 100)])],
        [("c", [(66, 2), (40, 28), (10, 56), (16, 64), (50, 62), (92, 60)]), ("l", [(66, 34), (62, 100)])],
        # A loop at the corner; all in one stroke.
        [("c", [(58, 2), (36, 30), (14, 58), (10, 64), (18, 68), (26, 60), (50, 58), (90, 56)]), ("l", [(66, 30), (60, 100)])],
        [("l", [(30, 2), (16, 52), (70, 52), (72, 20), (70, 100)])],
    ],
    5: [
        [("c", [(24, 2), (20, 24), (18, 46), (44, 38), (76, 48), (84, 76), (54, 99), (14, 90)]), ("l", [(24, 3), (82, 2)])],
        [("l", [(82, 2), (26, 4), (20, 44)]), ("c", [(20, 44), (52, 36), (84, 56), (76, 88), (42, 99), (12, 88)])],
        [("c", [(84, 4), (54, 3), (26, 6), (22, 26), (20, 44), (48, 40), (78, 52), (80, 82), (48, 99), (14, 92)])],
    ],
    6: [
        [("c", [(70, 2), (40, 22), (18, 60), (26, 92), (56, 98), (80, 80), (70, 58), (44, 56), (24, 72)])],
        [("c", [(56, 0), (28, 34), (14, 70), (32, 97), (66, 96), (84, 74), (66, 54), (36, 60), (20, 80)])],
        [("c", [(40, 0), (26, 40), (22, 76), (40, 98), (68, 92), (74, 68), (52, 56), (30, 72), (26, 84)])],
        # With the hook of a G.
        [("c", [(74, 10), (44, 2), (18, 34), (16, 76), (44, 98), (76, 84), (78, 60), (44, 58)])],
    ],
    7: [
        [("l", [(10, 4), (86, 4), (40, 100)])],
        [("l", [(12, 4), (86, 4), (42, 100)]), ("l", [(28, 52), (82, 50)])],
        [("c", [(10, 12), (30, 2), (60, 8), (88, 4)]), ("c", [(88, 4), (62, 40), (48, 70), (44, 100)])],
        [("l", [(14, 22), (16, 4), (86, 4), (46, 100)])],
        [("l", [(12, 6), (84, 4), (54, 54), (36, 100)]), ("l", [(30, 48), (80, 56)])],
        [("c", [(8, 18), (16, 4), (48, 8), (86, 2), (60, 40), (44, 72), (40, 100)]), ("l", [(26, 54), (76, 50)])],
        [("l", [(10, 16), (12, 2), (88, 2), (44, 100)]), ("l", [(34, 50), (78, 50)])],
        [("l", [(14, 8), (80, 6), (30, 100)]), ("l", [(22, 60), (70, 56)])],
        [("c", [(10, 8), (50, 4), (86, 6), (74, 50), (56, 90), (36, 98)])],
        # A foot that turns back; the bar in the same stroke.
        [("c", [(10, 6), (50, 4), (84, 4), (60, 50), (40, 90), (44, 98), (60, 94)])],
        [("l", [(10, 4), (84, 4), (40, 100), (26, 60), (74, 54)])],
    ],
    8: [
        [("c", [(74, 14), (48, 2), (24, 18), (40, 42), (70, 58), (78, 84), (50, 99), (22, 84), (30, 58), (60, 42), (76, 18), (66, 6)])],
        [("c", [(50, 48), (24, 34), (28, 8), (54, 2), (76, 16), (66, 40), (40, 52), (20, 76), (36, 97), (66, 96), (80, 74), (52, 49)])],
        [("c", [(50, 2), (26, 14), (34, 42), (60, 42), (72, 20), (50, 2)]), ("c", [(48, 46), (18, 66), (30, 96), (64, 97), (82, 70), (50, 46)])],
        [("c", [(60, 6), (30, 8), (30, 34), (60, 52), (76, 80), (50, 98), (26, 82), (44, 52), (72, 28), (64, 4)])],
    ],
    9: [
        [("c", [(76, 20), (52, 2), (22, 14), (20, 40), (46, 52), (72, 36), (78, 16), (78, 20), (74, 60), (66, 100)])],
        [("c", [(78, 22), (54, 2), (22, 16), (24, 44), (54, 50), (78, 26), (80, 30), (82, 66), (62, 96), (22, 92)])],
        [("c", [(74, 8), (36, 4), (20, 28), (40, 48), (70, 34), (74, 10)]), ("l", [(74, 8), (72, 100)])],
        [("c", [(80, 14), (44, 2), (18, 26), (36, 50), (70, 40), (80, 14), (76, 52), (54, 84), (30, 100)])],
        [("c", [(70, 14), (44, 2), (22, 20), (30, 42), (56, 40), (74, 18)]), ("l", [(76, 4), (70, 50), (58, 100)])],
        [("c", [(72, 10), (40, 4), (20, 26), (40, 46), (66, 34), (76, 12), (78, 44), (70, 84), (44, 99), (20, 84)])],
        # The other way round, from the middle: the loop does not close.
        [("c", [(60, 44), (26, 40), (24, 8), (60, 2), (78, 30), (72, 70), (58, 100)])],
        [("c", [(66, 40), (36, 46), (20, 24), (44, 2), (76, 18), (76, 60), (50, 98), (20, 94)])],
        [("c", [(80, 4), (40, 8), (20, 34), (46, 50), (74, 34), (80, 6), (60, 60), (50, 100)])],
    ],
}

# Hands that one meets now and then: a 0 with a slash, blocks as a calculator shows them, lines where others curve.
RARE = {
    0: [
        [("c", [(55, 2), (25, 12), (10, 48), (24, 88), (52, 99), (80, 84), (90, 48), (76, 12), (54, 3)]), ("l", [(86, 4), (16, 96)])],
        [("c", [(55, 2), (25, 12), (10, 48), (24, 88), (52, 99), (80, 84), (90, 48), (76, 12), (54, 3)]), ("l", [(70, 30), (32, 72)])],
    ],
    1: [
        [("l", [(50, 0), (50, 100)]), ("l", [(34, 14), (50, 0)]), ("l", [(30, 100), (70, 100)])],
        [("c", [(60, 0), (52, 40), (50, 80), (34, 98)])],
    ],
    2: [[("l", [(14, 4), (84, 4), (84, 50), (14, 50), (14, 96), (86, 96)])]],
    3: [
        [("l", [(14, 4), (84, 4), (84, 50), (30, 50), (84, 50), (84, 96), (14, 96)])],
        [("l", [(20, 6), (70, 24), (36, 48), (76, 72), (18, 98)])],
    ],
    # As lightning, in straight lines or bent.
    4: [
        [("l", [(58, 0), (20, 56), (78, 50), (46, 100)])],
        [("l", [(62, 2), (16, 44), (80, 42), (70, 54), (52, 100)])],
        [("c", [(60, 0), (40, 30), (16, 56), (22, 62), (50, 56), (78, 52), (70, 66), (56, 84), (46, 100)])],
        [("c", [(62, 0), (44, 18), (24, 40), (20, 52), (36, 56), (62, 54), (72, 60), (66, 78), (54, 100)])],
        [("c", [(50, 0), (30, 20), (16, 44), (30, 54), (56, 46), (72, 50), (70, 70), (60, 100)])],
        [("l", [(70, 0), (20, 46), (76, 44), (30, 100)])],
        # One stroke, with a loop where the bar turns into the stem.
        [("c", [(40, 0), (24, 30), (10, 58), (50, 60), (84, 56), (86, 40), (70, 38), (66, 60), (62, 100)])],
    ],
    5: [
        [("l", [(84, 4), (14, 4), (14, 50), (84, 50), (84, 96), (14, 96)])],
        [("c", [(82, 8), (50, 0), (22, 16), (28, 40), (62, 54), (80, 74), (60, 98), (16, 92)])],
    ],
    6: [
        [("l", [(84, 4), (14, 4), (14, 96), (84, 96), (84, 50), (14, 50)])],
        [("l", [(24, 0), (22, 96)]), ("c", [(22, 60), (50, 48), (78, 64), (74, 92), (46, 99), (22, 90)])],
        [("c", [(78, 10), (50, 0), (22, 20), (12, 56), (24, 92), (60, 98), (82, 76), (66, 56), (40, 62)])],
        [("l", [(50, 0), (20, 60), (30, 96), (74, 96), (76, 60), (24, 62)])],
    ],
    8: [
        [("l", [(14, 50), (14, 4), (84, 4), (84, 50), (14, 50), (14, 96), (84, 96), (84, 50)])],
        [("l", [(20, 8), (78, 8), (22, 92), (80, 92), (20, 8)])],
        [("l", [(50, 50), (20, 6), (80, 6), (20, 94), (80, 94), (48, 48)])],
        # Open above, as a gamma.
        [("c", [(20, 4), (44, 40), (60, 80), (48, 99), (34, 82), (50, 46), (80, 2)])],
    ],
    9: [
        [("l", [(84, 50), (14, 50), (14, 4), (84, 4), (84, 96), (14, 96)])],
        [("l", [(76, 8), (24, 4), (22, 44), (76, 42), (76, 4), (72, 100)])],
    ],
}  # fmt: skip


def _lines(points, step=0.05):
    p = np.asarray(points, np.float32)
    parts = []
    for a, b in zip(p[:-1], p[1:]):
        n = max(1, int(np.ceil(np.linalg.norm(b - a) / step)))
        parts.append(a + (b - a) * np.arange(n)[:, None] / n)
    return np.concatenate(parts + [p[-1:]]).astype(np.float32)


def digit(label, rng):
    """A digit of own making in one of its styles, one in six a rare one."""
    styles = RARE[label] if label in RARE and rng.random() < 1 / 6 else DIGITS[label]
    return styled(styles[rng.integers(len(styles))], rng)


def styled(style, rng):
    """A digit of own making in this style, its control points shifted at random."""
    spread = rng.uniform(0.01, 0.045)
    shift = {}
    strokes = []
    for kind, points in style:
        # A point that two strokes share stays shared.
        moved = [np.array(p) / 100 + shift.setdefault(p, rng.normal(0, spread, 2)) for p in points]
        strokes.append(ink.smooth(moved, 5) if kind == "c" else _lines(moved))
    return ink.unit(strokes)


def bar(strokes, rng):
    """A 7 with a bar across its stem."""
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    y = low[1] + (high[1] - low[1]) * rng.uniform(0.42, 0.62)
    stem = points[np.abs(points[:, 1] - y) < 0.08]
    if len(stem) == 0:
        return strokes
    x, half = stem[:, 0].mean(), rng.uniform(0.15, 0.3)
    tilt = rng.normal(0, 0.04)
    return strokes + [np.array([(x - half, y + tilt), (x + half, y - tilt)], np.float32)]


def _circle(n=28, start=None, rng=None, turns=1.0):
    a = (rng.uniform(0, 2 * np.pi) if start is None else start) + np.linspace(0, 2 * np.pi * turns, n)
    return np.stack([np.cos(a), np.sin(a)], 1).astype(np.float32) * 0.5


def _heart(rng):
    t = np.linspace(0, 2 * np.pi, 40) + rng.normal(0, 0.1)
    x = 16 * np.sin(t) ** 3
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    return [np.stack([x, y], 1)]


def _spiral(rng):
    turns = rng.uniform(1.8, 4.5)
    t = np.linspace(rng.uniform(0.02, 0.12), 1, int(22 * turns))
    a = t * turns * 2 * np.pi * rng.choice([-1, 1]) + rng.uniform(0, 6.28)
    return [np.stack([t * np.cos(a), t * np.sin(a)], 1)]


def _face(rng):
    parts = [_circle(rng=rng)]
    for side in (-1, 1):
        eye = np.array([side * rng.uniform(0.12, 0.22), -rng.uniform(0.08, 0.2)])
        parts.append(eye + _circle(8, 0, rng) * rng.uniform(0.02, 0.16))
    a = np.linspace(0.15, 0.85, 9) * np.pi
    up = rng.choice([1, 1, 1, -1])
    parts.append(np.stack([0.25 * np.cos(a), up * 0.25 * np.sin(a) + (0.03 if up > 0 else 0.3)], 1))
    if rng.random() < 0.3:
        parts.append(np.array([(0, -0.03), (rng.normal(0, 0.02), 0.1)]))
    return parts


def _polygon(rng):
    n = rng.choice([3, 4, 4, 5, 6])
    a = np.arange(n + 1) * 2 * np.pi / n + rng.uniform(0, 6.28)
    return [_lines(np.stack([np.cos(a), np.sin(a) * rng.uniform(0.6, 1.2)], 1) * 0.5)]


def _star(rng):
    if rng.random() < 0.5:
        a = np.arange(6) * 4 * np.pi / 5 - np.pi / 2
        return [_lines(np.stack([np.cos(a), np.sin(a)], 1) * 0.5)]
    n = rng.integers(3, 6)
    rays = np.arange(n) * np.pi / n + rng.uniform(0, 1)
    return [_lines([(-np.cos(a) / 2, -np.sin(a) / 2), (np.cos(a) / 2, np.sin(a) / 2)]) for a in rays]


def _arrow(rng):
    head = rng.uniform(0.15, 0.35)
    shaft = [_lines([(-0.5, 0), (0.5, 0)]), _lines([(0.5 - head, -head), (0.5, 0), (0.5 - head, head)])]
    return ink.turn(shaft, rng.choice([0, 90, 180, 270]) + rng.normal(0, 15))


def _house(rng):
    return [_lines([(-0.4, 0.5), (-0.4, -0.05), (0, -0.5), (0.4, -0.05), (0.4, 0.5), (-0.4, 0.5)])] + (
        [_lines([(-0.4, -0.05), (0.4, -0.05)])] if rng.random() < 0.5 else []
    )


def _man(rng):
    return [
        np.array((0, -0.38)) + 0.25 * _circle(14, rng=rng),
        _lines([(0, -0.25), (0, 0.15), (-0.2, 0.5)]),
        _lines([(0, 0.15), (0.2, 0.5)]),
        _lines([(-0.25, -0.05), (0.25, -0.08)]),
    ]


def _flower(rng):
    n = rng.integers(4, 8)
    a = np.linspace(0, 2 * np.pi, 60)
    r = 0.25 + 0.2 * np.abs(np.sin(n * a / 2))
    parts = [np.stack([r * np.cos(a), r * np.sin(a)], 1)]
    return parts + ([_lines([(0, 0.3), (0.02, 1.0)])] if rng.random() < 0.6 else [0.2 * _circle(10, rng=rng)])


def _check(rng):
    return [_lines([(-0.4, 0.05), (-0.12, 0.4), (0.5, -0.45)])]


def _cross(rng):
    return ink.turn([_lines([(-0.5, 0), (0.5, 0)]), _lines([(0, -0.5), (0, 0.5)])], rng.choice([0, 45]) + rng.normal(0, 6))


def _wave(rng):
    t = np.linspace(0, 1, 40)
    y = np.sin(t * 2 * np.pi * rng.uniform(1.3, 4)) * rng.uniform(0.08, 0.3)
    return ink.turn([np.stack([t, y], 1)], rng.normal(0, 15))


def _zigzag(rng):
    n = rng.integers(5, 16)
    x = np.linspace(-0.5, 0.5, n) + rng.normal(0, 0.03, n)
    y = (np.arange(n) % 2 - 0.5) * rng.uniform(0.3, 1.0, n)
    return ink.turn([_lines(np.stack([x, y], 1))], rng.uniform(0, 180))


def _scribble(rng):
    n = rng.integers(7, 26)
    p = np.cumsum(rng.normal(0, 1, (n, 2)), 0) if rng.random() < 0.4 else rng.uniform(-1, 1, (n, 2))
    return [ink.smooth(p, 6)]


def _curve(rng):
    return [ink.smooth(rng.uniform(-1, 1, (rng.integers(5, 8), 2)), 8) for _ in range(rng.integers(1, 3))]


def _dots(rng):
    n = rng.integers(2, 6)
    return [p + np.zeros((1, 2)) for p in rng.uniform(-0.5, 0.5, (n, 2))]


def _dashes(rng):
    n = rng.integers(1, 4)
    gap = rng.uniform(0.25, 0.5)
    return [_lines([(-0.5, i * gap), (0.5, i * gap + rng.normal(0, 0.04))]) for i in range(n)]


def _cloud(rng):
    t = np.linspace(0, 2 * np.pi, 60)
    r = 0.4 + 0.06 * np.abs(np.sin(t * rng.integers(3, 7)))
    return [np.stack([r * 1.2 * np.cos(t), r * 0.8 * np.sin(t)], 1)]


def _loops(rng):
    n = rng.uniform(2, 5)
    t = np.linspace(0, n, 60)
    return ink.turn([np.stack([t * 0.25 + 0.2 * np.cos(t * 6.28), 0.25 * np.sin(t * 6.28)], 1)], rng.choice([0, 90]) + rng.normal(0, 20))


def _grid(rng):
    n = rng.integers(2, 4)
    at = np.linspace(-0.35, 0.35, n)
    return [_lines([(x, -0.5), (x, 0.5)]) for x in at] + [_lines([(-0.5, y), (0.5, y)]) for y in at]


def _ringed(rng):
    """A mark inside a circle: a cross, a plus, a clock."""
    inner = rng.choice([0, 1, 2])
    hands = [_lines([(0, 0), (0, -0.35)]), _lines([(0, 0), (0.25, 0.05)])]
    return [_circle(30, rng=rng)] + ([_cross, _star][inner](rng) if inner < 2 else hands)


# Capital letters that look like no digit, as polylines in a box of 0 ... 10.
LETTERS = [
    [[(0, 10), (5, 0), (10, 10)], [(2, 6), (8, 6)]],
    [[(1, 0), (1, 10)], [(1, 0), (8, 0)], [(1, 5), (7, 5)], [(1, 10), (8, 10)]],
    [[(1, 0), (1, 10)], [(1, 0), (8, 0)], [(1, 5), (7, 5)]],
    [[(0, 0), (0, 10)], [(8, 0), (8, 10)], [(0, 5), (8, 5)]],
    [[(0, 0), (0, 10)], [(8, 0), (0, 5), (8, 10)]],
    [[(1, 0), (1, 10), (8, 10)]],
    [[(0, 10), (1, 0), (5, 6), (9, 0), (10, 10)]],
    [[(0, 10), (0, 0), (8, 10), (8, 0)]],
    [[(0, 0), (8, 0)], [(4, 0), (4, 10)]],
    [[(0, 0), (4, 10), (8, 0)]],
    [[(0, 0), (3, 10), (5, 3), (7, 10), (10, 0)]],
    [[(0, 0), (8, 10)], [(8, 0), (0, 10)]],
    [[(0, 0), (4, 5), (8, 0)], [(4, 5), (4, 10)]],
    [[(0, 0), (0, 10)], [(0, 0), (6, 1), (6, 4), (0, 5), (7, 10)]],
]


def _letter(rng):
    return [_lines(np.array(s) / 10 + rng.normal(0, 0.02, (len(s), 2))) for s in LETTERS[rng.integers(len(LETTERS))]]


SHAPES = [
    (_heart, 3), (_spiral, 3), (_face, 3), (_polygon, 4), (_star, 2), (_arrow, 2), (_house, 1), (_man, 1), (_flower, 1),
    (_check, 1), (_cross, 2), (_wave, 2), (_zigzag, 3), (_scribble, 5), (_curve, 2), (_dots, 2), (_dashes, 2), (_cloud, 1),
    (_loops, 2), (_grid, 1), (_ringed, 1), (_letter, 4),
]  # fmt: skip
_WEIGHTS = np.array([w for _, w in SHAPES], float) / sum(w for _, w in SHAPES)


def shape(rng):
    """Something that a visitor draws and that is no digit."""
    return ink.unit(SHAPES[rng.choice(len(SHAPES), p=_WEIGHTS)][0](rng))


def side_by_side(drawings, rng):
    """Two or three digits next to each other."""
    parts, x = [], 0.0
    for strokes in drawings:
        points = np.concatenate(strokes)
        low, high = points.min(0), points.max(0)
        scale = rng.uniform(0.8, 1.2)
        parts += [(s - (low[0], 0)) * scale + (x, rng.normal(0, 0.06)) for s in strokes]
        x += (high[0] - low[0]) * scale + rng.uniform(0.12, 0.5)
    return ink.unit(parts)


def crossed_out(strokes, rng):
    """A digit that its drawer did not like."""
    return ink.unit(strokes + [s * rng.uniform(0.8, 1.2) for s in _zigzag(rng)])


def beginning(strokes, rng):
    """The first piece of a stroke that is no digit yet."""
    s = strokes[0]
    return ink.unit([s[: max(2, int(len(s) * rng.uniform(0.1, 0.3)))]])
