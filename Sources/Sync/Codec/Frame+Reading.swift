import Spool

extension Frame {
  /// Reads a payload.
  ///
  /// - Throws: ``SyncError/malformed(_:)`` when the payload does not say what its kind must say, no more and no less; a
  ///   hello alone may be longer.
  init(_ kind: Kind, _ payload: ArraySlice<UInt8>) throws(SyncError) {
    var reader = ByteReader(payload)
    guard let frame = Frame.read(kind, &reader) else {
      throw .malformed("a frame \"\(kind)\" of \(payload.count) bytes says nothing that makes sense")
    }
    guard reader.remaining == 0 || kind == .hello else {
      throw .malformed("a frame \"\(kind)\" has \(reader.remaining) bytes too many")
    }
    self = frame
  }

  private static func read(_ kind: Kind, _ reader: inout ByteReader) -> Frame? {
    switch kind {
    case .hello: Hello(&reader).map(Frame.hello)
    case .wait: .wait
    case .bye: .bye
    case .tombstones: list(&reader, listLimit, Tombstone.init).map(Frame.tombstones)
    case .names: list(&reader, listLimit) { $0.identifier() }.map(Frame.names)
    case .marks: list(&reader, Mark.limit, Mark.init).map(Frame.marks)
    case .offer: batch(&reader) { list(&$0, listLimit, Offer.init) }.map { .offer(batch: $0, $1) }
    case .want: batch(&reader, wanted).map { .want(batch: $0, $1) }
    case .record: readRecord(&reader)
    case .gone:
      batch(&reader) { reader in
        reader.read(UInt16.self).flatMap { index in
          reader.text(limit: sentenceLimit).map { (Int(index), $0) }
        }
      }.map { .gone(batch: $0, index: $1.0, reason: $1.1) }
    case .answer: batch(&reader) { list(&$0, listLimit, Answer.init) }.map { .answer(batch: $0, $1) }
    case .marked: batch(&reader) { $0.read(UInt32.self) }.map { .marked(batch: $0, count: Int($1)) }
    case .notice: reader.text(limit: sentenceLimit).map(Frame.notice)
    case .done: reader.read(UInt64.self).map { .done(offered: $0) }
    case .refusal:
      reader.read(UInt8.self).flatMap { code in
        reader.text(limit: sentenceLimit).map { .refusal(RefusalCode(rawValue: code) ?? .other, $0) }
      }
    }
  }

  private static func batch<Rest>(
    _ reader: inout ByteReader, _ rest: (inout ByteReader) -> Rest?
  ) -> (UInt32, Rest)? {
    guard let batch = reader.read(UInt32.self), let rest = rest(&reader) else { return nil }
    return (batch, rest)
  }

  private static func list<Element>(
    _ reader: inout ByteReader, _ limit: Int, _ element: (inout ByteReader) -> Element?
  ) -> [Element]? {
    guard let count = reader.read(UInt16.self), count <= limit else { return nil }
    var elements: [Element] = []
    for _ in 0..<count {
      guard let element = element(&reader) else { return nil }
      elements.append(element)
    }
    return elements
  }

  private static func wanted(_ reader: inout ByteReader) -> [Bool]? {
    guard let count = reader.read(UInt16.self).map(Int.init), count <= listLimit,
      let bits = reader.read((count + 7) / 8)
    else { return nil }
    return (0..<count).map { bits[bits.startIndex + $0 / 8] >> UInt8($0 % 8) & 1 == 1 }
  }

  private static func readRecord(_ reader: inout ByteReader) -> Frame? {
    guard let batch = reader.read(UInt32.self), let index = reader.read(UInt16.self),
      let name = reader.text(limit: nameLimit), let bytes = reader.read(reader.remaining)
    else { return nil }
    return .record(
      batch: batch, index: Int(index), name: name.isEmpty ? nil : name, CarriedRecord(Array(bytes)))
  }
}

extension Tombstone {
  init?(_ reader: inout ByteReader) {
    guard let id = reader.identifier(), let kind = reader.read(UInt8.self), kind <= 1,
      let wall = reader.read(Int64.self)
    else { return nil }
    self.init(id: id, kind: kind == 0 ? .session : .sample, wall: wall)
  }
}

extension Mark {
  init?(_ reader: inout ByteReader) {
    guard let row = reader.read(Int64.self), let id = reader.identifier() else { return nil }
    self.init(row: row, id: id)
  }
}

extension Offer {
  init?(_ reader: inout ByteReader) {
    guard let row = reader.read(Int64.self), let id = reader.identifier(),
      let length = reader.read(UInt32.self), let hash = reader.digest()
    else { return nil }
    self.init(row: row, id: id, length: Int(length), hash: hash)
  }
}

extension Answer {
  init?(_ reader: inout ByteReader) {
    guard let id = reader.identifier(), let hash = reader.digest(),
      let settlement = reader.read(UInt8.self).flatMap(Settlement.init(rawValue:))
    else { return nil }
    self.init(id: id, hash: hash, settlement: settlement)
  }
}
