import Ink
import Testing

/// Rectangles of damage and the one rotation.
@Suite("Rectangles and rotation")
struct GeometryTests {
  @Test("the union with nothing is the other, and the intersection of strangers is nothing")
  func neutral() {
    let a = PixelRect(x: 3, y: 4, width: 5, height: 6)
    #expect(a.union(.empty) == a && PixelRect.empty.union(a) == a)
    #expect(a.intersection(PixelRect(x: 8, y: 4, width: 2, height: 2)) == .empty)
    #expect(
      a.union(PixelRect(x: 0, y: 20, width: 1, height: 1)) == PixelRect(x: 0, y: 4, width: 8, height: 17))
    #expect(a.inset(by: 3).isEmpty)
    #expect(a.offset(x: -3, y: -4).contains(x: 0, y: 0))
  }

  @Test("every corner of every rotation lands on itself when it comes back", arguments: Rotation.allCases)
  func corners(rotation: Rotation) {
    let (w, h) = (320, 200)
    let panel = rotation.panelSize(scanoutWidth: w, scanoutHeight: h)
    for (x, y) in [
      (0, 0), (panel.width - 1, 0), (0, panel.height - 1), (panel.width - 1, panel.height - 1), (7, 11),
    ] {
      let s = rotation.scanout(x: x, y: y, scanoutWidth: w, scanoutHeight: h)
      #expect((0..<w).contains(s.x) && (0..<h).contains(s.y))
      // A finger on the middle of that scanout pixel points at the panel pixel it came from.
      let back = rotation.panel(u: (Float(s.x) + 0.5) / Float(w), v: (Float(s.y) + 0.5) / Float(h))
      #expect(Int(back.u * Float(panel.width)) == x && Int(back.v * Float(panel.height)) == y)
    }
  }

  @Test("a rectangle turns as its pixels do", arguments: Rotation.allCases)
  func rectangles(rotation: Rotation) {
    let (w, h) = (60, 40)
    let rect = PixelRect(x: 3, y: 5, width: 7, height: 4)
    let turned = rotation.scanout(rect, scanoutWidth: w, scanoutHeight: h)
    var hull = PixelRect.empty
    for y in rect.y..<rect.maxY {
      for x in rect.x..<rect.maxX {
        let at = rotation.scanout(x: x, y: y, scanoutWidth: w, scanoutHeight: h)
        hull = hull.union(PixelRect(x: at.x, y: at.y, width: 1, height: 1))
      }
    }
    #expect(turned == hull)
  }
}
