"""Strokes out of images: the middle line of each MNIST digit, so that the panel's ink can draw what 500 more hands wrote.

An image is enlarged, cut at half its ink and thinned (Zhang and Suen 1984); the thin lines are followed from fork to fork, short
spurs are dropped, and at each fork the two lines that go on the straightest become one stroke. Which end the writer began at is
lost. A digit of which ink is left over, a blot for one, is left out: 7 in 100 are.
"""

from multiprocessing import get_context

import numpy as np
from scipy import ndimage
from skimage.morphology import skeletonize

ENLARGED = 5
STRAIGHT = [(-1, 0), (0, 1), (1, 0), (0, -1)]
DIAGONAL = [(-1, -1), (-1, 1), (1, 1), (1, -1)]
# What counts as going straight on at a fork: the cosine between the two ways out of it.
ONWARD = -0.35


def _graph(thin):
    """Lines between the forks and ends of a drawing one pixel wide, (node, node, points (n, 2), x and y), and where the nodes are."""
    spots = {(int(y), int(x)) for y, x in np.argwhere(thin)}
    near = {}
    for y, x in spots:
        straight = [(y + a, x + b) for a, b in STRAIGHT if (y + a, x + b) in spots]
        # A step over the corner counts only where none of the two straight ways round it is there.
        corner = [
            (y + a, x + b)
            for a, b in DIAGONAL
            if (y + a, x + b) in spots and (y + a, x) not in spots and (y, x + b) not in spots
        ]
        near[y, x] = straight + corner
    node, places = {}, []
    for spot in spots:
        if spot in node or len(near[spot]) == 2:
            continue
        # Forks that touch are one.
        group, todo = [], [spot]
        node[spot] = len(places)
        while todo:
            s = todo.pop()
            group.append(s)
            for t in near[s]:
                if t not in node and len(near[t]) > 2 and len(near[spot]) > 2:
                    node[t] = len(places)
                    todo.append(t)
        places.append(np.mean(group, 0)[::-1])
    lines, used = [], set()

    def follow(start, step):
        path = [start, step]
        while path[-1] not in node:
            ways = [t for t in near[path[-1]] if t != path[-2]]
            if not ways:
                break
            path.append(ways[0])
        return path

    for spot in node:
        for step in near[spot]:
            if step in node and node[step] == node[spot] or (spot, step) in used:
                continue
            path = follow(spot, step)
            used.update([(path[0], path[1]), (path[-1], path[-2])])
            if path[-1] in node:
                points = np.array([p[::-1] for p in path], float)
                points[0], points[-1] = places[node[spot]], places[node[path[-1]]]
                lines.append((node[spot], node[path[-1]], points))
    # Rings without a fork.
    left = {s for s in spots if s not in node}
    for _, _, points in lines:
        left -= {(int(y), int(x)) for x, y in points[1:-1]}
    while left:
        start = left.pop()
        path, here = [start], start
        while True:
            ways = [t for t in near[here] if t in left]
            if not ways:
                break
            here = ways[0]
            left.discard(here)
            path.append(here)
        if len(path) > 6:
            places.append(np.array(start[::-1], float))
            lines.append((len(places) - 1, len(places) - 1, np.array([p[::-1] for p in path + [start]], float)))
    return lines, places


def _length(points):
    return float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())


def _direction(points, reach):
    """Where a line leads as it leaves its first point."""
    d = np.linalg.norm(points - points[0], axis=1)
    far = points[min(int(np.argmax(d > reach)) or len(points) - 1, len(points) - 1)]
    v = far - points[0]
    return v / max(np.linalg.norm(v), 1e-6)


def _spur(lines, half, width):
    """The shortest line that ends at the rim of the ink rather than of a stroke: its number, or None."""
    degree = np.bincount([n for a, b, _ in lines for n in (a, b)], minlength=1)
    found = []
    for i, (a, b, points) in enumerate(lines):
        if a == b or min(degree[a], degree[b]) > 1 or max(degree[a], degree[b]) < 3:
            continue
        x, y = points[0 if degree[a] > 1 else -1].astype(int)
        if _length(points) < 1.1 * half[y, x] + 0.8 * width:
            found.append((_length(points), i))
    return min(found)[1] if found else None


def strokes(image):
    """The strokes, (n, 2) each, x and y in pixels of `image` (height, width; 255 is ink); None where ink is left over."""
    large = ndimage.zoom(image.astype(np.float32), ENLARGED, order=1, grid_mode=True, mode="grid-constant")
    large = ndimage.gaussian_filter(large, 1.2)
    ink = large > 0.45 * large.max()
    pieces, count = ndimage.label(ink, np.ones((3, 3)))
    sizes = ndimage.sum_labels(ink, pieces, range(1, count + 1))
    ink = np.isin(pieces, 1 + np.flatnonzero(sizes > 0.03 * sizes.sum()))
    thin = skeletonize(ink)
    half = ndimage.distance_transform_edt(ink)
    width = float(np.median(half[thin])) if thin.any() else 1.0
    lines, places = _graph(thin)
    while lines and (spur := _spur(lines, half, width)) is not None:
        lines.pop(spur)
        lines = _joined(lines, places, 2, 2 * width)
    lines = _joined(lines, places, 9, 2.5 * width)
    found = [_softened(points) for _, _, points in lines]
    if not found:
        return None
    bare = np.ones(ink.shape, bool)
    at = np.clip(np.round(np.concatenate(found)).astype(int), 0, np.array(ink.shape)[::-1] - 1)
    bare[at[:, 1], at[:, 0]] = False
    far = ndimage.distance_transform_edt(bare)[ink] > 1.8 * width + 2
    return [((s + 0.5) / ENLARGED).astype(np.float32) for s in found] if far.mean() < 0.02 else None


def _softened(points):
    """A line without the steps of its pixels, every third point of it."""
    if len(points) < 5:
        return points
    closed = np.allclose(points[0], points[-1])
    soft = ndimage.gaussian_filter1d(points, 0.4 * ENLARGED, axis=0, mode="wrap" if closed else "nearest")
    if not closed:
        soft[0], soft[-1] = points[0], points[-1]
    return np.concatenate([soft[:-1:3], soft[-1:]])


def _joined(lines, places, most, reach):
    """Lines that meet at a fork of at most `most` lines become one where they go on the straightest."""
    lines = list(lines)
    for n in range(len(places)):
        while True:
            ends = [(i, e) for i, (a, b, _) in enumerate(lines) for e in (0, 1) if (a, b)[e] == n]
            if len(ends) < 2 or len(ends) > most:
                break
            ways = {(i, e): _direction(lines[i][2][:: 1 if e == 0 else -1], reach) for i, e in ends}
            pairs = [(float(ways[p] @ ways[q]), p, q) for j, p in enumerate(ends) for q in ends[j + 1 :] if p[0] != q[0]]
            if not pairs:
                break
            cosine, p, q = min(pairs)
            if len(ends) > 2 and cosine > ONWARD:
                break
            (i, e), (j, f) = p, q
            first = lines[i][2][:: -1 if e == 0 else 1]
            second = lines[j][2][:: 1 if f == 0 else -1]
            new = (lines[i][1 - e], lines[j][1 - f], np.concatenate([first, second[1:]]))
            lines = [line for k, line in enumerate(lines) if k not in (i, j)] + [new]
    return lines


def all_strokes(images, workers=2):
    """The strokes of each of `images` (n, 28, 28)."""
    with get_context("fork").Pool(workers) as pool:
        return pool.map(strokes, list(images), chunksize=500)
