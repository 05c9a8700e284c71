import Kernel
import Spool

/// SHA256SUMS: what `sha256sum --check` reads.
final class Checksums {
  private let directory: OutputDirectory
  private let output: OutputFile

  init(_ directory: OutputDirectory) throws(KernelError) {
    self.directory = directory
    output = try OutputFile(directory.path("SHA256SUMS"))
  }

  func add(lines: [UInt8]) throws(KernelError) {
    try output.write(lines)
  }

  /// Adds a file of the directory, which is read for it.
  func add(_ name: String) throws(KernelError) {
    try output.write(Checksums.line(try Digest(ofFile: directory.path(name)), name))
  }

  func finish() throws(KernelError) {
    try output.finish()
  }

  static func line(_ digest: Digest, _ name: String) -> [UInt8] {
    Array("\(digest)  \(name)\n".utf8)
  }
}
