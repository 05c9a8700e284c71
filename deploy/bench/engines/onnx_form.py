"""The network as ONNX: in floating point, and quantised with QuantizeLinear and DequantizeLinear around each convolution."""

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper


def write(path, network, quantised: bool) -> None:
    nodes, constants = [], []

    def constant(name, value):
        constants.append(numpy_helper.from_array(numpy.asarray(value), name))
        return name

    def node(kind, inputs, output, **attributes):
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    # Activations are 0 ... 255 of 1; what is larger is cut there, as the panel cuts it.
    constant("a.scale", numpy.float32(1 / 255))
    constant("a.zero", numpy.uint8(0))
    # Logits reach half a hundred; an engine multiplies the last layer in integers only where its outputs are bytes too.
    constant("l.scale", numpy.float32(0.5))
    constant("l.zero", numpy.uint8(128))

    def through_bytes(value, of="a", name=None):
        whole = node("QuantizeLinear", [value, f"{of}.scale", f"{of}.zero"], f"{value}.q")
        return node("DequantizeLinear", [whole, f"{of}.scale", f"{of}.zero"], name or f"{value}.d")

    value = "image"
    for n, layer in enumerate(network):
        if quantised:
            value = through_bytes(value)
            constant(f"w{n}.q", layer.weights.transpose(0, 3, 1, 2).copy())
            constant(f"w{n}.scale", layer.scales)
            constant(f"w{n}.zero", numpy.zeros(len(layer.scales), numpy.int8))
            weight = node("DequantizeLinear", [f"w{n}.q", f"w{n}.scale", f"w{n}.zero"], f"w{n}", axis=0)
            # A convolution's bias has the product of both scales.
            scale = layer.scales / numpy.float32(255)
            constant(f"b{n}.q", numpy.round(layer.bias / scale).astype(numpy.int32))
            constant(f"b{n}.scale", scale)
            constant(f"b{n}.zero", numpy.zeros(len(scale), numpy.int32))
            bias = node("DequantizeLinear", [f"b{n}.q", f"b{n}.scale", f"b{n}.zero"], f"b{n}", axis=0)
        else:
            weight, bias = constant(f"w{n}", layer.real), constant(f"b{n}", layer.bias)
        value = node(
            "Conv", [value, weight, bias], "logits" if layer.last and not quantised else f"c{n}", kernel_shape=layer.weights.shape[1:3],
            strides=[layer.stride] * 2, pads=[layer.padding] * 4,
        )
        if layer.last:
            if quantised:
                through_bytes(value, "l", "logits")
            break
        if quantised:
            # The unsigned bytes of the next step cut at 0 and 1; an engine that fuses needs no more than this.
            value = node("Relu", [value], f"r{n}")
        else:
            constant("zero", numpy.float32(0)) if n == 0 else None
            constant("one", numpy.float32(1)) if n == 0 else None
            value = node("Clip", [value, "zero", "one"], f"r{n}")
    save(path, nodes, constants, "image", [1, 1, 28, 28], "logits", [1, 11, 1, 1])


def write_empty(path) -> None:
    """A network that does next to nothing: what a call of the engine costs by itself."""
    save(path, [helper.make_node("Neg", ["image"], ["logits"])], [], "image", [1, 1, 1, 1], "logits", [1, 1, 1, 1])


def save(path, nodes, constants, taken, taken_shape, given, given_shape) -> None:
    graph = helper.make_graph(
        nodes, "digits", [helper.make_tensor_value_info(taken, TensorProto.FLOAT, taken_shape)],
        [helper.make_tensor_value_info(given, TensorProto.FLOAT, given_shape)], constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, path)
