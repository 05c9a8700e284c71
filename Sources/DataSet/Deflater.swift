import CDeflate
import CZlib
import Kernel

/// A piece of a deflate stream (RFC 1951) that ends on a whole byte and refers to nothing before it, so that pieces which were
/// made side by side make one stream when they are put together.
struct DeflatedPiece: Sendable {
  var bytes: [UInt8]
  /// Of the bytes before compression.
  var crc: UInt32
  /// Bytes before compression.
  var count: Int

  /// Ends a stream: an empty last block with fixed codes.
  static let end: [UInt8] = [3, 0]
}

/// Makes pieces of deflate streams by zlib; each thread has one of its own.
final class Deflater {
  private let stream: UnsafeMutablePointer<z_stream>
  private var isReady = false

  /// What is compressed.
  enum Content {
    /// Drawings, 28 x 28: runs of paper and of full ink, and between them grays that never come twice alike. Only runs are looked
    /// for (Z_RLE): 166 bytes an image, where level 1 has 196 and level 6 177, in half the time of level 1.
    case pictures
    /// Columns of numbers and texts: level 1 has a tenth more bytes than level 6, in a third of the time.
    case columns
  }

  init(for content: Content) {
    // zlib keeps a pointer to the stream within its state, so the stream must not move.
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    isReady =
      deflateInit2_(
        stream, 1, Z_DEFLATED, -15, 9, content == .pictures ? Z_RLE : Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size))
      == Z_OK
  }

  deinit {
    if isReady { deflateEnd(stream) }
    stream.deallocate()
  }

  func piece(_ bytes: [UInt8]) throws(KernelError) -> DeflatedPiece {
    // A sync flush ends the block and aligns to a byte; the bound leaves room for its five bytes.
    let room = Int(deflateBound(stream, UInt(bytes.count))) + 16
    guard isReady, deflateReset(stream) == Z_OK, bytes.count < 1 << 30 else {
      throw KernelError("compress", "the data set", reason: "zlib has no memory")
    }
    var code = Z_OK
    let compressed = [UInt8](unsafeUninitializedCapacity: room) { output, count in
      bytes.withUnsafeBufferPointer { input in
        // zlib's next_in is not const only for old compilers: deflate does not write to it.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(room)
        code = deflate(stream, Z_SYNC_FLUSH)
        count = room - Int(stream.pointee.avail_out)
      }
    }
    // An empty piece flushes nothing.
    guard code == Z_OK || (code == Z_BUF_ERROR && bytes.isEmpty), stream.pointee.avail_in == 0 else {
      throw KernelError("compress", "the data set", reason: "zlib error \(code)")
    }
    // zlib's own CRC-32 takes as long as a fifth of the compression; libdeflate's has the processor's carry-less product.
    return DeflatedPiece(
      bytes: compressed, crc: libdeflate_crc32(0, bytes, bytes.count), count: bytes.count)
  }
}
