"""The network as ncnn takes it: a .param and a .bin with int8 weights (github.com/Tencent/ncnn/wiki/param-and-model-file-structure)."""

import struct

import numpy

# Tags what follows as int8 weights.
INT8 = 0x000D4B38


def write(parameters, weights, network) -> None:
    lines = [f"Input image 0 1 image 0=28 1=28 2=1"]
    data = bytearray()
    taken = "image"
    for n, layer in enumerate(network):
        outputs, rows, _, inputs = layer.weights.shape
        given = "logits" if layer.last else f"c{n}"
        # Activations are cut at 0 and 1; the scales say that 127 stands for 1.
        cut = "" if layer.last else " 9=3 -23310=2,0.0,1.0"
        lines.append(
            f"Convolution c{n} 1 1 {taken} {given} 0={outputs} 1={rows} 3={layer.stride} 4={layer.padding} 5=1"
            f" 6={layer.weights.size} 8=2{cut}"
        )
        taken = given
        data += struct.pack("<I", INT8)
        data += layer.weights.transpose(0, 3, 1, 2).astype(numpy.int8).tobytes()
        data += bytes(-len(data) % 4)
        data += layer.bias.astype("<f4").tobytes()
        data += (1 / layer.scales).astype("<f4").tobytes()
        data += struct.pack("<f", 127)
    parameters.write_text("\n".join(["7767517", f"{len(lines)} {len(lines)}", *lines]) + "\n")
    weights.write_bytes(data)


def write_empty(parameters, weights) -> None:
    lines = ["Input image 0 1 image 0=1 1=1 2=1", "ReLU r 1 1 image logits"]
    parameters.write_text("\n".join(["7767517", "2 2", *lines]) + "\n")
    weights.write_bytes(b"")
