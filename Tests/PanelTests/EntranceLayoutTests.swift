import Display
import Ink
import Testing

@testable import Panel

@Suite("The layouts of the way in")
struct EntranceLayoutTests {
  /// What is on a screen at once, by name.
  private func expectApart(_ parts: [(String, PixelRect)], _ layout: Layout, _ context: String) {
    for (i, (name, rect)) in parts.enumerated() {
      #expect(!rect.isEmpty, "\(name) is empty, \(context)")
      #expect(rect.intersection(layout.bounds) == rect, "\(name) leaves the panel, \(context): \(rect)")
      for (other, second) in parts[(i + 1)...] {
        #expect(rect.intersection(second).isEmpty, "\(name) and \(other) overlap, \(context)")
      }
    }
  }

  @Test(
    "nothing overlaps, and whatever is touched is at least 48 pixels wide and high",
    arguments: LayoutTests.sizes)
  func separate(width: Int, height: Int) throws {
    for index in StringsTests.tags.indices {
      var guest = try Guest(width: width, height: height)
      _ = guest.booth.speak(index)
      let (layout, context) = (guest.booth.layout, "\(StringsTests.tags[index]) at \(width)x\(height)")
      let screen = try #require(guest.consent)
      let places = screen.places(in: layout)
      var parts = screen.controls(in: layout).map { ("\($0.control)", $0.rect) }
      for (name, rect) in parts { #expect(min(rect.width, rect.height) >= 48, "\(name), \(context)") }
      parts += [("text", places.text), ("ask", places.askAGrownUp)]
      if !places.title.isEmpty { parts.append(("title", places.title)) }
      expectApart(parts, layout, context)

      guest.press(.readAll)
      let reading = try #require(guest.consent).controls(in: layout)
      for control in reading { #expect(min(control.rect.width, control.rect.height) >= 48, "\(context)") }
      expectApart(
        reading.map { ("\($0.control)", $0.rect) } + [("page", screen.readingPlaces(in: layout).page)],
        layout,
        context)
      guest.press(.back)
      guest.press(.showName)
      guest.press(.start)
      for layer in 0..<2 {
        let name = try #require(guest.name)
        let namePlaces = name.places(in: layout)
        let controls = name.controls(in: layout)
        for control in controls {
          #expect(min(control.rect.width, control.rect.height) >= 48, "\(control.control), \(context)")
        }
        expectApart(
          controls.map { ("\($0.control)", $0.rect) } + [
            ("field", namePlaces.field), ("message", namePlaces.message),
          ] + (namePlaces.title == .empty ? [] : [("title", namePlaces.title)]), layout,
          "layer \(layer), \(context)")
        // Only a panel too narrow for ten columns has no room for a title.
        #expect(namePlaces.title != .empty || width < 480, "\(context)")
        // A finger never falls between two keys.
        let area = namePlaces.keys.reduce(0) { $0 + $1.touch.width * $1.touch.height }
        #expect(area == namePlaces.keyboard.width * namePlaces.keyboard.height, "\(context)")
        guest.press(.figures)
      }
    }
  }

  @Test(
    "no text is set below three quarters of its size, and none is cut, in any language",
    arguments: LayoutTests.sizes)
  func fits(width: Int, height: Int) throws {
    let letters = try Letters.inter()
    let view = BoothView(theme: .dark, letters: letters, title: "Digit Panel")
    for (i, language) in StringsTests.tags.enumerated() {
      var guest = try Guest(width: width, height: height, board: ["Wwwwwwwwww Wwwwwwwww"])
      _ = guest.booth.speak(i)
      func expectFits(_ screen: String) {
        let name = guest.name?.text
        letters.observe = { fit in
          // Twenty times W is no name; it is set small rather than cut.
          if fit.text == name, fit.isWhole { return }
          #expect(
            fit.isWhole && fit.size * 4 >= fit.wanted * 3,
            "\(language) \(width)x\(height) \(screen): '\(fit.text)' at \(fit.size) of \(fit.wanted)")
        }
        _ = Letters.picture(guest.booth, view)
        letters.observe = nil
      }
      expectFits("consent")
      guest.press(.useDrawings)
      guest.press(.showName)
      expectFits("consent given")
      guest.press(.readAll)
      for page in 0..<(guest.consent?.pages(in: guest.booth.layout).count ?? 0) {
        expectFits("page \(page)")
        guest.press(.next)
      }
      guest.press(.back)
      guest.press(.start)
      for nickname in 0..<8 {
        expectFits("nickname \(nickname)")
        guest.press(.another)
      }
      guest.press(.backspace)
      expectFits("no name")
      guest.press(.figures)
      expectFits("figures")
      guest.press(.figures)
      guest.type("Wwwwwwwwww Wwwwwwwww")
      expectFits("known")
      guest.press(.space)
      expectFits("full")
    }
  }
}
