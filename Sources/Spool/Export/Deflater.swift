import CZlib
import Kernel

/// A raw deflate stream (RFC 1951) by zlib, used for one entry after the other.
final class Deflater {
  private let stream: UnsafeMutablePointer<z_stream>
  private var isReady = false
  private var piece = [UInt8](repeating: 0, count: 1 << 16)

  init() {
    // zlib keeps a pointer to the stream within its state, so the stream must not move.
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
  }

  deinit {
    if isReady { deflateEnd(stream) }
    stream.deallocate()
  }

  /// Begins a new stream.
  func begin() throws(KernelError) {
    let code =
      isReady
      ? deflateReset(stream)
      : deflateInit2_(
        stream, 6, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else { throw KernelError("compress", "the data set", reason: "zlib error \(code)") }
    isReady = true
  }

  /// Compresses bytes, and gives `take` what comes out.
  func pass(
    _ bytes: [UInt8], finish: Bool, _ take: (ArraySlice<UInt8>) throws(KernelError) -> Void
  ) throws(KernelError) {
    var offset = 0
    repeat {
      // zlib counts in 32 bits.
      let count = min(bytes.count - offset, 1 << 30)
      let isLast = offset + count == bytes.count
      var produced = 0
      var code = Z_OK
      var consumed = 0
      bytes.withUnsafeBufferPointer { input in
        piece.withUnsafeMutableBufferPointer { output in
          // zlib's next_in is not const only for old compilers: deflate does not write to it.
          stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.advanced(by: offset))
          stream.pointee.avail_in = UInt32(count)
          stream.pointee.next_out = output.baseAddress
          stream.pointee.avail_out = UInt32(output.count)
          code = deflate(stream, finish && isLast ? Z_FINISH : Z_NO_FLUSH)
          produced = output.count - Int(stream.pointee.avail_out)
          consumed = count - Int(stream.pointee.avail_in)
        }
      }
      guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
        throw KernelError("compress", "the data set", reason: "zlib error \(code)")
      }
      offset += consumed
      try take(piece[..<produced])
      if code == Z_STREAM_END { return }
      if !finish && offset == bytes.count && produced < piece.count { return }
    } while true
  }
}
