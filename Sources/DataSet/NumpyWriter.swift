import Kernel
import Spool

/// A data set as `.npz`: the images stream through, the other columns wait on disk until all rows are there.
///
/// Strokes, where they are asked for, are three arrays more: `points` <f4 (P, 4) with x, y, milliseconds and diameter of the
/// contact; `stroke_starts` <i8, where each stroke begins among the points; `drawing_starts` <i8, where each drawing begins
/// among the strokes. Both have one number more than there are, the end.
final class NumpyWriter: BatchWriter {
  private let output: OutputFile
  private let name: String
  private let zip: ZipWriter
  private let columns: [NumpyColumn]
  private let strokes: [NumpyColumn]
  private let side: Int
  private var rows = 0

  /// - Parameter most: rows that may come.
  init(_ output: OutputFile, name: String, options: ExportOptions, most: Int) throws(KernelError) {
    self.output = output
    self.name = name
    side = options.size.rawValue
    let directory = OutputFile.parent(of: output.path)
    columns = Field.all.map { NumpyColumn($0.array, $0.kind, in: directory) }
    strokes =
      options.withStrokes
      ? [
        NumpyColumn("points", .reals(4), in: directory),
        NumpyColumn("stroke_starts", .integer, offsets: true, in: directory),
        NumpyColumn("drawing_starts", .integer, offsets: true, in: directory),
      ] : []
    zip = ZipWriter(output)
    try zip.begin(
      "images.npy", size: UInt64(most) * UInt64(side * side) + 128,
      head: NumpyColumn.header(type: "|u1", shape: [most, side, side]))
  }

  func write(_ batch: EncodedBatch) throws(KernelError) {
    guard batch.rows > 0, let images = batch.images else { return }
    rows += batch.rows
    try zip.write(images)
    for (column, bytes) in Swift.zip(columns, batch.streams) { try column.append(bytes, rows: batch.rows) }
    for (column, bytes) in Swift.zip(strokes, batch.streams.dropFirst(columns.count)) {
      try column.append(bytes, rows: bytes.count / (column.kind.size ?? 1))
    }
  }

  func finish() throws(KernelError) -> [String] {
    try zip.end(head: NumpyColumn.header(type: "|u1", shape: [rows, side, side]))
    try NumpyColumn.write(columns + strokes, to: zip)
    try zip.finish()
    try output.finish()
    return [name]
  }
}
