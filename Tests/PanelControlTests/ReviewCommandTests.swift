import FoundationEssentials
import Glibc
import Kernel
import PNG
import Testing

@testable import PanelControl
@testable import Spool

@Suite("panelctl review")
struct ReviewCommandTests {
  private let directory: TemporaryDirectory
  private let spool: String
  private let samples: [Sample]

  init() throws {
    directory = try TemporaryDirectory()
    spool = try directory.makeDirectory("spool")
    let store = try Store.open(directory: spool)
    samples = try (0..<5).map { number in
      var sample = try Drawings.sample(label: 7, dataSet: number != 4)
      // The third is read as a one.
      let digit = number == 2 ? 1 : 7
      sample.prediction = Prediction(
        probabilities: (0..<10).map { $0 == digit ? 65536 : 0 }, rejection: UInt32(1000 * number))
      return sample
    }
    for sample in samples { try store.append(sample, name: "Ada") }
  }

  private func review(_ arguments: String...) throws -> ProgramRun {
    try ProgramRun(["review"] + arguments + ["--spool", spool], in: directory)
  }

  @Test(
    "a sheet shows the worst first, and its list, given back with verdicts, decides what is exported",
    .enabled(
      if: access("/usr/share/fonts/opentype/inter/Inter-Regular.otf", R_OK) == 0,
      "fonts-inter is not installed"))
  func sheet() throws {
    let place = directory.path("sheet")
    let run = try review("--sheet", place)
    #expect(run.status == 0, "\(run.complaint)")
    #expect(run.output.hasPrefix("4 drawings on 1 page: \(place)/page-001.png"))
    let page = try PNG.decode(try contentsOfFile(place + "/page-001.png", limit: 1 << 24))
    #expect(page.width == ContactSheet.width && page.height == ContactSheet.height)
    // Ink and text are on it, and the frame of the one that disagrees is its first.
    let dark = stride(from: 0, to: page.rgba.count, by: 4).count { page.rgba[$0] < 64 }
    #expect(dark > 2000)
    let frame = 4 * ((56 - 2) * page.width + 20 + 21 - 2)
    #expect(page.rgba[frame] == 0xB3 && page.rgba[frame + 1] == 0x26)
    let list = String(decoding: try contentsOfFile(place + "/verdicts.txt", limit: 1 << 20), as: UTF8.self)
    let lines = list.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(lines.map { String($0.prefix(36)) } == [2, 3, 1, 0].map { samples[$0].id.description })
    #expect(lines.first?.hasSuffix(" ?  # 1: asked 7, read 1, 100.0 %") == true)
    // Nobody's verdicts are overwritten by a new sheet, nor the pages that they speak of.
    let first = try contentsOfFile(place + "/page-001.png", limit: 1 << 24)
    #expect(try review("--accept", samples[2].id.description).status == 0)
    #expect(try review("--sheet", place).complaint.contains("it is there already"))
    #expect(try contentsOfFile(place + "/page-001.png", limit: 1 << 24) == first)
    // Once the list is gone a new sheet takes the place of the old one, with all its pages.
    let anew = directory.path("again")
    _ = try directory.makeDirectory("again")
    for name in ["again/page-002.png", "again/page-003.png"] { try directory.write(first, to: name) }
    try directory.write("a scan", to: "again/page-004.png")
    #expect(try review("--sheet", anew).status == 0)
    #expect(access(anew + "/page-001.png", F_OK) == 0 && access(anew + "/page-002.png", F_OK) != 0)
    #expect(access(anew + "/page-003.png", F_OK) != 0 && access(anew + "/page-004.png", F_OK) == 0)

    let verdicts = lines.enumerated().map { number, line in
      "\(line.prefix(36)) \(["1", "reject", "accept", "?"][number])\(line.dropFirst(38))"
    }
    try directory.write(verdicts.joined(separator: "\n"), to: "verdicts.txt")
    let taken = try review("--verdicts", directory.path("verdicts.txt"))
    #expect(taken.status == 0 && taken.output == "3 verdicts are new, 0 were known\n", "\(taken.complaint)")
    let again = try review("--verdicts", directory.path("verdicts.txt"))
    #expect(again.output == "0 verdicts are new, 3 were known\n")
    #expect(try review().output == "1 accepted, 1 rejected, 1 relabelled, 1 not looked at\n")

    struct Row: Decodable { let id: String; let label: Int; let asked: Int; let verdict: String? }
    func rows(_ filter: String) throws -> [Row] {
      let path = directory.path("\(filter).json")
      let export = try ProgramRun(
        ["export", "--format", "json", "--filter", filter, "-o", path, "--spool", spool], in: directory)
      #expect(export.status == 0, "\(export.complaint)")
      return try JSONDecoder().decode([Row].self, from: Data(try contentsOfFile(path, limit: 1 << 20)))
    }
    let reviewed = try rows("reviewed")
    #expect(reviewed.map(\.id) == [1, 2].map { samples[$0].id.description })
    #expect(reviewed.map(\.label) == [7, 1] && reviewed.map(\.asked) == [7, 7])
    #expect(try rows("clean").map(\.id) == [0, 1, 2].map { samples[$0].id.description })
    #expect(try rows("all").count == 4)
  }

  @Test(
    "a drawing whose picture cannot be read is left out and told, and the others are on the sheet",
    .enabled(
      if: access("/usr/share/fonts/opentype/inter/Inter-Regular.otf", R_OK) == 0,
      "fonts-inter is not installed"))
  func unreadable() throws {
    var broken = try Drawings.unreadable(label: 7)
    // It comes first: nothing disagrees more.
    broken.prediction = Prediction(probabilities: (0..<10).map { $0 == 1 ? 65536 : 0 }, rejection: 0)
    try Store.open(directory: spool).append(broken, name: "Ada")
    let told = "panelctl: 1 drawing cannot be shown because of damage; panelctl export names them\n"
    for (limit, shown) in [(5, [2, 3, 1, 0]), (2, [2, 3]), (1, [2])] {
      let place = directory.path("sheet-\(limit)")
      let run = try review("--sheet", place, "--limit", String(limit))
      #expect(run.status == 1 && run.complaint == told, "\(run.complaint)")
      let count = Columns.counted(shown.count, "drawing")
      #expect(run.output.hasPrefix("\(count) on 1 page: \(place)/page-001.png"))
      #expect(ContactSheet.isPage(place + "/page-001.png"))
      let list = String(decoding: try contentsOfFile(place + "/verdicts.txt", limit: 1 << 20), as: UTF8.self)
      let ids = list.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { String($0.prefix(36)) }
      #expect(ids == shown.map { samples[$0].id.description })
    }
    let run = try review("--sheet", directory.path("told"), "--json")
    #expect(run.status == 1 && run.output.contains(#""drawings":4,"pages":1,"#), "\(run.output)")
    #expect(run.output.hasSuffix("\"damaged\":1}\n"))
  }

  @Test("with nothing to show no list is left that would be in the way of the next")
  func empty() throws {
    let ids = samples.map(\.id.description)
    #expect(try review("--accept", ids[0], ids[1], ids[2], ids[3]).status == 0)
    let run = try review("--sheet", directory.path("sheet"))
    #expect(run.status == 0 && run.output == "There is no drawing without a verdict.\n", "\(run.complaint)")
    #expect(access(directory.path("sheet"), F_OK) != 0)
    #expect(try review("--sheet", directory.path("sheet"), "--json").output.contains(#""list":null"#))
  }

  @Test("verdicts come as arguments too, by the first digits of an id")
  func arguments() throws {
    let ids = samples.map { String($0.id.description.prefix(8)) }
    let run = try review("--accept", ids[0], ids[1], "--reject", ids[2], "--relabel", "\(ids[3])=2", "--json")
    #expect(run.status == 0, "\(run.complaint)")
    #expect(run.output == "{\"schema\":1,\"changed\":4,\"unchanged\":0,\"unknown\":[]}\n")
    let unknown = try review("--accept", "00000000")
    #expect(unknown.status == 1 && unknown.complaint.contains("there is no drawing 00000000 here"))
  }

  @Test(
    "a list is read with blanks, commas and comments, and a line that gives no verdict is named",
    arguments: [
      ("id,verdict\nabcd1234,accept\r\nffff0000; 7 # a seven\n\n# all\n00001111 ?\n22223333\n", 2),
      ("a reject\nb relabel 3", 2),
      ("a maybe", -1), ("a relabel", -1), ("a relabel 10", -1), ("a accept 3", -1),
    ])
  func list(_ text: String, _ count: Int) throws {
    if count < 0 {
      #expect(throws: UsageError.self) { try VerdictList(text, source: "the list") }
    } else {
      #expect(try VerdictList(text, source: "the list").lines.count == count)
    }
  }

  @Test("a byte order mark before the first line of a list is no part of its id")
  func byteOrderMark() throws {
    let lines = try VerdictList("\u{FEFF}abcd1234 accept\nffff0000 7\n", source: "the list").lines
    #expect(lines.map(\.id) == ["abcd1234", "ffff0000"])
  }

  @Test(
    "wrong options end with 2",
    arguments: [
      ["--limit", "0"], ["--sheet", "x", "--accept", "a"], ["--relabel", "abcdefgh"], ["--relabel", "a=12"],
      ["--limit", "5"], ["--reviewed"], ["--reviewed", "--accept", "abcdefgh"],
    ])
  func wrong(_ arguments: [String]) throws {
    let run = try ProgramRun(["review"] + arguments + ["--spool", spool], in: directory)
    #expect(run.status == 2, "\(run.complaint)")
  }
}
