import CZlib
import Kernel

/// Reads the files of public data sets, as they are or compressed by gzip.
enum DataSetFile {
  /// Bytes of the longest file that is read, after decompression.
  static let sizeLimit = 1 << 29

  /// The whole of a file; a gzip file (RFC 1952) is decompressed.
  static func contents(_ path: String) throws(KernelError) -> [UInt8] {
    let bytes = try contentsOfFile(path, limit: sizeLimit)
    guard bytes.starts(with: [0x1F, 0x8B]) else { return bytes }
    return try decompressed(bytes, path)
  }

  private static func decompressed(_ bytes: [UInt8], _ path: String) throws(KernelError) -> [UInt8] {
    var stream = z_stream()
    // 15 bits of window, and 16 for the gzip form.
    guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw KernelError("decompress", path, reason: "zlib cannot begin")
    }
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var output: [UInt8] = []
    var code = Z_OK
    // zlib keeps a pointer to the stream only between these two calls, in which it does not move.
    bytes.withUnsafeBufferPointer { input in
      // next_in is not const for old compilers only: inflate does not write to it.
      stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.avail_in = UInt32(input.count)
      while code == Z_OK, output.count <= sizeLimit {
        piece.withUnsafeMutableBufferPointer { room in
          stream.next_out = room.baseAddress
          stream.avail_out = UInt32(room.count)
          code = inflate(&stream, Z_NO_FLUSH)
        }
        output += piece[..<(piece.count - Int(stream.avail_out))]
        // A file may be made of several streams, one after the other.
        if code == Z_STREAM_END, stream.avail_in > 0 { code = inflateReset(&stream) }
      }
    }
    inflateEnd(&stream)
    guard output.count <= sizeLimit else {
      throw KernelError("decompress", path, reason: "it becomes larger than \(sizeLimit) bytes")
    }
    guard code == Z_STREAM_END else {
      throw KernelError("decompress", path, reason: "the gzip file is damaged or cut off")
    }
    return output
  }
}
