import Randomness
import Testing

@testable import Spool

@Suite("Verdicts")
struct VerdictTests {
  private func store(_ scratch: Scratch, _ predictions: [Prediction?]) throws -> (Store, [Sample]) {
    var generator = SplitMix64(seed: 120)
    let store = try Store.open(directory: scratch.path)
    let samples = predictions.map { prediction in
      var sample = Drawings.sample(using: &generator)
      sample.prediction = prediction
      return sample
    }
    for sample in samples { try store.append(sample) }
    return (store, samples)
  }

  @Test("the last verdict counts, the same again changes nothing, and the record stays as it is")
  func repeated() throws {
    let scratch = try Scratch()
    let (store, samples) = try store(scratch, [Drawings.prediction, Drawings.prediction, nil])
    let hash = try store.connection.blob("SELECT hash FROM samples WHERE id = 1")
    let stranger = Identifier.random()
    let list: [(id: Identifier, verdict: Verdict)] = [
      (samples[0].id, .reject), (samples[1].id, .relabel(3)), (stranger, .accept),
    ]
    let first = try store.give(list)
    #expect(first.changed == 2 && first.unchanged == 0 && first.unknown == [stranger])
    let again = try store.give(list)
    #expect(again.changed == 0 && again.unchanged == 2)
    #expect(try store.give([(samples[0].id, .accept)]).changed == 1)
    let counts = try store.verdictCounts()
    #expect(
      counts.accepted == 1 && counts.rejected == 0 && counts.relabelled == 1 && counts.unreviewed == 1)
    #expect(try store.connection.blob("SELECT hash FROM samples WHERE id = 1") == hash)
  }

  @Test("a new label that is the old one is an acceptance")
  func sameLabel() throws {
    let scratch = try Scratch()
    let (store, samples) = try store(scratch, [nil])
    #expect(try store.give([(samples[0].id, .relabel(7))]).changed == 1)
    #expect(try store.verdictCounts().accepted == 1)
    #expect(try store.give([(samples[0].id, .accept)]).unchanged == 1)
  }

  @Test("a verdict goes with its drawing")
  func deleted() throws {
    let scratch = try Scratch()
    let (store, samples) = try store(scratch, [nil, nil])
    _ = try store.give(samples.map { ($0.id, .accept) })
    try store.connection.run("DELETE FROM samples WHERE id = 1")
    #expect(try store.verdictCounts().accepted == 1)
  }

  @Test("the worst disagreement comes first, then what was unsure, then what nothing read, then agreement")
  func order() throws {
    func prediction(_ digit: Int, _ sure: UInt32, rejection: UInt32 = 0) -> Prediction? {
      let rest = (65536 - sure) / 9
      return Prediction(
        probabilities: (0..<10).map { $0 == digit ? 65536 - 9 * rest : rest }, rejection: rejection)
    }
    let scratch = try Scratch()
    let (store, samples) = try store(
      scratch,
      [
        prediction(7, 65536), nil, prediction(1, 65000), prediction(7, 30000), prediction(1, 30000),
        prediction(1, 65000, rejection: 60000),
      ])
    func order(limit: Int = 10, reviewed: Bool = false) throws -> [Int] {
      var order: [Int] = []
      try store.reviewCandidates(limit: limit, reviewed: reviewed) { candidate in
        order.append(samples.firstIndex { $0.id == candidate.id } ?? -1)
        return true
      }
      return order
    }
    #expect(try order() == [2, 4, 5, 1, 3, 0])
    #expect(try order(limit: 2) == [2, 4])
    _ = try store.give([(samples[2].id, .reject)])
    #expect(try order(limit: 2) == [4, 5])
    #expect(try order(limit: 1, reviewed: true) == [2])
    // In place of one that is not taken the next one comes, until there are no more.
    for (limit, taken) in [(1, [5]), (2, [5, 3]), (3, [5, 3, 0]), (9, [5, 3, 0])] {
      var order: [Int] = []
      try store.reviewCandidates(limit: limit, reviewed: true) { candidate in
        let place = samples.firstIndex { $0.id == candidate.id } ?? -1
        guard ![1, 2, 4].contains(place) else { return false }
        order.append(place)
        return true
      }
      #expect(order == taken)
    }
  }

  @Test("eight digits of an id are enough, where only one drawing begins so")
  func prefixes() throws {
    let scratch = try Scratch()
    let (store, samples) = try store(scratch, [nil, nil])
    let text = samples[1].id.description
    #expect(try store.sample(beginningWith: String(text.prefix(8))) == samples[1].id)
    #expect(try store.sample(beginningWith: String(text.prefix(20)).uppercased()) == samples[1].id)
    #expect(try store.sample(beginningWith: String(text.prefix(7))) == nil)
    #expect(try store.sample(beginningWith: "ffffffff-0000") == nil)
    #expect(try store.sample(beginningWith: "no digits") == nil)
  }
}
