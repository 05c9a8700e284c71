extension Identifier {
  /// The identifier of something that had none, always the same for the same content: 122 bits of the SHA-256 of its parts,
  /// as a UUID of version 8 (RFC 9562, section 5.8; version 5 does the same with SHA-1).
  ///
  /// - Parameters:
  ///   - kind: what is named, so that two things of different kinds never share a name.
  ///   - parts: its content; each is hashed with its length, so that no two lists of parts run together.
  public init(derivedFrom kind: String, _ parts: [[UInt8]]) {
    var message = ByteWriter()
    for part in [Array("digit-panel".utf8), Array(kind.utf8)] + parts {
      message.write(UInt32(part.count))
      message.write(part)
    }
    let hash = Digest(of: message.bytes).bytes
    let halves = [hash[0..<8], hash[8..<16]].map { $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
    self.init(
      high: halves[0] & 0xFFFF_FFFF_FFFF_0FFF | 0x8000,
      low: halves[1] & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
  }

  /// The id of a drawing that is taken from a data set which says this one: the same UUID as one of version 8. That of an import is
  /// the same again, so a drawing has one however many data sets it went through.
  public var imported: Identifier { Identifier(high: high & 0xFFFF_FFFF_FFFF_0FFF | 0x8000, low: low) }

  /// The id of the panel's own drawing that came into a data set and back with this one: the same UUID as one of version 4.
  public var recorded: Identifier { Identifier(high: high & 0xFFFF_FFFF_FFFF_0FFF | 0x4000, low: low) }

  /// Whether it may be the id of an import.
  public var isImported: Bool { self == imported }

  /// The id of the same drawing as an import, or of an import as its panel recorded it: who withdraws one means the other too.
  public var otherForm: Identifier { isImported ? recorded : imported }
}
