import Glibc
import Kernel
import Randomness
import Testing

@testable import DataSet
@testable import Spool

@Suite("What an export leaves behind")
struct OutputTests {
  /// The names in a directory, sorted.
  static func names(in path: String) throws -> [String] { try Directory.names(at: path).sorted() }

  /// Every file below a directory with its bytes.
  static func files(in path: String, under prefix: String = "") throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in try names(in: path) {
      var info = stat()
      stat("\(path)/\(name)", &info)
      if info.st_mode & S_IFMT == S_IFDIR {
        files.merge(try OutputTests.files(in: "\(path)/\(name)", under: "\(prefix)\(name)/")) { $1 }
      } else {
        files[prefix + name] = try contentsOfFile("\(path)/\(name)", limit: 1 << 24)
      }
    }
    return files
  }

  @Test("the same store gives the same bytes, in every format", arguments: ExportOptions.Format.allCases)
  func deterministic(_ format: ExportOptions.Format) throws {
    let scratch = try Scratch()
    try MadeUpStore.make(scratch.path + "/spool", samples: 300)
    let store = try Store.openReadOnly(directory: scratch.path + "/spool")
    var progress: [Int] = []
    for name in ["a", "b"] {
      let report = try Export(ExportOptions(format)).write(store, to: "\(scratch.path)/\(name)/") { done, _ in
        progress.append(done)
      }
      #expect(report.bytes > 0 && report.exported == 276)
    }
    let files = try OutputTests.files(in: scratch.path + "/a")
    #expect(try OutputTests.files(in: scratch.path + "/b") == files)
    #expect(files["README.md"] != nil && files["SHA256SUMS"] != nil)
    #expect(progress == [128, 256, 276, 128, 256, 276])
  }

  @Test(
    "SHA256SUMS is what sha256sum checks, and no file is missing in it",
    arguments: ExportOptions.Format.allCases)
  func checksums(_ format: ExportOptions.Format) throws {
    let scratch = try Scratch()
    let (store, _) = try ExportTests.filled(scratch, seed: 70)
    let report = try Export(ExportOptions(format, testPercent: 50)).write(store, to: scratch.path + "/set/")
    let status = system(
      "cd '\(scratch.path)/set' && sha256sum --check --strict --quiet SHA256SUMS >/dev/null 2>&1")
    #expect(status == 0)
    let files = try OutputTests.files(in: scratch.path + "/set")
    let lines = String(decoding: files["SHA256SUMS"] ?? [], as: UTF8.self).split(separator: "\n")
    #expect(Set(lines.map { String($0.dropFirst(66)) }) == Set(files.keys).subtracting(["SHA256SUMS"]))
    #expect(report.files == files.count && report.bytes == files.values.reduce(0) { $0 + UInt64($1.count) })
  }

  @Test("a directory with something in it is never touched")
  func occupied() throws {
    let scratch = try Scratch()
    let (store, _) = try ExportTests.filled(scratch, seed: 71)
    let place = scratch.path + "/set"
    #expect(mkdir(place, 0o755) == 0)
    try OutputFile.write([1], to: place + "/mine")
    let refused = error { () throws(ExportError) in
      _ = try Export(ExportOptions(.idx)).write(store, to: place)
    }
    #expect(refused?.description.contains("the directory is not empty; give another --output") == true)
    #expect(try OutputTests.names(in: scratch.path) == ["set", "spool"])
    // What only looks as if another export had left it is not touched either.
    #expect(mkdir(scratch.path + "/other.partial", 0o755) == 0)
    try OutputFile.write([1], to: scratch.path + "/other.partial/mine")
    let stopped = error { () throws(ExportError) in
      _ = try Export(ExportOptions(.idx)).write(store, to: scratch.path + "/other")
    }
    #expect(stopped?.description.contains("is in the way") == true)
    #expect(try OutputTests.names(in: scratch.path + "/other.partial") == ["mine"])
    // A device is not replaced by a file.
    let device = error { () throws(ExportError) in
      _ = try Export(ExportOptions(.csv)).write(store, to: "/dev/null")
    }
    #expect(device?.description.contains("it is not an ordinary file") == true)
  }

  @Test("an empty directory is filled, and what a killed writer left beside it is cleared away")
  func resumed() throws {
    let scratch = try Scratch()
    let (store, _) = try ExportTests.filled(scratch, seed: 72)
    let place = scratch.path + "/set"
    #expect(mkdir(place, 0o755) == 0 && mkdir(place + ".partial", 0o755) == 0)
    #expect(mkdir(place + ".partial/train", 0o755) == 0)
    try OutputFile.write([], to: place + ".partial/.panel-export")
    try OutputFile.write([1, 2], to: place + ".partial/train/old.png")
    _ = try Export(ExportOptions(.imagefolder, testPercent: 0)).write(store, to: place)
    #expect(try OutputTests.names(in: scratch.path) == ["set", "spool"])
    #expect(try OutputTests.names(in: place) == ["README.md", "SHA256SUMS", "train"])
    #expect(try OutputTests.names(in: place + "/train") == ["3", "7", "9", "metadata.jsonl"])
  }

  @Test(
    "a link to an empty directory is filled where it leads; where no directory can come is told before the work"
  )
  func places() throws {
    let scratch = try Scratch()
    #expect(mkdir(scratch.path + "/real", 0o755) == 0)
    #expect(symlink("real", scratch.path + "/link") == 0 && symlink("new", scratch.path + "/loose") == 0)
    for (name, place) in [("link/", "real"), ("loose", "new")] {
      let directory = try OutputDirectory("\(scratch.path)/\(name)")
      try OutputFile.write([1], to: directory.path("a"))
      try directory.finish()
      #expect(try OutputTests.names(in: "\(scratch.path)/\(place)") == ["a"])
    }
    #expect(try OutputTests.names(in: scratch.path) == ["link", "loose", "new", "real"])
    var info = stat()
    #expect(lstat(scratch.path + "/link", &info) == 0 && info.st_mode & S_IFMT == S_IFLNK)
  }

  @Test(
    "an empty disk is no directory that can be replaced",
    .enabled(if: SmallDisk.isPossible, "file systems can be mounted by root only"))
  func mounted() throws {
    let disk = try SmallDisk(kilobytes: 256)
    let refused = error { () throws(KernelError) in _ = try OutputDirectory(disk.path) }
    #expect(refused?.description.contains("is mounted there; give the name of a new directory in it") == true)
  }

  @Test(
    "a directory or a file at which another of the same disk is mounted is refused before the work",
    .enabled(if: SmallDisk.isPossible, "only root can mount"))
  func bound() throws {
    let scratch = try Scratch()
    let (store, _) = try ExportTests.filled(scratch, seed: 73)
    let (set, file, part) = (
      "\(scratch.path)/set", "\(scratch.path)/set.npz", "\(scratch.path)/other.partial"
    )
    #expect(mkdir(set, 0o755) == 0 && mkdir(part, 0o755) == 0)
    try OutputFile.write([1], to: file)
    for path in [set, file, part] { #expect(mount(path, path, nil, UInt(MS_BIND), nil) == 0) }
    defer {
      withExtendedLifetime(scratch) { for path in [set, file, part] { umount2(path, Int32(MNT_DETACH)) } }
    }
    func refusal(_ format: ExportOptions.Format, _ path: String) -> String? {
      var done = 0
      let refused = error { () throws(ExportError) in
        _ = try Export(ExportOptions(format)).write(store, to: path) { count, _ in done = count }
      }
      #expect(done == 0)
      return refused?.description
    }
    let words = refusal(.idx, set + "/")
    #expect(
      words?.contains("is mounted there; give the name of a new directory in it") == true, "\(words ?? "")")
    #expect(refusal(.idx, "\(scratch.path)/other")?.contains("other.partial is in the way") == true)
    #expect(refusal(.npz, file)?.contains("another file is mounted there") == true)
    #expect(try OutputTests.names(in: scratch.path) == ["other.partial", "set", "set.npz", "spool"])
    // In it there is room for one.
    _ = try Export(ExportOptions(.idx)).write(store, to: set + "/new")
    #expect(try OutputTests.names(in: set) == ["new"])
  }

  @Test("two exports into one directory: the second is told to wait, and the first is whole")
  func twice() throws {
    let scratch = try Scratch()
    let first = try OutputDirectory(scratch.path + "/set")
    let second = error { () throws(KernelError) in _ = try OutputDirectory(scratch.path + "/set") }
    #expect(second?.description.contains("another export is writing it") == true)
    try OutputFile.write([1], to: first.path("a"))
    try first.finish()
    #expect(try OutputTests.names(in: scratch.path + "/set") == ["a"])
  }

  @Test("an export that is given up leaves nothing")
  func givenUp() throws {
    let scratch = try Scratch()
    do {
      let directory = try OutputDirectory(scratch.path + "/set")
      try directory.make("train")
      try OutputFile.write([1], to: directory.path("train/x"))
      let file = try OutputFile(scratch.path + "/set.npz")
      try file.write([1, 2, 3])
    }
    #expect(try OutputTests.names(in: scratch.path) == [])
  }

  @Test(
    "a data set that does not fit is given up without a trace, and the old one stays",
    .enabled(if: SmallDisk.isPossible, "file systems can be mounted by root only"))
  func exportToFullDisk() throws {
    let disk = try SmallDisk(kilobytes: 256)
    let scratch = try Scratch()
    var generator = SplitMix64(seed: 84)
    let store = try Store.open(directory: scratch.path + "/spool")
    for _ in 0..<4 { try store.append(Drawings.sample(using: &generator)) }
    let path = disk.path + "/digits.json"
    do {
      let old = try FileDescriptor.open(path, O_WRONLY | O_CREAT)
      try old.writeAll(Array("old".utf8), to: path)
    }
    let failure = error { () throws(ExportError) in
      _ = try Export(ExportOptions(.json, size: .drawn)).write(store, to: path)
    }
    #expect(failure?.description.contains("no space left on device") == true)
    #expect(try contentsOfFile(path, limit: 100) == Array("old".utf8))
    #expect(try OutputTests.names(in: disk.path) == ["digits.json"])
  }

  @Test(
    "a full disk is told with the way out, whichever of the files does not fit",
    .enabled(if: SmallDisk.isPossible, "file systems can be mounted by root only"),
    arguments: ExportOptions.Format.allCases)
  func fullDiskTold(_ format: ExportOptions.Format) throws {
    let disk = try SmallDisk(kilobytes: 48)
    let scratch = try Scratch()
    try MadeUpStore.make(scratch.path + "/spool", samples: 300)
    let store = try Store.openReadOnly(directory: scratch.path + "/spool")
    let failure = error { () throws(ExportError) in
      _ = try Export(ExportOptions(format, size: .drawn)).write(store, to: disk.path + "/set/")
    }
    let words = failure?.description ?? ""
    #expect(words.contains("no space left on device; ") && words.contains("choose another"), "\(words)")
  }

  @Test("answers come in the order of the work, however long each takes")
  func ordered() throws {
    let pool = try OrderedPool<Int, Int>(threads: 4, name: "test") {
      { number in
        usleep(UInt32((number * 7919) % 5 * 400))
        return number * number
      }
    }
    var answers: [Int] = []
    for number in 0..<200 {
      pool.submit(number)
      if pool.inWork > 9, let answer = pool.next() { answers.append(answer) }
    }
    while let answer = pool.next() { answers.append(answer) }
    #expect(answers == (0..<200).map { $0 * $0 })
  }
}
