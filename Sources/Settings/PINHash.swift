import CCrypt
import Glibc
import Kernel

/// A salted slow hash of the operator's PIN, as crypt(5) writes it: what the configuration holds instead of the PIN.
///
/// New ones are yescrypt with 4 MiB; the system's `mkpasswd` makes others, with up to 16 MiB, that are taken as well. The memory is
/// needed for a moment while a PIN is looked at, on top of the panel's own 20 MB, and a service has a limit: a hash that
/// needs more would let the kernel end the panel at the operator's first digit. More would not help either: what guards a number
/// of four digits is the wait after wrong ones (``PINTries``), and whoever has the hash tries ten thousand numbers in minutes
/// at any cost, so the configuration is the panel's alone to read.
public struct PINHash: Equatable, Sendable {
  /// In the form of crypt(5): method, cost, salt and hash.
  public let text: String

  /// The methods that are slow enough: yescrypt, gost-yescrypt, scrypt, bcrypt, sha512crypt.
  static let methods = ["$y$", "$gy$", "$7$", "$2b$", "$2y$", "$6$"]
  /// The most memory that the check of a PIN may take, in bytes: what `mkpasswd` takes by itself.
  public static let memoryLimit = 16 << 20

  /// The hash in a configuration file, or nil for what is none, is cut off, is of a method that is too quick (crypt(5):
  /// DES, MD5, SHA-1, NT), or needs more than ``memoryLimit``.
  public init?(_ text: String) {
    guard PINHash.methods.contains(where: text.hasPrefix), text.utf8.count < Int(CRYPT_OUTPUT_SIZE),
      crypt_checksalt(text) == CRYPT_SALT_OK, let memory = PINHash.memory(of: text),
      memory <= PINHash.memoryLimit,
      // The hash itself is 43 characters of base 64 or more; bcrypt's stands behind its salt of 22.
      let last = text.split(separator: "$", omittingEmptySubsequences: false).last, last.utf8.count >= 43
    else { return nil }
    self.text = text
  }

  /// Hashes a PIN with a new salt from the kernel's random numbers. It takes about ten milliseconds on a fast processor.
  ///
  /// - Throws: ``KernelError`` when the C library cannot.
  public init(of pin: String) throws(KernelError) {
    // Cost 3 of 1 to 11 is 4 MiB (libxcrypt, gensalt_yescrypt_rn: N is 2^(cost + 7) and r 32); the usual 5 is 16 MiB.
    guard let setting = crypt_gensalt_ra("$y$", 3, nil, 0) else {
      throw KernelError("make", "a salt", errno: errno)
    }
    defer { free(setting) }
    guard let text = PINHash.crypt(pin, String(cString: setting)), let hash = PINHash(text) else {
      throw KernelError("hash", "the PIN", errno: errno, next: "update libcrypt to libxcrypt 4.4 or newer")
    }
    self = hash
  }

  /// Whether this is the hash of `pin`. It takes as long as it is meant to: never call it where a touch is waited for.
  public func matches(_ pin: String) -> Bool {
    guard let other = PINHash.crypt(pin, text) else { return false }
    // Every byte is looked at, so that the time tells nothing.
    let (a, b) = (Array(text.utf8), Array(other.utf8))
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// What the check of a PIN against a hash takes for a moment, in bytes: 128 r N for the methods that need memory; nil where the
  /// parameters cannot be read, or are larger than any that are of use.
  static func memory(of text: String) -> Int? {
    let fields = text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
    guard fields.count > 2 else { return nil }
    let values = fields[2].map(PINHash.value)
    let (logarithm, blocks): (Int?, Int?)
    switch String(Substring(fields[1])) {
    case "y", "gy":
      // Flavour, log2 N and r, each one less than it says; from 48 on a number has more characters than one
      // (yescrypt-common.c, decode64_uint32).
      guard values.count >= 3 else { return nil }
      (logarithm, blocks) = (values[1].map { $0 + 1 }, values[2].map { $0 + 1 })
      guard let blocks, blocks <= 48 else { return nil }
    case "7":
      // log2 N, and r in five characters of six bits, the lowest first.
      guard values.count >= 6 else { return nil }
      logarithm = values[0]
      blocks = values[1...5].reversed().reduce(0) { sum, value in
        guard let sum, let value else { return nil }
        return sum << 6 | value
      }
    default: return 0
    }
    guard let logarithm, let blocks, logarithm < 30, blocks < 1 << 20 else { return nil }
    return 128 * blocks << logarithm
  }

  /// A character of crypt(5)'s base 64.
  private static func value(_ character: UInt8) -> Int? {
    switch character {
    case UInt8(ascii: "."): 0
    case UInt8(ascii: "/"): 1
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(character - UInt8(ascii: "0")) + 2
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(character - UInt8(ascii: "A")) + 12
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(character - UInt8(ascii: "a")) + 38
    default: nil
    }
  }

  private static func crypt(_ phrase: String, _ setting: String) -> String? {
    var data: UnsafeMutableRawPointer?
    var size: Int32 = 0
    defer {
      // crypt_ra(3): what it allocated is ours; the phrase is in it.
      if let data {
        memset(data, 0, Int(size))
        free(data)
      }
    }
    guard let hash = crypt_ra(phrase, setting, &data, &size) else { return nil }
    return String(cString: hash)
  }
}
