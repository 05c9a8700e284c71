import FoundationEssentials
import Ink
import PNG
import Testing

@testable import PanelControl
@testable import Spool

/// Data sets that panels have made themselves.
extension ImportCommandTests {
  @Test("a drawing of the panel's own export is known, one of small pictures comes back with its ink")
  func ownExport() throws {
    do {
      let store = try Store.open(directory: spool)
      try store.append(try Drawings.sample(label: 7), name: "Ada")
    }
    let exported = directory.path("own.json")
    let run = try ProgramRun(
      ["export", "--format", "json", "--resize", "28", "--names", "--output", exported, "--spool", spool],
      in: directory)
    #expect(run.status == 0)
    let here = try report(try self.run(exported, "--json"))
    #expect((here.read, here.known, here.added) == (1, 1, 0))
    let other = directory.path("other")
    let there = try ProgramRun(["import", exported, "--spool", other], in: directory)
    #expect(there.status == 0 && there.output.contains("1 added"))
    try Store.openReadOnly(directory: other).forEachSample { stored in
      let sample = try? stored.sample()
      #expect(sample?.label == 7 && stored.name == "Ada")
      let ink = sample.flatMap { try? self.ink($0) } ?? []
      let inked = ink.count { $0 > 128 }
      #expect(inked > 2000)
    }
  }

  /// A store of two visits, three drawings and one, and its data set with everything in it.
  private func ownSet(names: Bool = false) throws -> (file: String, visits: [Sample]) {
    var visits: [Sample] = []
    do {
      let store = try Store.open(directory: spool)
      for index in 0..<4 {
        var sample = try Drawings.sample(label: [7, 1, 0][index % 3], dataSet: index < 3)
        if index % 3 > 0 { (sample.session, sample.contributor) = (visits[0].session, visits[0].contributor) }
        sample.time.quality = index == 0 ? .restored : .rtc
        try store.append(sample, name: "Ada")
        visits.append(sample)
      }
    }
    let file = directory.path("own.json")
    let words = ["export", "--format", "json", "--without-consent", "--output", file, "--spool", spool]
    #expect(try ProgramRun(words + (names ? ["--names"] : []), in: directory).status == 0)
    return (file, visits)
  }

  @Test(
    "a drawing of several of a panel's own data sets is taken once, with whatever size and label it comes")
  func ownExportsOfOneStore() throws {
    let (file, visits) = try ownSet(names: true)
    let store = try Store.open(directory: spool)
    _ = try store.give([(visits[0].id, .relabel(3)), (visits[1].id, .accept)])
    var files = [(file, 4)]
    for (words, count) in [
      (["--resize", "280"], 3), (["--resize", "28"], 3), (["--filter", "reviewed"], 2),
    ] {
      files.append((directory.path("set-\(files.count).json"), count))
      let export = ["export", "--format", "json", "--output", files[files.count - 1].0, "--spool", spool]
      #expect(try ProgramRun(export + words, in: directory).status == 0)
    }
    for order in [files, files.reversed()] {
      let other = directory.path("other-\(order[0].1)")
      var (seen, known) = (0, 0)
      for (file, count) in order {
        let told = try report(ProgramRun(["import", file, "--json", "--spool", other], in: directory))
        #expect(told.read == count && told.added + told.known == count)
        (seen, known) = (seen + told.added, known + told.known)
      }
      #expect(seen == 4 && known == 8)
      // A data set of the imported ones says the same drawings again, here and at a third desk.
      let again = directory.path("again-\(order[0].1).json")
      let export = ["export", "--format", "json", "--without-consent", "--output", again, "--spool", other]
      #expect(try ProgramRun(export, in: directory).status == 0)
      let here = try report(ProgramRun(["import", again, "--json", "--spool", spool], in: directory))
      #expect((here.known, here.added) == (4, 0))
      let third = directory.path("third-\(order[0].1)")
      for (file, added) in [(again, 4), (file, 0)] {
        let told = try report(ProgramRun(["import", file, "--json", "--spool", third], in: directory))
        #expect((told.added, told.known) == (added, 4 - added))
      }
    }
  }

  @Test(
    "what was withdrawn here does not come back by an export of it, nor where only the withdrawal is known")
  func ownWithdrawn() throws {
    let (file, visits) = try ownSet()
    let session = visits[0].session
    for place in [spool, directory.path("other")] {
      if place != spool { _ = try Store.open(directory: place) }
      let withdrawn = try ProgramRun(
        ["withdraw", "--session", session.description, "--spool", place], in: directory)
      #expect(withdrawn.status == 0)
      let trial = try ProgramRun(["import", file, "--dry-run", "--json", "--spool", place], in: directory)
      let run = try ProgramRun(["import", file, "--json", "--spool", place], in: directory)
      var told = try [report(trial), report(run)]
      #expect(told[0].dry_run)
      told[0].dry_run = false
      #expect(told[0] == told[1])
      #expect((told[0].withdrawn, told[0].known + told[0].added) == (3, 1))
      #expect(try Store.openReadOnly(directory: place).statistics().samples == 1)
    }
    // Withdrawn after the import: the visit is the one of the panel.
    let third = directory.path("third")
    #expect(try ProgramRun(["import", file, "--spool", third], in: directory).output.contains("4 added"))
    let late = try ProgramRun(
      ["withdraw", "--session", session.description, "--spool", third], in: directory)
    #expect(late.output == "3 drawings are withdrawn\n")
  }

  @Test("visitor, visit, consent and the doubt of a clock stay as a panel's own data set says them")
  func ownConsent() throws {
    let (file, visits) = try ownSet()
    let other = directory.path("other")
    let run = try ProgramRun(["import", file, "--json", "--spool", other], in: directory)
    let told = try report(run)
    #expect((told.added, told.without_consent) == (4, 1))
    var taken: [Sample] = []
    try Store.openReadOnly(directory: other).forEachSample { stored in
      if let sample = try? stored.sample() { taken.append(sample) }
    }
    #expect(taken.map(\.consent.dataSet) == [true, true, true, false])
    #expect(taken.allSatisfy { $0.consent.version == "1" && !$0.consent.nameShown })
    #expect(taken.map(\.contributor) == visits.map(\.contributor))
    #expect(taken.map(\.session) == visits.map(\.session))
    #expect(taken.map(\.time.quality) == [.restored, .rtc, .rtc, .rtc])
  }

  @Test("an import without names leaves the names of visitors who are here, and brings no dropped one back")
  func ownNames() throws {
    let (file, visits) = try ownSet(names: true)
    let bare = directory.path("bare.json")
    let words = ["export", "--format", "json", "--output", bare, "--spool", spool]
    #expect(try ProgramRun(words, in: directory).status == 0)
    for isDropped in [false, true] {
      let other = directory.path("other-\(isDropped)")
      do {
        let store = try Store.open(directory: other)
        try store.append(
          try Drawings.sample(label: 7, contributor: visits[0].contributor), name: "Ada")
        if isDropped { try store.anonymise() }
      }
      let run = try ProgramRun(
        ["import", isDropped ? file : bare, "--json", "--spool", other], in: directory)
      #expect(try report(run).added == (isDropped ? 4 : 3))
      let board = try Store.openReadOnly(directory: other).leaderboard(limit: 9)
      #expect(board.first?.score == 4 && board.first?.name == (isDropped ? nil : "Ada"))
    }
  }
}
