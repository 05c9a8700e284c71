"""The integer network, exactly as Recognizer computes it: the training side's twin of the Swift kernels.

A layer: sums of products and a bias in 32 bits; an arithmetic shift right by the layer's `shift` (its rounding half is part of the
stored bias), saturated to 16 bits; times a 16-bit multiplier of the channel, plus 2^14, shifted right by 15; then, but for the last
layer, clamped to 0 ... 127. The last layer's results are logits in 1/256 of a power of two.
"""

import hashlib
import math

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save

from network import LAYERS, WEIGHT_MAX

# 2^(-i/256) in 31 bits; Recognizer computes the same table from integer square roots.
EXP2 = np.array([round(2 ** (31 - i / 256)) for i in range(256)], np.int64)


class IntegerNet:
    def __init__(self, layers):
        self.layers = layers

    @staticmethod
    def of(shadow, temperature):
        """The integers of a trained ShadowNet; the temperature goes into the last layer's multipliers."""
        layers, step = [], 1 / 127
        for n in range(len(LAYERS)):
            last = n == len(LAYERS) - 1
            ws = shadow.weight_steps(n).double().numpy()
            weight = np.floor(shadow.weights[n].detach().double().numpy() / ws[:, None, None, None] + 0.5)
            out = temperature * math.log(2) / 256 if last else float(shadow.steps[n].detach())
            scale = ws * step / out
            shift = max(0, -math.ceil(math.log2(scale.max())))
            multiplier = np.minimum(np.round(scale * 2.0 ** (15 + shift)), 32767)
            bias = np.round(shadow.biases[n].detach().double().numpy() / (ws * step)) + ((1 << shift) >> 1)
            if np.abs(weight).max() > WEIGHT_MAX or np.abs(bias).max() >= 2**30 or shift > 24:
                raise SystemExit(f"layer {n} does not fit its integers")
            layers.append(
                dict(
                    # In this order in memory too: safetensors writes the bytes as they lie.
                    weight=np.ascontiguousarray(weight.transpose(0, 2, 3, 1)).astype(np.int8),
                    bias=bias.astype(np.int32),
                    multiplier=multiplier.astype(np.int16),
                    shift=shift,
                )
            )
            step = out
        return IntegerNet(layers)

    def logits(self, images):
        """Logits (n, 11), int16, of images (n, 28, 28), uint8."""
        x = torch.from_numpy(images.astype(np.float32)[:, None] // 2)
        for n, (layer, (i, _, k, stride, padding)) in enumerate(zip(self.layers, LAYERS)):
            # Whole numbers below 2^24 are exact in float32, in any order of summation.
            assert i * k * k * 127 * WEIGHT_MAX < 2**24
            w = torch.from_numpy(layer["weight"].astype(np.float32).transpose(0, 3, 1, 2).copy())
            acc = F.conv2d(x, w, None, stride, padding).to(torch.int64)
            acc += torch.from_numpy(layer["bias"].astype(np.int64))[:, None, None]
            t = torch.clamp(acc >> layer["shift"], -32768, 32767)
            q = (t * torch.from_numpy(layer["multiplier"].astype(np.int64))[:, None, None] + (1 << 14)) >> 15
            if n == len(LAYERS) - 1:
                return q.flatten(1).numpy().astype(np.int16)
            x = torch.clamp(q, 0, 127).float()

    def save(self, path, version, threshold, extra=None):
        tensors, meta = {}, {"format": "digit-panel", "version": version, "layers": str(len(self.layers))}
        meta |= {"threshold": str(threshold)} | (extra or {})
        for n, (layer, (_, _, _, stride, padding)) in enumerate(zip(self.layers, LAYERS)):
            for name in ("weight", "bias", "multiplier"):
                tensors[f"layer{n}.{name}"] = layer[name]
            meta |= {f"layer{n}.stride": str(stride), f"layer{n}.padding": str(padding), f"layer{n}.shift": str(layer["shift"])}
        path.write_bytes(save(tensors, meta))

    def fingerprint(self):
        h = hashlib.sha256()
        for layer in self.layers:
            for name in ("weight", "bias", "multiplier"):
                h.update(layer[name].tobytes())
        return h.hexdigest()[:8]


def _shares(logits):
    """65536 shared out in proportion to 2^(logit/256): by largest remainder, the lower index first."""
    d = logits.max(1, keepdims=True).astype(np.int64) - logits
    e = np.where(d >> 8 < 32, EXP2[d & 255] >> np.minimum(d >> 8, 31), 0)
    total = e.sum(1, keepdims=True)
    share, rest = (e << 16) // total, (e << 16) % total
    order = np.argsort(-rest, 1, kind="stable")
    rank = np.argsort(order, 1, kind="stable")
    return share + (rank < 65536 - share.sum(1, keepdims=True))


def reading(logits):
    """(ten probabilities that sum to 65536, the probability of no digit), both in 1/65536."""
    return _shares(logits[:, :10]), _shares(logits)[:, 10]
