"""The network as LiteRT (TensorFlow Lite) takes it: a flat buffer with int8 activations and weights, one scale a channel."""

import flatbuffers
import numpy
from ai_edge_litert import schema_py_generated as schema

# Activations are int8 with -128 for 0 and 127 for 1: what is larger is cut there, as the panel cuts it.
SCALE, ZERO = 1 / 255, -128


class Writer:
    def __init__(self):
        self.model = schema.ModelT()
        self.model.version = 3
        self.model.buffers = [schema.BufferT()]
        self.model.operatorCodes = []
        self.graph = schema.SubGraphT()
        self.graph.tensors, self.graph.operators = [], []
        self.model.subgraphs = [self.graph]

    def tensor(self, name, shape, kind, scales, zeros, data=None, axis=0) -> int:
        tensor = schema.TensorT()
        tensor.name, tensor.shape, tensor.type = name, list(shape), kind
        tensor.quantization = schema.QuantizationParametersT()
        tensor.quantization.scale, tensor.quantization.zeroPoint = list(map(float, scales)), list(map(int, zeros))
        tensor.quantization.quantizedDimension = axis
        tensor.buffer = 0
        if data is not None:
            buffer = schema.BufferT()
            buffer.data = numpy.frombuffer(data.tobytes(), numpy.uint8)
            self.model.buffers.append(buffer)
            tensor.buffer = len(self.model.buffers) - 1
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def operator(self, code, version, inputs, outputs, kind=0, options=None) -> None:
        entry = schema.OperatorCodeT()
        entry.builtinCode = entry.deprecatedBuiltinCode = code
        entry.version = version
        self.model.operatorCodes.append(entry)
        made = schema.OperatorT()
        made.opcodeIndex = len(self.model.operatorCodes) - 1
        made.inputs, made.outputs = inputs, outputs
        made.builtinOptionsType, made.builtinOptions = kind, options
        self.graph.operators.append(made)

    def save(self, path, taken, given) -> None:
        self.graph.inputs, self.graph.outputs = [taken], [given]
        builder = flatbuffers.Builder(1 << 18)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        path.write_bytes(bytes(builder.Output()))


def write(path, network) -> None:
    writer = Writer()
    kinds = schema.TensorType
    side, taken = 28, writer.tensor("image", [1, 28, 28, 1], kinds.INT8, [SCALE], [ZERO])
    first = taken
    for n, layer in enumerate(network):
        outputs, rows, _, inputs = layer.weights.shape
        weights = writer.tensor(
            f"w{n}", layer.weights.shape, kinds.INT8, layer.scales, [0] * outputs, layer.weights.astype(numpy.int8)
        )
        scale = layer.scales * numpy.float32(SCALE)
        bias = writer.tensor(
            f"b{n}", [outputs], kinds.INT32, scale, [0] * outputs, numpy.round(layer.bias / scale).astype("<i4")
        )
        if layer.padding:
            padded = writer.tensor(f"p{n}", [1, side + 2, side + 2, inputs], kinds.INT8, [SCALE], [ZERO])
            amounts = writer.tensor(f"a{n}", [4, 2], kinds.INT32, [], [], numpy.array([[0, 0], [1, 1], [1, 1], [0, 0]], "<i4"))
            writer.operator(schema.BuiltinOperator.PAD, 2, [taken, amounts], [padded], schema.BuiltinOptions.PadOptions, schema.PadOptionsT())
            taken = padded
        side = (side + 2 * layer.padding - rows) // layer.stride + 1
        # Logits reach half a hundred in these units.
        quantised = ([SCALE], [ZERO]) if not layer.last else ([0.5], [0])
        given = writer.tensor(f"c{n}", [1, side, side, outputs], kinds.INT8, *quantised)
        options = schema.Conv2DOptionsT()
        options.padding = schema.Padding.VALID
        options.strideW = options.strideH = layer.stride
        options.dilationWFactor = options.dilationHFactor = 1
        options.fusedActivationFunction = (
            schema.ActivationFunctionType.NONE if layer.last else schema.ActivationFunctionType.RELU
        )
        writer.operator(
            schema.BuiltinOperator.CONV_2D, 3, [taken, weights, bias], [given], schema.BuiltinOptions.Conv2DOptions, options
        )
        taken = given
    writer.save(path, first, taken)


def write_empty(path) -> None:
    writer = Writer()
    taken = writer.tensor("image", [1, 1, 1, 1], schema.TensorType.INT8, [SCALE], [ZERO])
    given = writer.tensor("logits", [1, 1, 1, 1], schema.TensorType.INT8, [SCALE], [ZERO])
    writer.operator(schema.BuiltinOperator.RELU, 2, [taken], [given])
    writer.save(path, taken, given)
