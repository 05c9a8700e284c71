/// Builds little-endian bytes.
package struct ByteWriter {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// Makes room for so many bytes more.
  package mutating func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count) }

  package mutating func write(byte: UInt8) { bytes.append(byte) }

  // Other rooms get this without a call of a generic function, which would ask the runtime about its type for each byte.
  @inlinable package mutating func write<I: FixedWidthInteger>(_ value: I) {
    write(UInt64(truncatingIfNeeded: value), bytes: I.bitWidth / 8)
  }

  /// The lowest bytes of a number.
  @usableFromInline package mutating func write(_ value: UInt64, bytes count: Int) {
    for place in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * place))) }
  }

  package mutating func write(_ more: [UInt8]) { bytes.append(contentsOf: more) }
  package mutating func write(_ more: ArraySlice<UInt8>) { bytes.append(contentsOf: more) }

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

  // As in the writer.
  @inlinable package mutating func read<I: FixedWidthInteger>(_: I.Type = I.self) -> I? {
    read(bytes: I.bitWidth / 8).map { I(truncatingIfNeeded: $0) }
  }

  /// A number of at most 8 bytes.
  @usableFromInline package mutating func read(bytes size: Int) -> UInt64? {
    guard remaining >= size else { return nil }
    var value: UInt64 = 0
    for place in 0..<size { value |= UInt64(bytes[position + place]) << UInt64(8 * place) }
    position += size
    return value
  }

  package mutating func read(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, remaining >= count else { return nil }
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  package mutating func identifier() -> Identifier? { read(16).flatMap { Identifier(bytes: $0) } }

  package mutating func digest() -> Digest? { read(Digest.length).flatMap { Digest(bytes: $0) } }
}
