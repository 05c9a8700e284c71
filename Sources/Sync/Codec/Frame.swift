import Spool

/// What one end says to the other, as a value. Byte by byte it is described in PROTOCOL.md.
public enum Frame: Equatable, Sendable {
  /// Who I am. The first frame of each end.
  case hello(Hello)
  /// I am here, and wait for another that is at the store.
  case wait
  /// What was withdrawn.
  case tombstones([Tombstone])
  /// Visitors whose names were dropped for good; from version 2 on.
  case names([Identifier])
  /// The collector has all up to one of these rows, the newest first. With it the offers may begin.
  case marks([Mark])
  /// Samples that may be had; batches count from 0.
  case offer(batch: UInt32, [Offer])
  /// Which of a batch's offers the collector asks for: one for each of them.
  case want(batch: UInt32, [Bool])
  /// A record that was asked for, by its place in the batch.
  case record(batch: UInt32, index: Int, name: String?, CarriedRecord)
  /// A record that was asked for and cannot be given; with the reason.
  case gone(batch: UInt32, index: Int, reason: String)
  /// What became of a batch at the collector: durable when this is said.
  case answer(batch: UInt32, [Answer])
  /// The store has noted that answer: so many receipts are new.
  case marked(batch: UInt32, count: Int)
  /// A sentence for the person at the other end; the sync goes on.
  case notice(String)
  /// That was all.
  case done(offered: UInt64)
  /// I have done my part.
  case bye
  /// I cannot go on.
  case refusal(RefusalCode, String)

  /// Sent first by each end, before any frame. As in PNG, the first byte is no ASCII and the line ends tell a transfer that
  /// changed them.
  public static let magic: [UInt8] = [0x89, 0x44, 0x50, 0x59, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The number of a kind of frame.
  enum Kind: UInt8, CaseIterable {
    case hello = 1
    case wait, tombstones, marks, offer, want, record, gone, answer, marked, done, bye, refusal, notice
    case names

    /// The most bytes of a payload of this kind.
    var limit: Int { self == .record ? SampleRecord.maximumLength + Frame.nameLimit + 8 : Frame.smallLimit }
  }

  /// The most bytes of a payload that holds no record.
  static let smallLimit = 128 << 10
  /// The most offers of a batch, and tombstones or visitors of a frame.
  static let listLimit = 1024
  /// The most bytes of a visitor's name: 40 characters of 12 code points.
  static let nameLimit = 2048
  /// The most bytes of a reason or a sentence.
  static let sentenceLimit = 1024
  /// Bytes around a payload: kind, length, checksum.
  static let overhead = 9

  /// What it is called in a complaint.
  var title: String { "a frame \"\(kind)\"" }

  var kind: Kind {
    switch self {
    case .hello: .hello
    case .wait: .wait
    case .tombstones: .tombstones
    case .names: .names
    case .marks: .marks
    case .offer: .offer
    case .want: .want
    case .record: .record
    case .gone: .gone
    case .answer: .answer
    case .marked: .marked
    case .done: .done
    case .bye: .bye
    case .refusal: .refusal
    case .notice: .notice
    }
  }
}

/// What became of one sample of a batch.
public struct Answer: Equatable, Sendable {
  public let id: Identifier
  public let hash: Digest
  public let settlement: Settlement

  public init(id: Identifier, hash: Digest, settlement: Settlement) {
    self.id = id
    self.hash = hash
    self.settlement = settlement
  }
}
