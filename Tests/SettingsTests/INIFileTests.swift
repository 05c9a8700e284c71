import Testing

@testable import Settings

@Suite("INI files as inih reads them")
struct INIFileTests {
  private func lines(_ text: String, joinsIndented: Bool = true) -> [INIFile.Line] {
    INIFile(bytes: Array(text.utf8), joinsIndented: joinsIndented).lines
  }

  @Test("sections and entries come with their lines")
  func lines() {
    #expect(
      lines("a = 1\n\n# no\n[s]\r\nb=2 = 3\n; no\n")
        == [
          INIFile.Line(number: 1, content: .entry(section: "", name: "a", value: "1")),
          INIFile.Line(number: 4, content: .section("s")),
          INIFile.Line(number: 5, content: .entry(section: "s", name: "b", value: "2 = 3")),
        ])
  }

  @Test("an indented line goes on with an entry where that is wanted, and else stands alone")
  func indented() {
    #expect(
      lines("[s]\na = 1\n  two\n\n  three\n  [four]\nb = 5")
        == [
          INIFile.Line(number: 1, content: .section("s")),
          INIFile.Line(number: 2, content: .entry(section: "s", name: "a", value: "1 two three [four]")),
          INIFile.Line(number: 7, content: .entry(section: "s", name: "b", value: "5")),
        ])
    #expect(
      lines("a = 1\n  b = 2", joinsIndented: false).map(\.content)
        == [.entry(section: "", name: "a", value: "1"), .entry(section: "", name: "b", value: "2")])
  }

  @Test("an indented line after a heading or a wrong line goes on with nothing")
  func indentedAlone() {
    #expect(
      lines("[s]\n  a = 1\nwrong\n  b = 2").map(\.content)
        == [
          .section("s"), .entry(section: "s", name: "a", value: "1"),
          .unreadable("is neither [section] nor key = value"), .entry(section: "s", name: "b", value: "2"),
        ])
  }

  @Test("a semicolon within a value belongs to it")
  func semicolon() {
    #expect(
      lines("[s]\na = Zahlen ; Ziffern\n  bonjour ; salut\nb: x;y = 1 #").map(\.content)
        == [
          .section("s"), .entry(section: "s", name: "a", value: "Zahlen ; Ziffern bonjour ; salut"),
          .entry(section: "s", name: "b", value: "x;y = 1 #"),
        ])
  }

  @Test("the longest line is read whole and a longer one not at all")
  func lineLength() {
    let longest = "a = " + String(repeating: "x", count: 193)
    #expect(
      lines(longest).map(\.content)
        == [.entry(section: "", name: "a", value: String(repeating: "x", count: 193))])
    #expect(lines(longest + "x").map(\.content) == [.unreadable("is longer than 197 bytes")])
    #expect(
      lines("a = 1\n  " + String(repeating: "y", count: 197)).map(\.content)
        == [.entry(section: "", name: "a", value: "1 " + String(repeating: "y", count: 197))])
  }
}
