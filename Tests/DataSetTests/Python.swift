import Glibc

/// Debian's Python, which reads what we export as a researcher would.
enum Python {
  static let path = "/usr/bin/python3"

  /// Whether it is there with NumPy (apt package python3-numpy).
  static let hasNumpy = system("\(path) -c 'import numpy' 2>/dev/null") == 0
  static let isThere = access(path, X_OK) == 0

  /// What a program prints; its errors are printed too, and a failure says so.
  static func run(_ program: String, in directory: String) throws -> String {
    let script = directory + "/program.py"
    guard let file = fopen(script, "w") else { throw Failed("cannot write \(script)") }
    fputs(program, file)
    fclose(file)
    guard let pipe = popen("cd '\(directory)' && \(path) program.py 2>&1", "r") else {
      throw Failed("cannot run \(path)")
    }
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let n = fread(&chunk, 1, chunk.count, pipe)
      if n == 0 { break }
      output.append(contentsOf: chunk[..<n])
    }
    let status = pclose(pipe)
    let text = String(decoding: output, as: UTF8.self)
    guard status == 0 else { throw Failed("python3 ended with \(status): \(text)") }
    return text
  }
}
