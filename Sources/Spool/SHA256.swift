import CNettle

/// SHA-256 (FIPS 180-4) of bytes that come one after the other, by Nettle.
///
/// Every record is hashed when it is stored, sent, taken, exported or uploaded, so the library counts. A record of 3,000 bytes
/// took, on an x86 processor with SHA instructions (EPYC, 2.45 GHz): libmd 15.7 µs, Nettle 2.2 µs, libgcrypt 2.0 µs, OpenSSL
/// 2.0 µs, and 2.1 µs by its newer interface. Nettle is 0.3 MB and needs nothing but libc; libgcrypt is 1.3 MB and OpenSSL's
/// libcrypto 4.7 MB, too much for the panel. It chooses its code by what the processor can.
struct SHA256 {
  private var context = sha256_ctx()

  init() {
    nettle_sha256_init(&context)
  }

  mutating func update(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = bytes.baseAddress else { return }
    nettle_sha256_update(&context, bytes.count, start)
  }

  /// The hash of all that came; it begins anew after that.
  mutating func finish() -> Digest {
    Digest(
      finished: [UInt8](unsafeUninitializedCapacity: Digest.length) { bytes, count in
        guard let start = bytes.baseAddress else { return }
        nettle_sha256_whole_digest(&context, start)
        count = Digest.length
      })
  }
}
