import FoundationEssentials
import Ink
import PNG
import Testing

@testable import PanelControl
@testable import Spool

@Suite("panelctl import")
struct ImportCommandTests {
  let directory: TemporaryDirectory
  let spool: String

  init() throws {
    directory = try TemporaryDirectory()
    spool = directory.path("spool")
  }

  func run(_ arguments: String...) throws -> ProgramRun {
    try ProgramRun(["import"] + arguments + ["--spool", spool], in: directory)
  }

  struct Report: Decodable, Equatable {
    struct Problem: Decodable, Equatable { let line: Int; let reason: String }
    var schema = 1
    var dry_run = false
    var read = 0
    var added = 0
    var known = 0
    var withdrawn = 0
    var blank = 0
    var without_consent = 0
    var error: String?
    var unreadable: [Problem] = []
  }

  func report(_ run: ProgramRun) throws -> Report {
    try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
  }

  /// A drawing as the web collector's table has it.
  static func url(_ png: [UInt8]) -> String {
    "data:image/png;base64," + Data(png).base64EncodedString()
  }

  /// Black strokes on transparent paper: the ink is in the alpha channel only.
  static func alphaOnly(_ digit: Int) throws -> String {
    let ink = Drawings.canvas(digit).pixels
    var rgba = [UInt8](repeating: 0, count: ink.count * 4)
    for (i, alpha) in ink.enumerated() { rgba[4 * i + 3] = alpha }
    return url(try PNG.encode(rgba: rgba, width: Canvas.side, height: Canvas.side))
  }

  static func gray(_ digit: Int, darkOnLight: Bool) throws -> String {
    let ink = Drawings.canvas(digit).pixels
    return url(
      try PNG.encode(
        drawing: darkOnLight ? ink.map { 255 - $0 } : ink, width: Canvas.side, height: Canvas.side))
  }

  func samples() throws -> [(sample: Sample, name: String?)] {
    var found: [(Sample, String?)] = []
    try Store.openReadOnly(directory: spool).forEachSample { stored in
      if let sample = try? stored.sample() { found.append((sample, stored.name)) }
    }
    return found
  }

  func ink(_ sample: Sample) throws -> [UInt8] {
    let image = try PNG.decode(sample.png, maximumPixels: Canvas.side * Canvas.side)
    return stride(from: 0, to: image.rgba.count, by: 4).map { image.rgba[$0] }
  }

  @Test("the table as CSV is taken once, old rows by their alpha channel, blank ones are refused")
  func csv() throws {
    let empty = Self.url(
      try PNG.encode(rgba: [UInt8](repeating: 0, count: 280 * 280 * 4), width: 280, height: 280))
    let file = try directory.write(
      "id,digit_label,image_data,created_at,username\r\n"
        + "1,7,\"\(try Self.alphaOnly(7))\",2025-03-01 10:20:30.5+00,\"Ada, the \"\"first\"\"\"\r\n"
        + "2,1,\"\(try Self.gray(1, darkOnLight: true))\",2025-03-01 11:20:30+01,Anonymous\r\n"
        + "3,0,\"\(try Self.gray(0, darkOnLight: false))\",2025-03-01T10:20:31Z,\r\n"
        + "4,5,\"\(empty)\",2025-03-01 10:20:30+00,Ada\r\n" + "5,11,x,2025-03-01 10:20:30+00,Ada\r\n"
        + "6,3,\"data:image/png;base64,AAAA\",2025-03-01 10:20:30+00,Ada\r\n", to: "table.csv")
    let first = try run(file, "--json")
    let told = try report(first)
    #expect(first.status == 1)
    #expect((told.read, told.added, told.blank, told.known) == (6, 3, 1, 0))
    #expect(told.unreadable.map(\.line) == [6, 7])
    let taken = try self.samples()
    try #require(taken.count == 3)
    #expect(taken.map(\.sample.label) == [7, 1, 0])
    for (sample, digit) in zip(taken.map(\.sample), [7, 1, 0]) {
      #expect(try ink(sample) == Drawings.canvas(digit).pixels)
      #expect(sample.strokes.isEmpty && sample.softwareVersion == "import home_drawndigit")
      #expect(sample.consent == Consent(version: "web-collector", dataSet: true, nameShown: digit == 7))
      #expect(sample.flags.isEmpty)
    }
    #expect(taken.map(\.name) == ["Ada, the \"first\"", nil, nil])
    #expect(taken.map(\.sample.sequence) == [1, 2, 3])
    #expect(taken.map(\.sample.time.wall) == [1_740_824_430_500, 1_740_824_430_000, 1_740_824_431_000])
    #expect(taken[1].sample.contributor == taken[2].sample.contributor)
    let again = try report(try run(file, "--json"))
    #expect((again.read, again.added, again.blank, again.known) == (6, 0, 1, 3))
  }

  @Test("a pg_dump of the table and the JSON export hold the same drawings, which are taken once")
  func dumpAndJSON() throws {
    let dump = try directory.write(
      """
      -- PostgreSQL database dump
      SET statement_timeout = 0;
      CREATE TABLE public.home_drawndigit (id bigint NOT NULL, digit_label integer, image_data text);
      COPY public.auth_user (id, name) FROM stdin;
      1\troot
      \\.
      COPY public.home_drawndigit (id, digit_label, image_data, created_at, username) FROM stdin;
      8\t7\t\(try Self.alphaOnly(7))\t2025-03-01 10:20:30+00\tGra\\tce
      9\t1\t\(try Self.alphaOnly(1))\t2025-03-01 10:20:31+00\t\\N
      \\.
      SELECT 1;

      """, to: "dump.sql")
    #expect(try run(dump).output.hasPrefix("2 drawings read from \(dump), 2 added\n"))
    func rows(_ digit: Int) -> String {
      let pixels = Drawings.canvas(digit).pixels
      let rows = (0..<280).map { y in
        "[" + pixels[y * 280..<(y + 1) * 280].map { "\($0)" }.joined(separator: ",") + "]"
      }
      return "[" + rows.joined(separator: ",") + "]"
    }
    let json = try directory.write(
      """
      [ {"id": 8, "username": "Gra\\tce", "label": 7, "image": \(rows(7)), "created_at": "2025-03-01T10:20:30+00:00"},
      {"id": 9, "username": "Anonymous", "label": "1", "image": \(rows(1)), "created_at": "2025-03-01T10:20:31Z"},
      {"id": 10, "username": "}]\\"", "label": 0, "image": "\(try Self.gray(0, darkOnLight: true))", "created_at": null},
      {"id": 11, "label": 3, "image": [[1, 2], [3]]} ]
      """, to: "export.json")
    let told = try report(try run(json, "--json"))
    #expect((told.read, told.added, told.known, told.blank) == (4, 1, 2, 0))
    #expect(
      told.unreadable == [.init(line: 4, reason: "its image is neither rows of numbers nor a PNG as base64")])
    let all = try samples()
    #expect(all.map(\.sample.label) == [7, 1, 0])
    #expect(all.map { $0.sample.time.quality } == [.ntp, .ntp, .unset])
  }

  @Test("a name is one visitor however it is written: spaces, case and Unicode's forms do not count")
  func spelling() throws {
    let names = [
      "Anna", " Anna", "anna ", "An\u{200B}na", "Zo\u{EB}", "Zoe\u{308}", "Anonymous ", "", " anonym",
      "Ann  Lee", "Ann Lee",
    ]
    let rows = try names.enumerated().map { second, name in
      "\(second),7,\"\(try Self.alphaOnly(7))\",2025-03-01 10:20:\(second + 10)+00,\(name)\n"
    }
    let file = try directory.write(
      "id,digit_label,image_data,created_at,username\n" + rows.joined(), to: "table.csv")
    #expect(try report(try run(file, "--json")).added == names.count)
    let taken = try samples()
    // Ordinary names have the ids that they always had.
    let (anna, zoe, nobody) = (
      "b008edd7-3055-86f5-8839-3ddff6a3204a", "33f17511-a6dd-897d-986e-25a0092853c7",
      "e8ae0c8d-5d5f-8b03-84b7-48e876ecc675"
    )
    #expect(
      taken.prefix(9).map(\.sample.contributor.description) == [anna, anna, anna, anna, zoe, zoe]
        + [nobody, nobody, nobody])
    #expect(taken.first?.sample.session.description == "d05fda56-8170-8ae2-86a5-134735d43cb8")
    #expect(taken.count == 11 && taken[9].sample.contributor == taken[10].sample.contributor)
    #expect(Set(taken.map(\.sample.contributor)).count == 4)
    #expect(taken[6...8].allSatisfy { $0.name == nil && !$0.sample.consent.nameShown })
    #expect(taken.prefix(9).allSatisfy { $0.sample.id.description.utf8.dropFirst(14).first == 0x38 })
  }

  @Test("what earlier software took in of a name as it stood is known, and what was withdrawn of it stays so")
  func formerNames() throws {
    let (software, person) = (Array(Sample.importSoftware.utf8), Array(" anna".utf8))
    var sample = try Drawings.sample(label: 7)
    sample.id = Identifier(
      derivedFrom: "drawing",
      [software, person, [7], Array("1740824430000".utf8), Drawings.canvas(7).pixels])
    sample.contributor = Identifier(derivedFrom: "contributor", [software, person])
    sample.session = Identifier(derivedFrom: "session", [sample.contributor.bytes])
    #expect(try Store.open(directory: spool).takeIn([ImportedDrawing(sample)]).added == 1)
    let rows = try ["30", "31"].map {
      "1,7,\"\(try Self.alphaOnly(7))\",2025-03-01 10:20:\($0)+00, Anna\n"
    }
    let file = try directory.write(
      "id,digit_label,image_data,created_at,username\n" + rows.joined(), to: "table.csv")
    let first = try report(try run(file, "--json"))
    #expect((first.known, first.added) == (1, 1))
    for (place, withdrawn) in [(spool, 1), (directory.path("other"), 2)] {
      if place != spool { _ = try Store.open(directory: place) }
      let words = ["withdraw", "--session", sample.session.description, "--spool", place]
      #expect(try ProgramRun(words, in: directory).status == 0)
      let again = try report(try ProgramRun(["import", file, "--json", "--spool", place], in: directory))
      #expect((again.withdrawn, again.known, again.added) == (withdrawn, 2 - withdrawn, 0))
    }
  }

  @Test("an agreement that is neither yes nor no is not taken for one")
  func doubtfulConsent() throws {
    let url = try Self.gray(7, darkOnLight: true)
    let rows = ["0", "1", "false", "true", "\"yes\"", "2"].map {
      "{\"label\": 7, \"image\": \"\(url)\", \"agreed\": \($0), \"username\": \"Ada \($0.utf8.count)\"}"
    }
    let file = try directory.write("[\(rows.joined(separator: ",\n"))]", to: "rows.json")
    let told = try report(try run(file, "--json"))
    #expect(
      told.unreadable.map(\.line) == [5, 6] && told.unreadable[0].reason == "its agreed is neither 0 nor 1")
    #expect(told.added + told.known == 4 && told.without_consent == 2)
  }

  @Test("of a file that breaks off what came before is taken, and told", arguments: ["json", "csv", "sql"])
  func cutOff(_ form: String) throws {
    let urls = try [7, 1, 0].map(Self.alphaOnly)
    let text =
      switch form {
      case "json":
        "["
          + urls.enumerated().map { "{\"id\": \($0 + 1), \"label\": \($0), \"image\": \"\($1)\"}" }
          .joined(separator: ",\n")
      case "csv":
        "id,digit_label,image_data\n"
          + urls.enumerated().map { "\($0 + 1),\($0),\"\($1)\"" }.joined(separator: "\n") + "\n"
      default:
        "COPY public.home_drawndigit (id, digit_label, image_data) FROM stdin;\n"
          + urls.enumerated().map { "\($0 + 1)\t\($0)\t\($1)" }.joined(separator: "\n") + "\n"
      }
    // Within the third row; of the dump only its end is missing.
    let file = try directory.write(form == "sql" ? text : String(text.dropLast(100)), to: "cut")
    let count = form == "sql" ? 3 : 2
    let plain = try run(file)
    #expect(plain.status == 1 && plain.output == "\(count) drawings read from \(file), \(count) added\n")
    #expect(plain.complaint.hasPrefix("panelctl: cannot import \(file): it is cut off "))
    #expect(plain.complaint.contains("import it again"))
    #expect(try samples().count == count)
    let again = try run(file, "--json")
    let told = try report(again)
    #expect(again.status == 1 && told.known == count && told.error?.contains("it is cut off") == true)
  }

  @Test("a dry run makes no store, an imported visit can be withdrawn, and is not taken again")
  func dryRunAndWithdrawal() throws {
    let file = try directory.write(
      "id,digit_label,image_data,created_at,username\n1,7,\"\(try Self.alphaOnly(7))\",2025-03-01 10:20:30+00,Ada\n",
      to: "table.csv")
    let trial = try report(try run(file, "--dry-run", "--json"))
    #expect(trial.dry_run && trial.added == 1)
    #expect(error { () throws(StoreError) in _ = try Store.openReadOnly(directory: spool) }?.kind == .missing)
    #expect(try report(try run(file, "--json")).added == 1)
    let known = try report(try run(file, "--dry-run", "--json"))
    #expect((known.added, known.known) == (0, 1))
    let session = try #require(try samples().first?.sample.session)
    let withdrawn = try ProgramRun(
      ["withdraw", "--session", session.description, "--spool", spool], in: directory)
    #expect(withdrawn.output == "1 drawing is withdrawn\n")
    #expect(try report(try run(file, "--json")).withdrawn == 1)
  }

  @Test(
    "a file that is neither is refused in one sentence",
    arguments: ["", "[", "[1]", "{}", "a,b,c\n1,2,3\n", "id,image_data\n", "PNG"])
  func refused(_ text: String) throws {
    let file = try directory.write(text, to: "file")
    let run = try self.run(file)
    #expect(run.status == 1 && run.output == "")
    #expect(run.complaint.hasPrefix("panelctl: cannot import \(file): "))
    #expect(run.complaint.split(separator: "\n").count == 1)
  }

  private func error<E: Error>(of body: () throws(E) -> Void) -> E? {
    do throws(E) {
      try body()
      return nil
    } catch {
      return error
    }
  }
}
