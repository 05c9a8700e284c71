import Kernel
import Randomness
import Testing

@testable import DataSet

@Suite("The deflater", .enabled(if: Python.isThere, "python3 is not installed"))
struct DeflaterTests {
  /// Bytes of every kind.
  private static func contents() -> [[UInt8]] {
    var generator = SplitMix64(seed: 90)
    let noise = (0..<70_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    return [
      [], [7], [7, 7], [UInt8](repeating: 9, count: 100_000), noise,
      Array(noise[..<32_768] + noise[..<32_768]),
      (0..<50_000).map { UInt8(truncatingIfNeeded: $0 / 7 * ($0 % 7)) },
      (0..<5000).flatMap { i in (0..<8).map { UInt8(truncatingIfNeeded: i >> (8 * $0)) } },
      // Repetitions of every length.
      (0..<300).flatMap { [UInt8](repeating: 1, count: $0) + [2, 3] },
    ]
  }

  @Test("its pieces, put together, are one stream that zlib reads")
  func stream() throws {
    let scratch = try Scratch()
    var (stream, whole): ([UInt8], [UInt8]) = ([], [])
    let deflaters = [Deflater(for: .columns), Deflater(for: .pictures)]
    for bytes in DeflaterTests.contents() {
      for deflater in deflaters {
        let piece = try deflater.piece(bytes)
        #expect(piece.count == bytes.count)
        stream += piece.bytes
        whole += bytes
      }
    }
    stream += DeflatedPiece.end
    for (name, bytes) in [("stream", stream), ("whole", whole)] {
      let file = try OutputFile("\(scratch.path)/\(name)")
      try file.write(bytes)
      try file.finish()
    }
    let told = try Python.run(
      """
      import zlib
      reader = zlib.decompressobj(-15)
      bytes = reader.decompress(open('stream', 'rb').read())
      print(bytes == open('whole', 'rb').read(), reader.eof, len(reader.unused_data))
      """, in: scratch.path)
    #expect(told == "True True 0\n")
  }

  @Test("what repeats itself becomes small")
  func small() throws {
    var generator = SplitMix64(seed: 91)
    let row = (0..<1000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let rows = (0..<50).flatMap { _ in row }
    #expect(try Deflater(for: .columns).piece(rows).bytes.count < 2000)
    #expect(try Deflater(for: .pictures).piece([UInt8](repeating: 0, count: 100_000)).bytes.count < 600)
  }
}
