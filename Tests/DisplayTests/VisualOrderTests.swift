import Testing

@testable import Display

@Suite("Text from right to left")
struct VisualOrderTests {
  @Test(
    "a line without letters from the right stays as it is",
    arguments: ["", "Zoë (7)", "Їжак’s ★", "…", "🦊 Fox"])
  func unchanged(line: String) {
    #expect(VisualOrder.arranged(line) == line)
  }

  @Test("Hebrew and Arabic stand from the right, digits and Latin within them from the left")
  func turned() {
    #expect(VisualOrder.arranged("שלום") == "םולש")
    #expect(VisualOrder.arranged("נועה 12") == "12 העונ")
    #expect(VisualOrder.arranged("دانا") == "اناد")
    #expect(VisualOrder.arranged("Max שלום 7") == "Max 7 םולש")
    #expect(VisualOrder.arranged("שלום Max") == "Max םולש")
    #expect(VisualOrder.arranged("שלום עולם") == "םלוע םולש")
  }

  @Test("a bracket opens on the right where the text comes from there")
  func mirrored() {
    #expect(VisualOrder.arranged("נועה (טל)") == "(לט) העונ")
  }

  @Test("an accent stays with its letter, and no character is lost")
  func whole() {
    let line = "שָׁלוֹם Zoë 🦊 ١٢"
    #expect(VisualOrder.arranged(line).count == line.count)
    #expect(Set(VisualOrder.arranged(line)) == Set(line))
    let pile = String(repeating: "א b ( 7 ", count: 500)
    #expect(VisualOrder.arranged(pile).count == pile.count)
  }
}
