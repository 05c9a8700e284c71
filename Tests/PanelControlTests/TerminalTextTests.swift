import JSON
import Testing

@testable import PanelControl

@Suite("Text on a terminal")
struct TerminalTextTests {
  @Test(
    "letters of every script and emoji stay as they are",
    arguments: ["Ada", "Zoë", "Ελένη", "Оля", "山田", "محمد", "👩‍🚀", "می‌خواهم", "a b", ""])
  func stays(text: String) {
    #expect(TerminalText.escaped(text) == text)
  }

  @Test(
    "what a terminal would obey is written out",
    arguments: [
      ("\u{1B}[2J", #"\u{1B}[2J"#), ("a\nb\r\tc", #"a\nb\r\tc"#), ("\u{7}", #"\u{7}"#),
      ("\u{7F}", #"\u{7F}"#),
      ("\u{9B}31m", #"\u{9B}31m"#), ("\u{202E}abc", #"\u{202E}abc"#),
      ("\u{2066}x\u{2069}", #"\u{2066}x\u{2069}"#),
      ("\u{2028}", #"\u{2028}"#), ("\u{FEFF}", #"\u{FEFF}"#), ("\u{AD}", #"\u{AD}"#),
      ("\u{E0041}", #"\u{E0041}"#),
      ("\u{200E}", #"\u{200E}"#), ("\u{0}", #"\u{0}"#),
    ])
  func writtenOut(text: String, safe: String) {
    #expect(TerminalText.escaped(text) == safe)
  }

  @Test("a backslash is doubled, so that a name cannot pretend to be an escape")
  func backslash() {
    #expect(TerminalText.escaped(#"\u{1B}"#) == #"\\u{1B}"#)
  }

  @Test("no control character is left of any scalar")
  func everyScalar() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let safe = TerminalText.escaped(String(Character(scalar)))
      let isSafe = safe.unicodeScalars.allSatisfy {
        $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) && !(0x202A...0x202E).contains($0.value)
          && !(0x2066...0x2069).contains($0.value)
      }
      #expect(isSafe, "U+\(String(value, radix: 16))")
    }
  }

  @Test("JSON keeps its value and shows the terminal nothing to obey")
  func json() {
    let text = JSON.object([("name", "\u{1B}a\u{202E}b\u{9B}c\u{E0041}\u{200D}")]).text
    #expect(
      TerminalText.escaped(json: text) == #"{"name":"\u001ba\u202eb\u009bc\udb40\udc41"# + "\u{200D}\"}")
  }
}
