"""The network: six convolutions, first in floating point with batch normalisation, then as its own integer shadow.

Every layer is a convolution, the last one over all that is left, so that one kernel runs the whole of it. Channel counts
are sixteens; activations take 0 ... 127, which both `sdot` and `pmaddubsw` multiply without overflow.
"""

import torch
import torch.nn.functional as F
from torch import nn

# (inputs, outputs, kernel, stride, padding): 28 -> 12 -> 6 -> 6 -> 4 -> 2 -> 1; 1.38 million multiplications.
LAYERS = [
    (1, 32, 5, 2, 0), (32, 32, 3, 2, 1), (32, 32, 3, 1, 1), (32, 64, 3, 1, 0), (64, 128, 3, 1, 0), (128, 11, 2, 1, 0)
]
ACTIVATION_MAX = 127
# Two products of two bytes each still fit 16 bits, 4 * 127 * 64 < 2^15: AVX2 adds twice before it widens.
WEIGHT_MAX = 64


def bytes_to_input(x):
    """Bytes 0 ... 255 (as floats) to what the integer network sees: 0 ... 127, here as 0 ... 1."""
    return torch.floor(x / 2) / ACTIVATION_MAX


class FloatNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList(
            nn.Conv2d(i, o, k, s, p, bias=n == len(LAYERS) - 1) for n, (i, o, k, s, p) in enumerate(LAYERS)
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(o) for _, o, *_ in LAYERS[:-1])

    def forward(self, x):
        for conv, norm in zip(self.convs, self.norms):
            x = F.relu(norm(conv(x)))
        return self.convs[-1](x).flatten(1)

    def folded(self):
        """(weight, bias) of each layer with its normalisation folded in."""
        pairs = []
        for n, conv in enumerate(self.convs):
            w, b = conv.weight.detach().clone(), conv.bias
            if n < len(self.norms):
                norm = self.norms[n]
                g = norm.weight / torch.sqrt(norm.running_var + norm.eps)
                w, b = w * g[:, None, None, None], norm.bias - norm.running_mean * g
            pairs.append((w.detach().clone(), b.detach().clone()))
        return pairs


class Teacher(nn.Module):
    """A network too large for the panel, from which the panel's learns more than the labels say (Hinton et al. 2015)."""

    def __init__(self, width=32):
        super().__init__()

        def block(i, o):
            return [nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU()]

        w = width
        self.body = nn.Sequential(
            *block(1, w), *block(w, w), nn.MaxPool2d(2), *block(w, 2 * w), *block(2 * w, 2 * w), nn.MaxPool2d(2),
            *block(2 * w, 4 * w), *block(4 * w, 4 * w), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.4),
            nn.Linear(4 * w * 9, LAYERS[-1][1]),
        )

    def forward(self, x):
        return self.body(x)


def _round(x):
    """Rounds, and lets the gradient through as if it had not (Bengio et al. 2013)."""
    return x + (torch.floor(x + 0.5) - x).detach()


class ShadowNet(nn.Module):
    """The folded network with the rounding of its integer twin in the forward pass (Jacob et al. 2018)."""

    def __init__(self, pairs):
        super().__init__()
        self.weights = nn.ParameterList(nn.Parameter(w) for w, _ in pairs)
        self.biases = nn.ParameterList(nn.Parameter(b) for _, b in pairs)
        # What an activation of 1 stands for, a layer; calibrate() sets them, training refines them (Esser et al. 2020).
        self.steps = nn.ParameterList(nn.Parameter(torch.tensor(1.0)) for _ in pairs[:-1])
        self.rounding = True

    def weight_steps(self, n):
        return self.weights[n].detach().abs().amax((1, 2, 3)).clamp_min(1e-6) / WEIGHT_MAX

    def rounded_weight(self, n):
        s = self.weight_steps(n)[:, None, None, None]
        return _round(self.weights[n] / s) * s

    def forward(self, x, observe=None):
        for n, (_, _, _, stride, padding) in enumerate(LAYERS):
            w = self.rounded_weight(n) if self.rounding else self.weights[n]
            x = F.conv2d(x, w, self.biases[n], stride, padding)
            if n == len(LAYERS) - 1:
                return x.flatten(1)
            if observe is not None:
                observe[n].append(x.detach().flatten()[::7])
            if self.rounding:
                x = _round(torch.clamp(x / self.steps[n], 0, ACTIVATION_MAX)) * self.steps[n]
            else:
                x = F.relu(x)

    @torch.no_grad()
    def calibrate(self, x):
        """Sets each layer's step so that 1 in 20,000 activations is cut."""
        self.rounding, seen = False, [[] for _ in LAYERS]
        self(x, seen)
        self.rounding = True
        for step, values in zip(self.steps, seen):
            top = torch.cat(values).sort().values
            step.copy_(top[int(len(top) * 0.99995)] / ACTIVATION_MAX)
