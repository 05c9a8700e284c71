import Glibc
import Kernel
import Spool

/// Where a data set goes: one file, or a directory with a data sheet and checksums.
final class Destination {
  let writer: any BatchWriter
  /// Makes what turns rows into the format's form; called in each thread.
  let encoder: @Sendable () -> any RowEncoder
  /// Whether a data sheet is written: a single file has none.
  var hasSheet: Bool { directory != nil }
  private let directory: OutputDirectory?
  private let checksums: Checksums?
  private let path: String

  /// - Parameter most: rows that may come.
  init(_ path: String, _ options: ExportOptions, most: Int) throws(KernelError) {
    self.path = path
    let directory =
      options.format.isAlwaysDirectory || path.hasSuffix("/") || Destination.isDirectory(path)
      ? try OutputDirectory(path) : nil
    let checksums: Checksums? = if let directory { try Checksums(directory) } else { nil }
    let name = "digits.\(options.format.rawValue)"
    switch (options.format, directory, checksums) {
    case (.idx, let directory?, _):
      writer = try IDXWriter(directory, side: options.size.rawValue)
      encoder = { IDXRows() }
    case (.imagefolder, let directory?, let checksums?):
      writer = ImageFolderWriter(directory, checksums)
      let place = directory.path("")
      encoder = { [size = options.size] in ImageFolderRows(String(place.dropLast()), size: size) }
    default:
      let output = try OutputFile(directory?.path(name) ?? path, next: "choose another --output")
      switch options.format {
      case .npz:
        writer = try NumpyWriter(output, name: name, options: options, most: most)
        encoder = { NumpyRows(options) }
      case .json:
        writer = try TextWriter(output, name: name, begin: Array("[".utf8), end: "\n]\n", skipFirst: 1)
        encoder = { JSONRows(options) }
      case .csv:
        writer = try TextWriter(output, name: name, begin: RowText.csvHeader(side: options.size.rawValue))
        encoder = { CSVRows() }
      default:
        writer = try TextWriter(output, name: name, begin: [])
        encoder = { StrokeRows() }
      }
    }
    self.directory = directory
    self.checksums = checksums
  }

  /// Finishes the files, and in a directory the data sheet and the checksums, and gives all of it its name.
  func finish(_ report: inout ExportReport, _ tally: Tally, _ options: ExportOptions) throws(KernelError) {
    let names = try writer.finish()
    guard let directory, let checksums else {
      report.files = 1
      report.bytes = Destination.bytes(of: path)
      return
    }
    let sheet = DataSheet(options, tally, report, files: names)
    try OutputFile.write(Array(sheet.text.utf8), to: directory.path("README.md"))
    for name in names + ["README.md"] { try checksums.add(name) }
    try checksums.finish()
    for name in names + ["README.md", "SHA256SUMS"] {
      report.files += 1
      report.bytes += Destination.bytes(of: directory.path(name))
    }
    try directory.finish()
  }

  private static func isDirectory(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }

  private static func bytes(of path: String) -> UInt64 {
    var info = stat()
    return stat(path, &info) == 0 ? UInt64(max(0, info.st_size)) : 0
  }
}

extension ExportOptions.Format {
  /// Whether it is several files.
  var isAlwaysDirectory: Bool { self == .idx || self == .imagefolder }
}
