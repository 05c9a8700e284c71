import Randomness
import Spool
import Testing

@testable import Sync

/// In which order the panel's end says what it has to say.
@Suite("A panel's end that offers")
struct ServingTests {
  /// A panel with so many batches of one drawing, up to its first offer.
  private func serving(_ batches: Int, isOneWay: Bool = false) throws -> Serving {
    var generator = SplitMix64(seed: 61)
    let store = MemoryStore(Identifier(using: &generator))
    store.offersAtOnce = 1
    store.draw(batches, using: &generator)
    var serving = Serving(store, isOneWay: isOneWay)
    guard case .hello? = try serving.next() else { throw Failed("no hello") }
    if !isOneWay {
      let collector = MemorySink(MemoryStore(Identifier(using: &generator)))
      try serving.receive(.hello(collector.hello()))
      try serving.receive(.marks([]))
    }
    return serving
  }

  /// All that it says now, in short.
  private func said(_ serving: inout Serving) throws -> [String] {
    var said: [String] = []
    while let frame = try serving.next() {
      switch frame {
      case .offer(let batch, _): said.append("offer \(batch)")
      case .record(let batch, _, _, _): said.append("record \(batch)")
      default: said.append("\(frame.kind)")
      }
    }
    return said
  }

  @Test("offers go ahead of the records that were wanted before, and never more than four batches are open")
  func ahead() throws {
    var serving = try serving(7)
    #expect(try said(&serving) == ["offer 0", "offer 1"])
    try serving.receive(.want(batch: 0, [true]))
    #expect(try said(&serving) == ["offer 2", "record 0"])
    try serving.receive(.want(batch: 1, [true]))
    try serving.receive(.want(batch: 2, [true]))
    // With 0, 1 and 2 unanswered there is room for one.
    #expect(try said(&serving) == ["offer 3", "record 1", "record 2"])
    try serving.receive(.want(batch: 3, [true]))
    #expect(try said(&serving) == ["record 3"])
    #expect(try said(&serving) == [])
  }

  @Test("in a file each batch's records stand behind its offer, as every reader of files has taken them")
  func file() throws {
    // A batch of a file is as long as one may be.
    var serving = try serving(SyncLimits.batchOffers + 6, isOneWay: true)
    let told = try said(&serving)
    #expect(told.first == "offer 0" && told[1...SyncLimits.batchOffers].allSatisfy { $0 == "record 0" })
    #expect(told.dropFirst(1 + SyncLimits.batchOffers).first == "offer 1")
    #expect(told.suffix(8) == [String](repeating: "record 1", count: 6) + ["done", "bye"])
  }
}
