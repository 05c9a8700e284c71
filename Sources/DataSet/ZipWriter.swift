import CZlib
import Kernel

/// Writes a ZIP archive (PKWARE's APPNOTE.TXT 6.3) from front to back with one entry in work: deflated, no times, ZIP64
/// only where a size needs it. The same entries give the same bytes with the same zlib.
final class ZipWriter {
  private struct Entry {
    var name: [UInt8]
    var crc: UInt32 = 0
    var size: UInt64 = 0
    var compressed: UInt64 = 0
    var offset: UInt64
    /// Whether the local header has room for 64-bit sizes.
    var isLarge: Bool
    var needsZip64: Bool { isLarge || offset >= ZipWriter.limit }
  }

  private let output: OutputFile
  private var entries: [Entry] = []
  /// The head of the entry in work.
  private var head: [UInt8] = []

  /// Sizes and offsets from here on do not fit 32 bits.
  private static let limit: UInt64 = 0xFFFF_FFFF

  init(_ output: OutputFile) {
    self.output = output
  }

  /// Begins an entry, after the one before has been ended.
  ///
  /// - Parameters:
  ///   - size: bytes that it will have at most; it decides whether the sizes need 64 bits.
  ///   - head: its first bytes, at most 65,535. They are stored without compression, so that ``end(head:)`` can put others
  ///     in their place: an array's head says how many rows follow, which is known only after the last.
  func begin(_ name: String, size: UInt64, head: [UInt8]) throws(KernelError) {
    // Deflate can make incompressible bytes a little longer (RFC 1951): the margin keeps both sizes on one side.
    let entry = Entry(
      name: Array(name.utf8), offset: output.count, isLarge: size >= ZipWriter.limit - 1 << 26)
    entries.append(entry)
    self.head = head
    try output.write(localHeader(entry))
    try output.write(ZipWriter.stored(head))
  }

  /// Adds bytes to the entry.
  func write(_ piece: DeflatedPiece) throws(KernelError) {
    let last = entries.count - 1
    entries[last].crc = UInt32(
      truncatingIfNeeded: crc32_combine(UInt(entries[last].crc), UInt(piece.crc), piece.count))
    entries[last].size += UInt64(piece.count)
    entries[last].compressed += UInt64(piece.bytes.count)
    try output.write(piece.bytes)
  }

  /// Ends the entry and writes its sizes into its header.
  ///
  /// - Parameter head: as long as the one that it began with, in its place; nil leaves that.
  func end(head new: [UInt8]? = nil) throws(KernelError) {
    let last = entries.count - 1
    try output.write(DeflatedPiece.end)
    if let new, new.count == head.count, new != head {
      head = new
      try output.patch(
        ZipWriter.stored(head), at: entries[last].offset + UInt64(localHeader(entries[last]).count))
    }
    let crc = crc32_z(0, head, head.count)
    entries[last].crc = UInt32(
      truncatingIfNeeded: crc32_combine(crc, UInt(entries[last].crc), Int(entries[last].size)))
    entries[last].size += UInt64(head.count)
    entries[last].compressed += UInt64(ZipWriter.stored(head).count + DeflatedPiece.end.count)
    try output.patch(localHeader(entries[last]), at: entries[last].offset)
  }

  /// A block of a deflate stream that holds bytes as they are (RFC 1951, section 3.2.4).
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var block: [UInt8] = [0]
    block.append(little: UInt16(truncatingIfNeeded: bytes.count))
    block.append(little: ~UInt16(truncatingIfNeeded: bytes.count))
    return block + bytes
  }

  /// Writes the directory of the entries. The file itself is finished by its owner.
  func finish() throws(KernelError) {
    let start = output.count
    for entry in entries { try output.write(centralHeader(entry)) }
    let size = output.count - start
    var end = [UInt8]()
    if start >= ZipWriter.limit || size >= ZipWriter.limit || entries.contains(where: \.needsZip64) {
      let position = output.count
      end.append(little: UInt32(0x0606_4B50))
      end.append(little: UInt64(44))
      end.append(little: UInt16(45))
      end.append(little: UInt16(45))
      end.append(little: UInt32(0))
      end.append(little: UInt32(0))
      end.append(little: UInt64(entries.count))
      end.append(little: UInt64(entries.count))
      end.append(little: size)
      end.append(little: start)
      end.append(little: UInt32(0x0706_4B50))
      end.append(little: UInt32(0))
      end.append(little: position)
      end.append(little: UInt32(1))
    }
    end.append(little: UInt32(0x0605_4B50))
    end.append(little: UInt32(0))
    end.append(little: UInt16(truncatingIfNeeded: entries.count))
    end.append(little: UInt16(truncatingIfNeeded: entries.count))
    end.append(little: UInt32(min(size, ZipWriter.limit)))
    end.append(little: UInt32(min(start, ZipWriter.limit)))
    end.append(little: UInt16(0))
    try output.write(end)
  }

  private func localHeader(_ entry: Entry) -> [UInt8] {
    var header = [UInt8]()
    header.append(little: UInt32(0x0403_4B50))
    common(entry, &header)
    header.append(little: entry.isLarge ? UInt32.max : UInt32(truncatingIfNeeded: entry.compressed))
    header.append(little: entry.isLarge ? UInt32.max : UInt32(truncatingIfNeeded: entry.size))
    header.append(little: UInt16(entry.name.count))
    header.append(little: UInt16(entry.isLarge ? 20 : 0))
    header += entry.name
    if entry.isLarge {
      header.append(little: UInt16(1))
      header.append(little: UInt16(16))
      header.append(little: entry.size)
      header.append(little: entry.compressed)
    }
    return header
  }

  private func centralHeader(_ entry: Entry) -> [UInt8] {
    var header = [UInt8]()
    header.append(little: UInt32(0x0201_4B50))
    // Made by version 4.5 on Unix, so that the mode below is understood.
    header.append(little: UInt16(3 << 8 | 45))
    common(entry, &header)
    let zip64 = entry.needsZip64
    header.append(little: zip64 ? UInt32.max : UInt32(truncatingIfNeeded: entry.compressed))
    header.append(little: zip64 ? UInt32.max : UInt32(truncatingIfNeeded: entry.size))
    header.append(little: UInt16(entry.name.count))
    header.append(little: UInt16(zip64 ? 28 : 0))
    header.append(little: UInt16(0))
    header.append(little: UInt16(0))
    header.append(little: UInt16(0))
    header.append(little: UInt32(0o100644) << 16)
    header.append(little: zip64 ? UInt32.max : UInt32(truncatingIfNeeded: entry.offset))
    header += entry.name
    if zip64 {
      header.append(little: UInt16(1))
      header.append(little: UInt16(24))
      header.append(little: entry.size)
      header.append(little: entry.compressed)
      header.append(little: entry.offset)
    }
    return header
  }

  /// Version, flags, method, time and CRC, which both headers have alike. The time is the first that ZIP knows:
  /// 1980-01-01 00:00.
  private func common(_ entry: Entry, _ header: inout [UInt8]) {
    header.append(little: UInt16(entry.needsZip64 ? 45 : 20))
    header.append(little: UInt16(0))
    header.append(little: UInt16(8))
    header.append(little: UInt16(0))
    header.append(little: UInt16(1 << 5 | 1))
    header.append(little: entry.crc)
  }
}
