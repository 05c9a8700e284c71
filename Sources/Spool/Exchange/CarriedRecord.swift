/// A record on its way from one store to another: its bytes, and what they say.
public struct CarriedRecord: Sendable {
  public let bytes: [UInt8]
  private var said: Result<Sample, RecordError>?

  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Takes the bytes apart now, so that a thread which has more to do need not.
  public mutating func read() {
    if said == nil { said = CarriedRecord.read(bytes) }
  }

  /// The sample in the record, without its drawing.
  ///
  /// - Throws: ``RecordError`` for anything else than a whole and sound record.
  public func sample() throws(RecordError) -> Sample {
    try (said ?? CarriedRecord.read(bytes)).get()
  }

  private static func read(_ bytes: [UInt8]) -> Result<Sample, RecordError> {
    Result { () throws(RecordError) in
      var sample = try SampleRecord.decode(bytes)
      // It was looked at; what is stored of it are the bytes.
      sample.strokes = []
      sample.png = []
      return sample
    }
  }
}

extension CarriedRecord: Equatable {
  public static func == (one: CarriedRecord, other: CarriedRecord) -> Bool { one.bytes == other.bytes }
}
