import CCrypt
import Glibc
import Kernel

/// A salted slow hash of the operator's PIN, as crypt(5) writes it: what the configuration holds instead of the PIN.
///
/// New ones are yescrypt, which needs time and memory (16 MiB for a moment); the system's `mkpasswd` makes others that are
/// taken as well.
public struct PINHash: Equatable, Sendable {
  /// In the form of crypt(5): method, cost, salt and hash.
  public let text: String

  /// The methods that are slow enough: yescrypt, gost-yescrypt, scrypt, bcrypt, sha512crypt.
  static let methods = ["$y$", "$gy$", "$7$", "$2b$", "$2y$", "$6$"]

  /// The hash in a configuration file, or nil for what is none, is cut off, or is of a method that is too quick (crypt(5):
  /// DES, MD5, SHA-1, NT).
  public init?(_ text: String) {
    guard PINHash.methods.contains(where: text.hasPrefix), text.utf8.count < Int(CRYPT_OUTPUT_SIZE),
      crypt_checksalt(text) == CRYPT_SALT_OK,
      // The hash itself is 43 characters of base 64 or more; bcrypt's stands behind its salt of 22.
      let last = text.split(separator: "$", omittingEmptySubsequences: false).last, last.utf8.count >= 43
    else { return nil }
    self.text = text
  }

  /// Hashes a PIN with a new salt from the kernel's random numbers. It takes some tens of milliseconds.
  ///
  /// - Throws: ``KernelError`` when the C library cannot.
  public init(of pin: String) throws(KernelError) {
    // The method and the cost that libxcrypt's authors recommend: count 0.
    guard let setting = crypt_gensalt_ra("$y$", 0, nil, 0) else {
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
