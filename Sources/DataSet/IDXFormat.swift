import Kernel

/// Images and labels in MNIST's form, a pair of files for each split (LeCun, Cortes, Burges, "The MNIST database": "the IDX
/// file format"), and the other columns of their rows as CSV.
struct IDXRows: RowEncoder {
  /// Images, labels and table of training, then those of testing.
  private var streams = [[UInt8]](repeating: [], count: 6)

  mutating func append(_ row: DataSetRow) {
    let first = row.isTest ? 3 : 0
    streams[first] += row.image
    streams[first + 1].append(UInt8(row.label))
    RowText.appendCSV(row, pixels: nil, to: &streams[first + 2])
  }

  mutating func finish(_ batch: inout EncodedBatch) {
    batch.streams = streams
    for i in streams.indices { streams[i].removeAll(keepingCapacity: true) }
  }
}

/// The files where torchvision's MNIST looks for them: `MNIST/raw/train-images-idx3-ubyte` and so on.
final class IDXWriter: BatchWriter {
  private static let names = [
    "MNIST/raw/train-images-idx3-ubyte", "MNIST/raw/train-labels-idx1-ubyte", "train.csv",
    "MNIST/raw/t10k-images-idx3-ubyte", "MNIST/raw/t10k-labels-idx1-ubyte", "test.csv",
  ]
  private let outputs: [OutputFile]
  private let side: Int
  /// Rows of training and of testing.
  private var rows = [0, 0]

  init(_ directory: OutputDirectory, side: Int) throws(KernelError) {
    self.side = side
    try directory.make("MNIST")
    try directory.make("MNIST/raw")
    var outputs: [OutputFile] = []
    for name in IDXWriter.names { outputs.append(try OutputFile(directory.path(name))) }
    self.outputs = outputs
    for split in 0..<2 {
      try outputs[3 * split].write(IDXWriter.head([0, side, side]))
      try outputs[3 * split + 1].write(IDXWriter.head([0]))
      try outputs[3 * split + 2].write(RowText.csvHeader(side: nil))
    }
  }

  func write(_ batch: EncodedBatch) throws(KernelError) {
    for (output, bytes) in zip(outputs, batch.streams) { try output.write(bytes) }
    for split in 0..<2 where batch.streams.count == outputs.count {
      rows[split] += batch.streams[3 * split + 1].count
    }
  }

  func finish() throws(KernelError) -> [String] {
    for split in 0..<2 {
      try outputs[3 * split].patch(IDXWriter.head([rows[split], side, side]), at: 0)
      try outputs[3 * split + 1].patch(IDXWriter.head([rows[split]]), at: 0)
    }
    for output in outputs { try output.finish() }
    return IDXWriter.names
  }

  /// The magic number says bytes (8) and how many dimensions; then each dimension, the highest byte first.
  static func head(_ shape: [Int]) -> [UInt8] {
    var head: [UInt8] = [0, 0, 8, UInt8(shape.count)]
    for count in shape { head.append(big: UInt32(truncatingIfNeeded: count)) }
    return head
  }
}
