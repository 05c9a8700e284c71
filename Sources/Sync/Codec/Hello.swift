import Spool

/// The first frame of each end: who it is, and its clocks.
public struct Hello: Equatable, Sendable {
  /// Which part an end plays.
  public enum Role: UInt8, Sendable {
    /// Has samples to give.
    case source = 0
    /// Takes them.
    case collector = 1
  }

  public static let lowestVersion = 1
  /// 2: dropped names.
  public static let highestVersion = 2
  /// The most bytes of a text in it.
  static let textLimit = 200

  /// The versions of the protocol that this end speaks.
  public var versions: ClosedRange<Int>
  public var role: Role
  /// The identity of the store.
  public var store: Identifier
  /// The clocks when it said hello.
  public var time: Timestamp
  /// Samples in the store.
  public var samples: UInt64
  /// Those that no collector has confirmed.
  public var unsent: UInt64
  /// Tombstones in the store, and the SHA-256 over their ids and kinds in the order of the ids: two stores with the same
  /// need not send them.
  public var tombstones: UInt64
  public var tombstoneDigest: Digest
  /// Visitors whose names were dropped for good in the store, and the SHA-256 over their pseudonyms; from version 2 on.
  public var names: UInt64
  public var nameDigest: Digest
  /// What it calls itself: the booth's or the machine's name.
  public var name: String
  public var software: String
  /// In a receipt: the store whose file it answers. Nil elsewhere, and in one that an earlier software wrote.
  public var addressee: Identifier?

  public init(
    versions: ClosedRange<Int> = Hello.spoken, role: Role, store: Identifier,
    time: Timestamp, samples: UInt64, unsent: UInt64, tombstones: UInt64, tombstoneDigest: Digest,
    names: UInt64 = 0, nameDigest: Digest = Hello.emptyDigest, name: String, software: String
  ) {
    self.versions = versions
    self.role = role
    self.store = store
    self.time = time
    self.samples = samples
    self.unsent = unsent
    self.tombstones = tombstones
    self.tombstoneDigest = tombstoneDigest
    self.names = names
    self.nameDigest = nameDigest
    self.name = Hello.cut(name)
    self.software = Hello.cut(software)
  }

  /// The hash over a list with nothing in it.
  public static let emptyDigest = Digest(of: [UInt8]())

  /// The beginning of a text that fits, without half a character.
  static func cut(_ text: String) -> String {
    var kept = ""
    for character in text {
      guard kept.utf8.count + character.utf8.count <= textLimit else { break }
      kept.append(character)
    }
    return kept
  }

  func write(to writer: inout ByteWriter) {
    writer.write(UInt16(clamping: versions.lowerBound))
    writer.write(UInt16(clamping: versions.upperBound))
    writer.write(role.rawValue)
    writer.write(store.bytes)
    writer.write(time.boot.bytes)
    writer.write(time.sinceBoot)
    writer.write(time.wall)
    writer.write(time.quality.rawValue)
    writer.write(samples)
    writer.write(unsent)
    writer.write(tombstones)
    writer.write(tombstoneDigest.bytes)
    writer.write(text: name)
    writer.write(text: software)
    guard versions.upperBound >= 2 else { return }
    writer.write(names)
    writer.write(nameDigest.bytes)
    if let addressee { writer.write(addressee.bytes) }
  }

  /// Reads a hello; what a later version adds behind it is passed over. Nil when it is none.
  init?(_ reader: inout ByteReader) {
    guard let low = reader.read(UInt16.self), let high = reader.read(UInt16.self), low <= high,
      let role = reader.read(UInt8.self).flatMap(Role.init), let store = reader.identifier(),
      let boot = reader.identifier(), let sinceBoot = reader.read(UInt64.self),
      let wall = reader.read(Int64.self),
      let quality = reader.read(UInt8.self).flatMap(ClockQuality.init(rawValue:)),
      let samples = reader.read(UInt64.self), let unsent = reader.read(UInt64.self),
      let tombstones = reader.read(UInt64.self), let digest = reader.digest(),
      let name = reader.text(limit: Hello.textLimit), let software = reader.text(limit: Hello.textLimit)
    else { return nil }
    var (names, nameDigest) = (UInt64(0), Hello.emptyDigest)
    if high >= 2 {
      guard let count = reader.read(UInt64.self), let digest = reader.digest() else { return nil }
      (names, nameDigest) = (count, digest)
    }
    self.init(
      versions: Int(low)...Int(high), role: role, store: store,
      time: Timestamp(wall: wall, quality: quality, boot: boot, sinceBoot: sinceBoot), samples: samples,
      unsent: unsent, tombstones: tombstones, tombstoneDigest: digest, names: names,
      nameDigest: nameDigest, name: name, software: software)
    if role == .collector, high == 2 { addressee = reader.identifier() }
  }
}

extension ByteWriter {
  /// A text: its length in bytes as u16, then UTF-8.
  mutating func write(text: String) {
    let bytes = Array(text.utf8.prefix(Int(UInt16.max)))
    write(UInt16(bytes.count))
    write(bytes)
  }
}

extension ByteReader {
  /// A text as ``ByteWriter`` writes it; nil when it is longer than `limit` bytes. Wrong UTF-8 is replaced.
  mutating func text(limit: Int) -> String? {
    guard let length = read(UInt16.self).map(Int.init), length <= limit, let bytes = read(length) else {
      return nil
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
