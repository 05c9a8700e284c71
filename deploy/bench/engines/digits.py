"""The shipped network as other engines take it: weights with one scale a channel, activations of 8 bits with one scale a layer.

The model file (Assets/model/README.md) states each layer as whole numbers. In units where an activation of 127 is 1, a layer is

    out[c] = clamp(sum(q * x) * w[c] + b[c], 0, 1),  w[c] = multiplier / 2^(15 + shift)

with q the stored int8 weights; the last layer is not clamped. That is what the writers below write down in each engine's form, so
all engines multiply the same numbers the same number of times.
"""

import dataclasses
import json
import pathlib
import struct

import numpy

ASSETS = pathlib.Path(__file__).resolve().parents[3] / "Assets" / "model"


@dataclasses.dataclass
class Layer:
    weights: numpy.ndarray  # int8 (outputs, rows, columns, inputs)
    scales: numpy.ndarray  # float32 (outputs), of the weights
    bias: numpy.ndarray  # float32 (outputs)
    stride: int
    padding: int
    last: bool

    @property
    def real(self) -> numpy.ndarray:
        """The weights as floats, (outputs, inputs, rows, columns)."""
        return (self.weights * self.scales[:, None, None, None]).transpose(0, 3, 1, 2).astype(numpy.float32).copy()


def tensors(path: pathlib.Path) -> tuple[dict, dict]:
    """(tensors, metadata) of a safetensors file."""
    data = path.read_bytes()
    (size,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + size])
    meta = header.pop("__metadata__", {})
    kinds = {"I8": "<i1", "I16": "<i2", "I32": "<i4", "U8": "|u1"}
    found = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        flat = numpy.frombuffer(data[8 + size + begin : 8 + size + end], kinds[entry["dtype"]])
        found[name] = flat.reshape(entry["shape"])
    return found, meta


def layers() -> list[Layer]:
    found, meta = tensors(ASSETS / "digits.safetensors")
    count = int(meta["layers"])
    made = []
    for n in range(count):
        shift = int(meta[f"layer{n}.shift"])
        last = n == count - 1
        scales = found[f"layer{n}.multiplier"].astype(numpy.float64) / 2 ** (15 + shift)
        # The rounding half of the shift is part of the stored bias. Logits keep their whole units: only their order counts.
        bias = (found[f"layer{n}.bias"] - ((1 << shift) >> 1)) * scales / 127
        made.append(
            Layer(
                found[f"layer{n}.weight"], scales.astype(numpy.float32), bias.astype(numpy.float32),
                int(meta[f"layer{n}.stride"]), int(meta[f"layer{n}.padding"]), last,
            )
        )
    return made


def multiplications(network: list[Layer], side: int = 28) -> int:
    total = 0
    for layer in network:
        outputs, rows, _, inputs = layer.weights.shape
        side = (side + 2 * layer.padding - rows) // layer.stride + 1
        total += outputs * rows * rows * inputs * side * side
    return total


def drawings() -> tuple[numpy.ndarray, numpy.ndarray]:
    """The golden drawings (n, 28, 28), 0 ... 255, and the output that the panel's integers give most to."""
    found, _ = tensors(ASSETS / "golden.safetensors")
    return found["images"].view(numpy.uint8), found["logits"].argmax(1)


def unit(images: numpy.ndarray) -> numpy.ndarray:
    """What the network sees: 0 ... 127 of 127, as floats (n, 1, 28, 28)."""
    return ((images // 2) / numpy.float32(127)).astype(numpy.float32)[:, None]
