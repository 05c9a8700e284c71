/// Builds little-endian bytes.
package struct ByteWriter {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// Makes room for so many bytes more.
  package mutating func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count) }

  package mutating func write(byte: UInt8) { bytes.append(byte) }

  package mutating func write<I: FixedWidthInteger>(_ value: I) {
    for shift in stride(from: 0, to: I.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> I(shift)))
    }
  }

  package mutating func write(_ more: some Sequence<UInt8>) {
    bytes.append(contentsOf: more)
  }

  /// Overwrites the 32 bits at `offset`, which were written before.
  package mutating func patch(_ value: UInt32, at offset: Int) {
    for i in 0..<4 { bytes[offset + i] = UInt8(truncatingIfNeeded: value >> UInt32(8 * i)) }
  }
}

/// Reads little-endian bytes; everything past the end is nil.
package struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// Bytes not read yet.
  package var remaining: Int { bytes.endIndex - position }

  /// Those bytes.
  package var rest: ArraySlice<UInt8> { bytes[position...] }

  package mutating func read<I: FixedWidthInteger>(_: I.Type = I.self) -> I? {
    let size = I.bitWidth / 8
    guard remaining >= size else { return nil }
    var value: I = 0
    for i in 0..<size { value |= I(truncatingIfNeeded: bytes[position + i]) << I(8 * i) }
    position += size
    return value
  }

  package mutating func read(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, remaining >= count else { return nil }
    defer { position += count }
    return bytes[position..<(position + count)]
  }
}
