"""Strokes: reading the stroke sets, bending them in every way a finger bends them, and drawing them.

A drawing is a list of strokes, a stroke an array of points (n, 2), y down. `render` hands drawings to the panel's own
`stroke-render`, so that what is learned from is drawn by the brush and normalised by the integers of the panel.
"""

import gzip
import json
import subprocess
import threading
from pathlib import Path

import numpy as np

CANVAS = 280.0


def read(path, flip=False):
    """The drawings of a stroke set as (strokes, label, writer, split)."""
    rows = []
    with gzip.open(path, "rt") as lines:
        for line in lines:
            row = json.loads(line)
            strokes = [np.array([p[:2] for p in s], np.float32) for s in row["strokes"] if s]
            if flip:
                strokes = [s * (1, -1) for s in strokes]
            if strokes:
                rows.append((unit(strokes), row["label"], row["writer"], row.get("split", "")))
    return rows


def unit(strokes):
    """The drawing moved and scaled so that its box is centred on 0 and its longest side is 1."""
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    size = max((high - low).max(), 1e-3)
    return [((s - (low + high) / 2) / size).astype(np.float32) for s in strokes]


def turn(strokes, degrees):
    a = np.deg2rad(degrees)
    m = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]], np.float32)
    return [s @ m for s in strokes]


def smooth(points, per_segment=6):
    """A Catmull-Rom curve through the points."""
    p = np.asarray(points, np.float32)
    if len(p) < 3:
        return p
    p = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    t = np.linspace(0, 1, per_segment, endpoint=False, dtype=np.float32)[:, None]
    a, b, c, d = (p[i : len(p) - 3 + i, None] for i in range(4))
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return np.concatenate([curve.reshape(-1, 2), p[-2:-1]])


def loosen(strokes, rng, strength=1.0):
    """The same drawing by a looser hand: it turns more or less than it should, runs on or falls short, and cuts corners.

    Direction and speed are changed along the way, so that loops open, ends overlap and crossings move, which no bending of the
    plane does.
    """
    loosened = []
    cut = rng.uniform(0.01, 0.05) * strength if rng.random() < 0.4 else 0
    turns, pace = rng.uniform(0, 0.14, 2) * strength
    for s in strokes:
        steps = np.linalg.norm(np.diff(s, axis=0), axis=1)
        length = steps.sum()
        if len(s) < 4 or length < 0.1:
            loosened.append(s)
            continue
        # Even steps of 0.02.
        at = np.concatenate([[0], np.cumsum(steps)])
        even = np.linspace(0, length, max(4, int(length / 0.02)))
        p = np.stack([np.interp(even, at, s[:, i]) for i in (0, 1)], 1)
        v = np.diff(p, axis=0)
        t = (even[1:] + even[:-1]) / 2
        waves = [np.sin(t * rng.uniform(0.5, 5) + rng.uniform(0, 2 * np.pi)) * rng.normal() for _ in range(4)]
        angle, more = turns * (waves[0] + waves[1]), np.exp(pace * (waves[2] + waves[3]))
        c, n = np.cos(angle) * more, np.sin(angle) * more
        v = np.stack([c * v[:, 0] - n * v[:, 1], n * v[:, 0] + c * v[:, 1]], 1)
        q = np.concatenate([[[0, 0]], np.cumsum(v, 0)])
        if cut:
            sigma = cut / 0.02
            r = min(int(3 * sigma) + 1, len(q) - 1)
            w = np.exp(-0.5 * (np.arange(-r, r + 1) / sigma) ** 2)
            padded = np.concatenate([2 * q[:1] - q[r:0:-1], q, 2 * q[-1:] - q[-2 : -2 - r : -1]])
            q = np.stack([np.convolve(padded[:, i], w / w.sum(), "valid") for i in (0, 1)], 1)
        loosened.append((q + p.mean(0) - q.mean(0)).astype(np.float32))
    return loosened


def bend(strokes, rng, strength=1.0, joins=True):
    """The same drawing by another hand: slant, aspect, rotation, warp, tremor, joins, hooks, cut ends."""
    strokes = [s.copy() for s in strokes]
    if joins and len(strokes) > 1 and rng.random() < 0.08:
        # The finger was not lifted.
        i = rng.integers(len(strokes) - 1)
        strokes[i : i + 2] = [np.concatenate(strokes[i : i + 2])]
    if len(strokes) > 1:
        strokes = [s + rng.normal(0, 0.02 * strength, 2) for s in strokes]
    for i, s in enumerate(strokes):
        n = len(s)
        if n > 12 and rng.random() < 0.25:
            s = s[int(n * rng.uniform(0, 0.06)) : n - int(n * rng.uniform(0, 0.06))]
        if len(s) > 3 and rng.random() < 0.12:
            hook = s[0] + rng.normal(0, 0.05, 2)
            s = np.concatenate([hook[None], s])
        if len(s) > 3 and rng.random() < 0.12:
            hook = s[-1] + rng.normal(0, 0.05, 2)
            s = np.concatenate([s, hook[None]])
        if len(s) > 16 and rng.random() < 0.5:
            # A slower panel: fewer samples of the same way.
            step = rng.integers(2, 4)
            s = np.concatenate([s[:-1:step], s[-1:]])
        if len(s) > 2:
            tremor = rng.normal(0, rng.uniform(0, 0.012) * strength, s.shape)
            s = s + tremor
        strokes[i] = s
    angle = np.clip(rng.normal(0, 8 * strength), -22, 22)
    strokes = turn(strokes, angle)
    shear = np.clip(rng.normal(0, 0.16 * strength), -0.5, 0.5)
    sx, sy = np.exp(rng.normal(0, 0.14 * strength, 2))
    waves = [
        (rng.normal(0, 3.0, 2), rng.uniform(0, 2 * np.pi), rng.normal(0, 0.022 * strength, 2)) for _ in range(3)
    ]
    bent = []
    for s in strokes:
        x, y = s[:, 0], s[:, 1]
        s = np.stack([(x - shear * y) * sx, y * sy], 1)
        s = s + sum(np.sin(s @ k + phase)[:, None] * a for k, phase, a in waves)
        bent.append(s.astype(np.float32))
    return unit(bent)


def place(strokes, rng, low=56.0, high=262.0, pen=None):
    """The drawing on the canvas at a random size and place, with its brush: (diameter, strokes)."""
    if pen is None:
        pen = float(rng.uniform(12, 28)) if rng.random() < 0.8 else float(rng.uniform(7, 36))
    low = min(max(low, 3.2 * pen), high)
    size = np.exp(rng.uniform(np.log(low), np.log(high)))
    points = np.concatenate(strokes) * size
    half = np.abs(points).max(0) + pen * 0.3
    room = np.maximum(CANVAS / 2 - half, 0)
    centre = CANVAS / 2 + rng.uniform(-1, 1, 2) * room
    return pen, [(s * size + centre).astype(np.float32) for s in strokes]


def _bytes(drawing):
    pen, strokes = drawing
    parts = [np.float32(pen).tobytes(), np.uint32(len(strokes)).tobytes()]
    for s in strokes:
        parts += [np.uint32(len(s)).tobytes(), np.ascontiguousarray(s, "<f4").tobytes()]
    return b"".join(parts)


def render(drawings, renderer):
    """Images (n, 28, 28), uint8, of an iterable of (diameter, strokes), drawn by `renderer`."""
    with subprocess.Popen([str(Path(renderer))], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:

        def feed():
            for drawing in drawings:
                process.stdin.write(_bytes(drawing))
            process.stdin.close()

        feeder = threading.Thread(target=feed)
        feeder.start()
        drawn = process.stdout.read()
        feeder.join()
    if process.returncode != 0:
        raise SystemExit("stroke-render failed")
    return np.frombuffer(drawn, np.uint8).reshape(-1, 28, 28)


def normalized(images, renderer):
    """Pictures (n, height, width), uint8, 255 is ink, brought to 28 x 28 by the panel's normaliser."""
    size = [str(images.shape[2]), str(images.shape[1])]
    done = subprocess.run([str(Path(renderer)), "--images", *size], input=images.tobytes(), stdout=subprocess.PIPE, check=True)
    return np.frombuffer(done.stdout, np.uint8).reshape(-1, 28, 28)
