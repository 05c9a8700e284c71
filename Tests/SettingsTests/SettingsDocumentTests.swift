import Glibc
import Kernel
import Testing

@testable import Settings

@Suite("The documented configuration file")
struct SettingsDocumentTests {
  private func path() throws -> String {
    let package = try #require(#filePath.range(of: "/Tests/").map { #filePath[..<$0] })
    return package + "/Assets/panel.ini"
  }

  private func shipped() throws -> String {
    String(decoding: try contentsOfFile(path(), limit: 1 << 20), as: UTF8.self)
  }

  @Test("Assets/panel.ini is what the table of keys says (PANEL_WRITE_ASSETS=1 writes it anew)")
  func isTheTable() throws {
    if getenv("PANEL_WRITE_ASSETS") != nil {
      let file = try FileDescriptor.open(path(), O_WRONLY | O_CREAT | O_TRUNC)
      try file.writeAll(Array(SettingsKey.document.utf8), to: "panel.ini")
    }
    #expect(try shipped() == SettingsKey.document)
  }

  @Test("it changes nothing as it is, and nothing with every key switched on")
  func defaults() throws {
    let text = try shipped()
    let asIs = SettingsFile(path: "panel.ini", bytes: Array(text.utf8))
    #expect(asIs.settings == Settings())
    #expect(asIs.findings == [])
    let switchedOn = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("#") && !$0.hasPrefix("# ") && $0.contains("=") ? $0.dropFirst() : $0 }
    #expect(switchedOn.count { $0.first?.isLetter == true } == SettingsKey.all.count)
    let on = SettingsFile(path: "panel.ini", bytes: Array(switchedOn.joined(separator: "\n").utf8))
    #expect(on.settings == Settings())
    #expect(on.findings == [])
  }

  @Test("no line of it is longer than inih reads")
  func lineLength() {
    #expect(SettingsKey.document.split(separator: "\n").allSatisfy { $0.utf8.count <= 120 })
  }
}

extension StringProtocol {
  /// The place of the last occurrence of `part`, up to its beginning.
  fileprivate func range(of part: String) -> Index? {
    indices.last { self[$0...].hasPrefix(part) }
  }
}
