import Glibc
import Testing

/// The programs that SwiftPM builds beside a test bundle.
enum BuiltProgram {
  /// The path of one of them.
  static func path(_ name: String) throws -> String {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &buffer, buffer.count)
    let bundle = String(decoding: buffer[..<max(0, length)], as: UTF8.self)
    let slash = try #require(bundle.lastIndex(of: "/"))
    let program = "\(bundle[..<slash])/\(name)"
    try #require(access(program, X_OK) == 0, "\(program) is not built")
    return program
  }
}
