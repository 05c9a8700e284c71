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
  private let deflater = Deflater()

  /// Sizes and offsets from here on do not fit 32 bits.
  private static let limit: UInt64 = 0xFFFF_FFFF

  init(_ output: OutputFile) {
    self.output = output
  }

  /// Begins an entry, after the one before has been ended.
  ///
  /// - Parameter size: bytes that will be written to it; it decides whether the sizes need 64 bits.
  func begin(_ name: String, size: UInt64) throws(KernelError) {
    // Deflate can make incompressible bytes a little longer (RFC 1951): the margin keeps both sizes on one side.
    let entry = Entry(
      name: Array(name.utf8), offset: output.count, isLarge: size >= ZipWriter.limit - 1 << 26)
    entries.append(entry)
    try output.write(localHeader(entry))
    try deflater.begin()
  }

  /// Adds bytes to the entry.
  func write(_ bytes: some Collection<UInt8>) throws(KernelError) {
    let last = entries.count - 1
    let whole = Array(bytes)
    entries[last].crc = UInt32(truncatingIfNeeded: crc32_z(UInt(entries[last].crc), whole, whole.count))
    entries[last].size += UInt64(whole.count)
    try pass(whole, finish: false)
  }

  /// Ends the entry and writes its sizes into its header.
  func end() throws(KernelError) {
    try pass([], finish: true)
    let entry = entries[entries.count - 1]
    try output.patch(localHeader(entry), at: entry.offset)
  }

  /// Writes the directory of the entries. The file itself is finished by its owner.
  func finish() throws(KernelError) {
    let start = output.count
    for entry in entries { try output.write(centralHeader(entry)) }
    let size = output.count - start
    var end = ByteWriter()
    if start >= ZipWriter.limit || size >= ZipWriter.limit || entries.contains(where: \.needsZip64) {
      let position = output.count
      end.write(UInt32(0x0606_4B50))
      end.write(UInt64(44))
      end.write(UInt16(45))
      end.write(UInt16(45))
      end.write(UInt32(0))
      end.write(UInt32(0))
      end.write(UInt64(entries.count))
      end.write(UInt64(entries.count))
      end.write(size)
      end.write(start)
      end.write(UInt32(0x0706_4B50))
      end.write(UInt32(0))
      end.write(position)
      end.write(UInt32(1))
    }
    end.write(UInt32(0x0605_4B50))
    end.write(UInt32(0))
    end.write(UInt16(truncatingIfNeeded: entries.count))
    end.write(UInt16(truncatingIfNeeded: entries.count))
    end.write(UInt32(min(size, ZipWriter.limit)))
    end.write(UInt32(min(start, ZipWriter.limit)))
    end.write(UInt16(0))
    try output.write(end.bytes)
  }

  private func pass(_ bytes: [UInt8], finish: Bool) throws(KernelError) {
    let last = entries.count - 1
    try deflater.pass(bytes, finish: finish) { (piece: ArraySlice<UInt8>) throws(KernelError) in
      entries[last].compressed += UInt64(piece.count)
      try output.write(piece)
    }
  }

  private func localHeader(_ entry: Entry) -> [UInt8] {
    var header = ByteWriter()
    header.write(UInt32(0x0403_4B50))
    common(entry, &header)
    header.write(entry.isLarge ? UInt32.max : UInt32(truncatingIfNeeded: entry.compressed))
    header.write(entry.isLarge ? UInt32.max : UInt32(truncatingIfNeeded: entry.size))
    header.write(UInt16(entry.name.count))
    header.write(UInt16(entry.isLarge ? 20 : 0))
    header.write(entry.name)
    if entry.isLarge {
      header.write(UInt16(1))
      header.write(UInt16(16))
      header.write(entry.size)
      header.write(entry.compressed)
    }
    return header.bytes
  }

  private func centralHeader(_ entry: Entry) -> [UInt8] {
    var header = ByteWriter()
    header.write(UInt32(0x0201_4B50))
    // Made by version 4.5 on Unix, so that the mode below is understood.
    header.write(UInt16(3 << 8 | 45))
    common(entry, &header)
    let zip64 = entry.needsZip64
    header.write(zip64 ? UInt32.max : UInt32(truncatingIfNeeded: entry.compressed))
    header.write(zip64 ? UInt32.max : UInt32(truncatingIfNeeded: entry.size))
    header.write(UInt16(entry.name.count))
    header.write(UInt16(zip64 ? 28 : 0))
    header.write(UInt16(0))
    header.write(UInt16(0))
    header.write(UInt16(0))
    header.write(UInt32(0o100644) << 16)
    header.write(zip64 ? UInt32.max : UInt32(truncatingIfNeeded: entry.offset))
    header.write(entry.name)
    if zip64 {
      header.write(UInt16(1))
      header.write(UInt16(24))
      header.write(entry.size)
      header.write(entry.compressed)
      header.write(entry.offset)
    }
    return header.bytes
  }

  /// Version, flags, method, time and CRC, which both headers have alike. The time is the first that ZIP knows:
  /// 1980-01-01 00:00.
  private func common(_ entry: Entry, _ header: inout ByteWriter) {
    header.write(UInt16(entry.needsZip64 ? 45 : 20))
    header.write(UInt16(0))
    header.write(UInt16(8))
    header.write(UInt16(0))
    header.write(UInt16(1 << 5 | 1))
    header.write(entry.crc)
  }
}
