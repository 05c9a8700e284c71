import Kernel
import Randomness
import Testing

@testable import Spool

@Suite("What a new store takes over from a damaged one, besides drawings")
struct TakenOverTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Appends a drawing of a visitor who shows a name; whether the name was kept.
  private func keepsName(_ store: Store, seed: UInt64) throws -> Bool {
    var generator = SplitMix64(seed: seed)
    let sample = Drawings.sample(using: &generator)
    try store.append(sample, name: "Carol")
    return try store.connection.text(
      "SELECT name FROM contributors WHERE pseudonym = ?", .blob(sample.contributor)) != nil
  }

  @Test("a store that keeps no names keeps none either after it was replaced")
  func names() throws {
    do {
      let store = try Store.open(directory: scratch.path)
      #expect(try keepsName(store, seed: 1))
      try store.setKeepsNames(false)
      store.directory.noteDamage("for a test")
    }
    let store = try Store.open(directory: scratch.path)
    #expect(try store.findings.count == 1 && !store.keepsNames())
    #expect(try !keepsName(store, seed: 2))
  }

  @Test("nor where it turns out to be damaged while it is used, and the damaged file can no longer tell")
  func namesLater() throws {
    do {
      let store = try Store.open(directory: scratch.path)
      try store.setKeepsNames(false)
    }
    let store = try Store.open(directory: scratch.path)
    let page = try Damage.rootPage(of: "settings", in: scratch.path)
    try Damage.write([UInt8](repeating: 0xFF, count: 4096), to: scratch.path + "/panel.db", at: page)
    try store.recover(because: StoreError(.damaged, "test", scratch.path, reason: "for a test"))
    #expect(try !store.keepsNames() && !keepsName(store, seed: 3))
  }

  @Test("nor where only the salvage could read it")
  func namesBySalvage() throws {
    do {
      let old = try Store.open(directory: scratch.path)
      try old.setKeepsNames(false)
      _ = try old.directory.setAside(time: 7)
    }
    let store = try Store.open(directory: scratch.path)
    #expect(try store.keepsNames())
    _ = try store.salvage(try #require(store.setAside.first))
    #expect(try !store.keepsNames())
  }

  @Test("drawings that were collected and pruned are not missed")
  func pruned() throws {
    var generator = SplitMix64(seed: 4)
    do {
      let old = try Store.open(directory: scratch.path)
      let samples = (0..<7).map { _ in Drawings.sample(using: &generator) }
      for sample in samples { try old.append(sample) }
      try old.connection.run(
        "INSERT INTO acknowledgements SELECT id, ?, ? FROM samples WHERE id <= 5", .blob(.random()),
        .integer(samples[0].time.wall))
      #expect(try old.prune(confirmedBefore: .max).samples == 5)
      _ = try old.directory.setAside(time: 7)
    }
    let store = try Store.open(directory: scratch.path)
    let salvage = try store.salvage(try #require(store.setAside.first))
    // Of those that were pruned some bytes may still lie there.
    #expect(salvage.listed == 2 && salvage.pruned == 5 && salvage.found >= 2)
  }
}
