import Glibc
import Kernel

/// Where the files that come with the programs are looked for: model, strings, recordings.
public struct AssetSearch: Equatable, Sendable {
  /// Where a package installs them.
  public static let installed = "/usr/share/panel"

  /// The directories, the first choice first.
  public let directories: [String]

  /// - Parameters:
  ///   - named: the directory that an option or PANEL_ASSETS names. It is then the only one: what a person names is never
  ///     silently passed over.
  ///   - executable: the program's own path, with symbolic links resolved.
  public init(named: String?, executable: String?) {
    if let named, !named.isEmpty {
      directories = [named]
      return
    }
    var found: [String] = []
    if let executable, let slash = executable.lastIndex(of: "/") {
      let directory = executable[..<slash]
      if let parent = directory.lastIndex(of: "/").map({ directory[..<$0] }) {
        found += ["\(parent)/share/panel", "\(parent)/Assets"]
      }
      // A program that SwiftPM built lies in PACKAGE/.build/TRIPLE/CONFIGURATION.
      let parts = executable.split(separator: "/", omittingEmptySubsequences: false)
      if let build = parts.lastIndex(of: ".build") {
        found.append(parts[..<build].joined(separator: "/") + "/Assets")
      }
    }
    directories = found + [AssetSearch.installed]
  }

  /// The search of this process: PANEL_ASSETS, or else around the program and where a package installs.
  public init(option: String? = nil) {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &buffer, buffer.count)
    let executable = length > 0 ? String(decoding: buffer[..<length], as: UTF8.self) : nil
    let named = option ?? getenv("PANEL_ASSETS").map { String(cString: $0) }
    self.init(named: named, executable: executable)
  }

  /// The path of the first readable file of that name, such as `model/digits.safetensors`.
  ///
  /// - Throws: ``KernelError`` that names every place that was tried.
  public func find(
    _ name: String, isReadable: (String) -> Bool = { access($0, R_OK) == 0 }
  ) throws(KernelError) -> String {
    let tried = directories.map { "\($0)/\(name)" }
    if let path = tried.first(where: isReadable) { return path }
    throw KernelError(
      "find", name, reason: "it is not readable at \(tried.joined(separator: ", "))",
      next: "install the package, or name its Assets directory with PANEL_ASSETS")
  }
}
