import Ink
import Kernel
import Testing

@testable import Display

@Suite("text")
struct TypefaceTests {
  @Test("a missing font is a sentence that says what to install")
  func missingFont() {
    #expect(throws: KernelError.self) { try Typeface(path: "/nowhere/Inter.otf") }
    do {
      _ = try Typeface(path: "/nowhere/Inter.otf")
    } catch {
      #expect(
        error.description
          == "cannot open font /nowhere/Inter.otf: no such file or directory; install the package fonts-inter"
      )
    }
  }

  @Test("a file that is no font is a sentence", arguments: ["/etc/passwd", "/dev/null", "/"])
  func noFont(path: String) {
    do {
      _ = try Typeface(path: path)
      Issue.record("\(path) was taken for a font")
    } catch {
      #expect(error.description.contains("font \(path)"))
    }
  }

  @Test("text is drawn within what it measures and what it says it changed", arguments: [9, 16, 33, 120])
  func withinItsMeasure(size: Int) throws {
    let face = try Typeface(inter: .medium)
    let text = "Zeichne eine 7 – größer!"
    let width = face.measure(text, size: size)
    var surface = Surface(width: width + 40, height: 3 * size)
    let damage = face.draw(text, on: &surface, x: 20, baseline: 2 * size, size: size, color: .white)
    var ink = PixelRect.empty
    for y in 0..<surface.height {
      for x in 0..<surface.width where surface[x: x, y: y] != .black {
        ink = ink.union(PixelRect(x: x, y: y, width: 1, height: 1))
      }
    }
    #expect(ink.union(damage) == damage)
    #expect(ink.x >= 19 && ink.maxX <= 21 + width && ink.width > width * 8 / 10)
    #expect(ink.y >= 2 * size - face.ascent(size) && ink.maxY <= 2 * size + face.descent(size))
  }

  @Test("capital letters stand in the middle of their rectangle")
  func baseline() throws {
    let face = try Typeface(inter: .semiBold)
    for size in [12, 20, 37, 90] {
      let box = PixelRect(x: 0, y: 7, width: 200, height: 120)
      var surface = Surface(width: 200, height: 140)
      face.draw(
        "H", on: &surface, x: 10, baseline: face.baseline(in: box, size: size), size: size, color: .white)
      let rows = (0..<140).filter { y in (0..<200).contains { surface[x: $0, y: y]?.red ?? 0 > 127 } }
      let (top, bottom) = (try #require(rows.first), try #require(rows.last) + 1)
      #expect(abs((top - box.y) - (box.maxY - bottom)) <= 2)
      #expect(abs(bottom - top - face.capHeight(size)) <= 1)
    }
  }

  @Test("pairs are kerned by the font's GPOS table")
  func kerning() throws {
    let face = try Typeface(inter: .regular)
    func tightening(_ left: String, _ right: String) -> Int {
      face.measure(left, size: 500) + face.measure(right, size: 500) - face.measure(left + right, size: 500)
    }
    // Format 2 (classes) and format 1 (pairs) of Inter.
    #expect(tightening("A", "V") > 20)
    #expect(tightening("T", "o") > 20)
    #expect(tightening("L", "T") > 20)
    #expect(abs(tightening("H", "H")) <= 1)
    #expect(abs(tightening("n", "n")) <= 1)
  }

  @Test("a damaged kerning table kerns nothing and never crashes")
  func damagedKerning() {
    var state: UInt64 = 3
    func next() -> UInt8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 40)
    }
    for length in 0..<400 {
      // A version that is right, then small numbers, so that offsets stay within.
      let bytes: [UInt8] = [0, 1, 0, 0] + (0..<length).map { $0 % 2 == 0 ? next() & 1 : next() & 63 }
      let table = KerningTable(gpos: bytes)
      for pair in 0..<8 { _ = table.adjustment(pair, 65_535 - pair) }
    }
    #expect(KerningTable(gpos: []).adjustment(1, 2) == 0)
  }

  @Test("a character that the face lacks comes from the second face, and without one is a box")
  func fallback() throws {
    let second = try Typeface(inter: .bold)
    let face = try Typeface(inter: .regular, fallback: second)
    // Inter has no Hangul; both faces lack it, so the box of the first is drawn.
    #expect(face.measure("한", size: 40) > 0)
    #expect(face.measure("a", size: 40) != second.measure("a", size: 40))
    #expect(face.measure("", size: 40) == 0)
  }

  @Test("control characters and invisible ones take no room")
  func invisible() throws {
    let face = try Typeface(inter: .regular)
    #expect(face.measure("a\u{0}\u{7}\n\u{200B}\u{FE0F}b", size: 30) == face.measure("ab", size: 30))
  }

  @Test("the same text is the same pixels, from the cache and without it")
  func cached() throws {
    let face = try Typeface(inter: .regular)
    var pictures: [Surface] = []
    for _ in 0..<3 {
      var surface = Surface(width: 300, height: 40)
      face.draw("Wave 0123456789", on: &surface, x: 3, baseline: 30, size: 22, color: .white)
      pictures.append(surface)
    }
    #expect(pictures[0] == pictures[1])
    // More glyphs than the cache keeps.
    var large = Surface(width: 50, height: 50)
    for size in stride(from: 200, to: 1400, by: 100) {
      face.draw("MWQ@%", on: &large, x: 0, baseline: 40, size: size, color: .white)
    }
    var again = Surface(width: 300, height: 40)
    face.draw("Wave 0123456789", on: &again, x: 3, baseline: 30, size: 22, color: .white)
    #expect(again == pictures[2])
  }

  @Test("text that is too long is cut with an ellipsis, and breaks at its spaces")
  func fitting() throws {
    let face = try Typeface(inter: .regular)
    let text = "The quick brown fox jumps over the lazy dog"
    #expect(face.shortened(text, size: 20, width: 2000) == text)
    let short = face.shortened(text, size: 20, width: 120)
    #expect(short.hasSuffix("…") && face.measure(short, size: 20) <= 120 && short.count > 6)
    #expect(face.shortened(text, size: 20, width: 2) == "")
    let lines = face.lines(text + "\n\nEnd", size: 20, width: 150)
    #expect(lines.filter { !$0.isEmpty }.joined(separator: " ") == text + " End")
    #expect(lines.count > 4 && lines.allSatisfy { face.measure($0, size: 20) <= 150 })
    #expect(lines.suffix(2) == ["", "End"])
  }

  @Test("alignment puts the end or the middle of the text at x")
  func alignment() throws {
    let face = try Typeface(inter: .regular)
    let width = face.measure("Submit", size: 24)
    func box(_ alignment: Typeface.Alignment) -> PixelRect {
      var surface = Surface(width: 400, height: 40)
      return face.draw(
        "Submit", on: &surface, x: 200, baseline: 30, size: 24, color: .white, alignment: alignment)
    }
    #expect(box(.left).x - box(.right).x == width)
    #expect(box(.left).x - box(.center).x == width / 2)
  }
}
