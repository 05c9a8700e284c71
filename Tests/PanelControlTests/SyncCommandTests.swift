import Glibc
import Kernel
import Testing

@testable import PanelControl
@testable import Spool

@Suite("panelctl sync")
struct SyncCommandTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test("a hosts file has a host a line; comments, empty lines and repetitions do not count")
  func hostsFile() throws {
    let path = try directory.write(
      "# hall\n\n booth-1 \r\nadmin@10.0.0.7  # door\nbooth-1\n[fe80::1%eth0]\n", to: "hosts")
    #expect(try HostsFile.read(path) == ["booth-1", "admin@10.0.0.7", "[fe80::1%eth0]"])
  }

  @Test("a line that ssh would take for something else is refused with its number")
  func badHosts() throws {
    for line in ["-oProxyCommand=sh", "two words", "bell\u{7}", "mirror\u{202E}d"] {
      let path = try directory.write("good\n\(line)\n", to: "hosts")
      let error = #expect(throws: KernelError.self) { try HostsFile.read(path) }
      #expect(error?.reason.hasPrefix("line 2 is no host") == true, "\(line)")
    }
  }

  @Test("modes that do not go together, and hosts that are none, are wrong usage")
  func wrongUsage() throws {
    for words in [
      ["a", "--serve"], ["--serve", "--to", "x"], ["--from", "x", "--to", "y"], ["a", "--jobs", "0"],
      ["--", "-oProxyCommand=sh"], ["a", "--ssh", " "], ["--serve", "--dry-run"], ["--all", ""],
      ["--serve", "--json"], ["--serve", "--jobs", "2"], ["--from", "x", "--jobs", "2"],
      ["--to", "x", "--ssh", "ssh"],
    ] {
      let run = try ProgramRun(["sync"] + words, in: directory)
      #expect(words == ["--all", ""] ? run.status == 1 : run.status == 2, "\(words): \(run.complaint)")
      #expect(run.output == "")
    }
  }

  @Test("a list of panels that is no list is told with its line, before anything is collected")
  func badPanels() throws {
    let spool = try directory.makeDirectory("desk")
    try directory.write("550e8400-e29b-41d4-a716-446655440000 # door\nnonsense\n", to: "desk/panels")
    let run = try ProgramRun(["sync", "booth", "--spool", spool], in: directory)
    #expect(run.status == 1)
    #expect(run.complaint.contains("line 2 does not begin with a panel's identity"))
  }

  @Test("a receipt at the machine that wrote it is refused, and a file at its own panel leaves the receipt")
  func wrongMachine() throws {
    func sync(_ words: String..., at spool: String) throws -> ProgramRun {
      try ProgramRun(["sync"] + words + ["--spool", directory.path(spool)], in: directory)
    }
    do {
      let panel = try Store.open(directory: directory.path("panel"))
      for _ in 0..<2 { try panel.append(try Drawings.sample(label: 7)) }
    }
    let (stick, receipt) = (directory.path("stick"), directory.path("stick.receipt"))
    #expect(try sync("--to", stick, at: "panel").status == 0)
    let taken = try sync("--from", stick, at: "desk")
    #expect(taken.status == 0 && taken.output.contains("at the panel: panelctl sync --from \(receipt)\n"))
    let refused = try sync("--from", receipt, at: "desk")
    #expect(refused.status == 1 && refused.output == "")
    #expect(refused.complaint.contains("this store wrote that receipt itself"))
    #expect(refused.complaint.contains("take it in at the panel"))
    let pruned = try ProgramRun(
      ["prune", "--acknowledged", "--older-than", "0h", "--json", "--spool", directory.path("desk")],
      in: directory)
    #expect(pruned.output.contains(#""pruned":0,"#) && pruned.output.contains(#""unconfirmed":2,"#))
    let bytes = try contentsOfFile(receipt, limit: 1 << 20)
    let wrong = try sync("--from", stick, at: "panel")
    #expect(wrong.status == 3 && !wrong.output.contains("at the panel"))
    #expect(try sync("--from", stick, "--json", at: "panel").output.contains(#""receipt":null,"#))
    #expect(try contentsOfFile(receipt, limit: 1 << 20) == bytes)
    let noted = try sync("--from", receipt, at: "panel")
    #expect(noted.output == "2 receipts of \(machineName()), 2 of them new here\n")
  }

  @Test("only an earlier file of the same panel is replaced: no other panel's, no receipt, no store")
  func replaced() throws {
    let panels = try ["booth", "door"].map { name in
      let spool = try directory.makeDirectory(name)
      try Store.open(directory: spool).append(try Drawings.sample(label: 7))
      return spool
    }
    let file = directory.path("stick.sync")
    func write(_ panel: String, to file: String) throws -> ProgramRun {
      try ProgramRun(["sync", "--to", file, "--spool", panel], in: directory)
    }
    for _ in 0..<2 { #expect(try write(panels[0], to: file).status == 0) }
    let before = try contentsOfFile(file, limit: 1 << 20)
    let other = try write(panels[1], to: file)
    #expect(other.status == 1 && other.complaint.contains("the drawings of another panel are in it; choose"))
    #expect(try contentsOfFile(file, limit: 1 << 20) == before)
    let taken = try ProgramRun(["sync", "--from", file, "--spool", directory.path("desk")], in: directory)
    #expect(taken.status == 0, "\(taken.complaint)")
    let receipt = try write(panels[0], to: file + ".receipt")
    #expect(receipt.status == 1 && receipt.complaint.contains("it is a collector's receipt"))
    let letter = try write(panels[0], to: try directory.write("Dear Ada", to: "letter"))
    #expect(letter.status == 1 && letter.complaint.contains("another file is there"))
    #expect(try write(panels[0], to: try directory.write("", to: "empty")).status == 0)
    #expect(symlink(panels[1] + "/panel.db", directory.path("link")) == 0)
    for place in [panels[0] + "/panel.db", panels[1] + "/new", directory.path("link")] {
      let refused = try write(panels[0], to: place)
      #expect(refused.status == 1 && refused.complaint.contains("is the directory of a store"), "\(place)")
      let export = try ProgramRun(
        ["export", "--format", "csv", "--output", place, "--spool", panels[0]], in: directory)
      #expect(export.status == 1 && export.complaint.contains("is the directory of a store"), "\(place)")
    }
    for panel in panels { #expect(try Store.openReadOnly(directory: panel).statistics().samples == 1) }
  }

  @Test("a file that cannot be read, and one that is something else, end with a sentence and 1")
  func badFiles() throws {
    let other = try directory.write("no stream", to: "other")
    let cases = [(directory.path("none"), "no such file"), (other, "is no file of panelctl sync --to")]
    for (path, words) in cases {
      let run = try ProgramRun(
        ["sync", "--from", path, "--spool", directory.path("desk")], in: directory)
      #expect(run.status == 1 && run.output == "")
      #expect(run.complaint.contains(words), "\(run.complaint)")
    }
  }
}
