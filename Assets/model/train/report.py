"""Measures the shipped integer network on the reporting sets, and prints the figures of the model card.

    python report.py --data ../../../../shared/data --renderer ../../../.build/release/stroke-render [--checkpoint checkpoint.pt]

Nothing here chooses anything: these sets are looked at after the training, and never by it. Pen strokes are drawn by the
panel's ink at a random size (56 to 262 pixels) and place with a brush of 12 to 28 pixels, three times each.
"""

import argparse
import json
import struct
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file

import data as sets
import shapes
import strokes as ink
from integer import IntegerNet, reading
from network import ShadowNet, FloatNet, LAYERS
from train import HERE, logits_of


def load(path):
    """The integer network of a model file, and its metadata."""
    raw = path.read_bytes()
    meta = json.loads(raw[8 : 8 + struct.unpack("<Q", raw[:8])[0]])["__metadata__"]
    tensors = load_file(path)
    layers = [
        {name: tensors[f"layer{n}.{name}"] for name in ("weight", "bias", "multiplier")}
        | {"shift": int(meta[f"layer{n}.shift"])}
        for n in range(int(meta["layers"]))
    ]
    return IntegerNet(layers), meta


def calibration_error(probabilities, right):
    """Expected calibration error over fifteen equal bins of the top probability, in percent (Guo et al. 2017)."""
    top = probabilities.max(1) / 65536
    error = 0.0
    for low in np.arange(15) / 15:
        inside = (top > low) & (top <= low + 1 / 15 + 1e-9)
        if inside.any():
            error += inside.mean() * abs(top[inside].mean() - right[inside].mean())
    return 100 * error


def digits(name, net, threshold, images, labels, writers=None):
    """Prints accuracy in all, by digit and by writer, calibration, and how many are kept as digits."""
    probabilities, rejection = reading(net.logits(images))
    got = probabilities.argmax(1)
    right = got == labels
    ece = calibration_error(probabilities, right)
    line = f"{name}: {100 * right.mean():.2f} % of {len(labels)}, kept {100 * (rejection < threshold).mean():.2f} %"
    print(f"{line}, calibration error {ece:.2f} %")
    print("  by digit: " + ", ".join(f"{d} {100 * right[labels == d].mean():.2f}" for d in sorted(set(labels.tolist()))))
    if writers is not None:
        by = {w: 100 * right[writers == w].mean() for w in sorted(set(writers))}
        worst = min(by, key=by.get)
        print(f"  by writer: worst {worst} {by[worst]:.2f} %, median {np.median(list(by.values())):.2f} % of {len(by)}")
    wrong = sorted({(int(a), int(b)): int(((labels == a) & (got == b)).sum()) for a, b in zip(labels[~right], got[~right])}.items(), key=lambda x: -x[1])
    print("  most often: " + ", ".join(f"{a} as {b} {n} times" for (a, b), n in wrong[:6]))
    return right


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--data", type=Path, default=HERE / "../../../../shared/data")
    args.add_argument("--renderer", type=Path, default=HERE / "../../../.build/release/stroke-render")
    args.add_argument("--model", type=Path, default=HERE.parent / "digits.safetensors")
    args.add_argument("--checkpoint", type=Path, help="of the same training, to compare the floating-point network")
    a = args.parse_args()
    net, meta = load(a.model)
    threshold = int(meta["threshold"])
    rng = np.random.default_rng(99)
    print(f"{meta['version']}, {a.model.stat().st_size} bytes, threshold {threshold / 65536:.3f}")

    images, labels = sets.mnist(a.data / "mnist", "t10k")
    digits("MNIST test", net, threshold, images, labels)
    rows = sets.redrawn(a.data, "test")
    drawn = ink.render(sets.upright(rows, np.random.default_rng(97)), a.renderer)
    digits("MNIST test, drawn anew", net, threshold, drawn, np.array([label for _, label in rows]))
    rows = [r for r in sets.pens(a.data) if r[3] == "test"] * 3
    pens = ink.render(sets.upright(rows, rng), a.renderer)
    digits("pendigits test writers", net, threshold, pens, np.array([r[1] for r in rows]), np.array([r[2] for r in rows]))
    rows = ink.read(a.data / "strokes_ipad_pencil.jsonl.gz") * 3
    pads = ink.render(sets.upright(rows, rng), a.renderer)
    digits("iPad, all writers", net, threshold, pads, np.array([r[1] for r in rows]), np.array([r[2] for r in rows]))
    hwd = np.load(a.data / "hwd1000.npz")
    hwd_images, hwd_labels = 255 - hwd["images"].reshape(-1, 28, 28).astype(np.uint8), hwd["labels"].reshape(-1).astype(int)
    hwd_images = ink.normalized(hwd_images, a.renderer)
    digits("hwd1000", net, threshold, hwd_images, hwd_labels)

    for told, without in (("look-alikes", sets.LOOKALIKES), ("the eight letters of the set's note", sets.NOTED)):
        rows = [r for r in sets.symbols(a.data, without) if r[2] in sets.SYMBOL_REPORT] * 3
        marks = reading(net.logits(ink.render(sets.upright(rows, np.random.default_rng(98), low=90), a.renderer)))[1]
        print(f"symbols of unseen writers, without {told}: {100 * (marks < threshold).mean():.2f} % of {len(marks)} pass as digits")
        # What passes at the threshold that keeps 99 % of the digits of each set, as the goal is put.
        for name, part in (("MNIST test", images), ("pendigits", pens)):
            cut = np.quantile(reading(net.logits(part))[1], 0.99)
            print(f"  with 99 % of {name} kept: {100 * (marks < cut).mean():.2f} %")
    made = np.random.default_rng(123)
    drawn = [ink.place(ink.bend(shapes.shape(made), made), made, low=60) for _ in range(3000)]
    other = reading(net.logits(ink.render(drawn, a.renderer)))[1]
    print(f"own shapes (of the kinds that were learned from): {100 * (other < threshold).mean():.2f} % of {len(other)} pass")
    for name, styles in (("usual", shapes.DIGITS), ("rare", shapes.RARE)):
        drawn = [(d, shapes.styled(style, made)) for d in styles for style in styles[d] for _ in range(100)]
        own = ink.render([ink.place(ink.bend(strokes, made), made) for _, strokes in drawn], a.renderer)
        digits(f"own digits in {name} styles (that were learned from)", net, threshold, own, np.array([d for d, _ in drawn]))

    if a.checkpoint:
        kept = torch.load(a.checkpoint, map_location="cpu")
        full = FloatNet()
        full.load_state_dict(kept["float"])
        shadow = ShadowNet([(torch.zeros(o, i, k, k), torch.zeros(o)) for i, o, k, _, _ in LAYERS])
        shadow.load_state_dict(kept["shadow"])
        for name, part, truth in (("MNIST test", images, labels), ("pendigits", pens, None)):
            if truth is None:
                truth = np.array([r[1] for r in [r for r in sets.pens(a.data) if r[3] == "test"] * 3])
            own = 100 * (net.logits(part)[:, :10].argmax(1) == truth).mean()
            others = [100 * (logits_of(n, part)[:, :10].argmax(1).numpy() == truth).mean() for n in (full, shadow)]
            print(f"{name}: integers {own:.2f} %, floating point before rounding {others[0]:.2f} %, after {others[1]:.2f} %")


if __name__ == "__main__":
    main()
