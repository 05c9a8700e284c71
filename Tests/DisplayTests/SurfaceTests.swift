import Ink
import Testing

@testable import Display

@Suite("the surface")
struct SurfaceTests {
  let red = Color(0xFF0000)

  @Test("blending is exact to the nearest value for every colour, background and coverage")
  func blending() {
    for alpha in 0...255 {
      for below in stride(from: 0, through: 255, by: 5) {
        for above in stride(from: 0, through: 255, by: 15) {
          let found = mix(UInt32(below) * 0x010101, UInt32(above) * 0x010101, UInt32(alpha))
          let exact = (above * alpha + below * (255 - alpha) + 127) / 255
          #expect(found == 0xFF00_0000 | UInt32(exact) * 0x010101)
        }
      }
    }
  }

  @Test("channels do not touch each other")
  func channels() {
    #expect(Color(0x102030).mixed(with: Color(0xF0E0D0), 0) == Color(0x102030))
    #expect(Color(0x102030).mixed(with: Color(0xF0E0D0), 255) == Color(0xF0E0D0))
    #expect(Color(0xFF0000).mixed(with: Color(0x0000FF), 51) == Color(0xCC0033))
  }

  @Test(
    "a rectangle fills its pixels, clipped to the surface",
    arguments: [
      PixelRect(x: 2, y: 1, width: 3, height: 2), PixelRect(x: -5, y: -5, width: 8, height: 7),
      PixelRect(x: 6, y: 5, width: 100, height: 100), PixelRect(x: 50, y: 0, width: 3, height: 3),
      PixelRect(x: 2, y: 2, width: -1, height: 4), PixelRect(x: -9, y: -9, width: 90, height: 90),
    ])
  func filling(rect: PixelRect) {
    var surface = Surface(width: 8, height: 6)
    surface.fill(rect, red)
    for y in 0..<6 {
      for x in 0..<8 { #expect((surface[x: x, y: y] == red) == rect.contains(x: x, y: y)) }
    }
    surface.fill(surface.bounds, .white, opacity: 0)
    #expect((0..<48).contains { surface[x: $0 % 8, y: $0 / 8] == .white } == false)
  }

  @Test("round corners leave the corner free, fill the middle, and look the same from all sides")
  func roundCorners() {
    for (width, height, radius) in [(40, 30, 10), (30, 30, 15), (21, 9, 99), (12, 12, 1)] {
      var surface = Surface(width: width + 4, height: height + 4)
      surface.fill(PixelRect(x: 2, y: 2, width: width, height: height), .white, radius: radius)
      var inked = 0
      for y in 0..<height {
        for x in 0..<width {
          let color = surface[x: x + 2, y: y + 2]
          #expect(color == surface[x: width + 1 - x, y: y + 2])
          #expect(color == surface[x: x + 2, y: height + 1 - y])
          inked += Int(color?.red ?? 0)
        }
      }
      let r = Double(min(radius, min(width, height) / 2))
      let area = Double(width * height) - (4 - Double.pi) * r * r
      #expect(abs(Double(inked) / 255 - area) < area * 0.02)
      #expect(surface[x: 1, y: 6] == .black)
      #expect(surface[x: 2 + width / 2, y: 2 + height / 2] == .white)
      if radius > 3 { #expect(surface[x: 2, y: 2] == .black) }
    }
  }

  @Test("an outline is as thick as asked, and free within")
  func outlines() {
    for radius in [0, 5, 12] {
      var surface = Surface(width: 60, height: 50)
      surface.stroke(PixelRect(x: 5, y: 5, width: 50, height: 40), .white, thickness: 3, radius: radius)
      for (x, y) in [(4, 25), (8, 25), (30, 4), (30, 8), (51, 25), (55, 25), (30, 41), (30, 45), (30, 25)] {
        #expect(surface[x: x, y: y] == .black, "radius \(radius) at \(x), \(y)")
      }
      for (x, y) in [(5, 25), (7, 25), (30, 5), (30, 7), (52, 25), (54, 25), (30, 42), (30, 44)] {
        #expect(surface[x: x, y: y] == .white, "radius \(radius) at \(x), \(y)")
      }
      #expect(surface[x: 5, y: 5] == (radius == 0 ? .white : .black))
    }
  }

  @Test(
    "a line covers its length times its thickness, in any direction, and draws nothing for what is no number")
  func lines() {
    for (x, y) in [(80, 50), (50, 80), (20, 30), (75, 72)] as [(Float, Float)] {
      var surface = Surface(width: 100, height: 100)
      surface.line(x0: 50, y0: 50, x1: x, y1: y, .white, thickness: 4)
      let inked = surface.pixels.reduce(0) { $0 + Int($1 & 255) } / 255
      let length = ((x - 50) * (x - 50) + (y - 50) * (y - 50)).squareRoot()
      #expect(abs(Float(inked) - (length * 4 + 12.6)) < 3)
      let before = surface
      surface.line(x0: .nan, y0: 0, x1: 10, y1: 10, .white, thickness: 4)
      surface.line(x0: 0, y0: 0, x1: .infinity, y1: 10, .white, thickness: 4)
      #expect(surface == before)
    }
  }

  @Test("a mask is clipped on all sides, and one that is too short draws nothing")
  func masks() {
    var surface = Surface(width: 4, height: 4)
    let mask = [UInt8](repeating: 255, count: 100)
    surface.blend(mask: mask, maskWidth: 10, maskHeight: 10, x: -3, y: -3, color: red)
    #expect(surface.pixels.allSatisfy { $0 == red.pixel })
    surface.blend(mask: mask, maskWidth: 10, maskHeight: 10, x: 3, y: 3, color: .white)
    #expect(surface.pixels.filter { $0 == Color.white.pixel }.count == 1)
    surface.blend(mask: mask, maskWidth: 11, maskHeight: 10, x: 0, y: 0, color: .black)
    surface.blend(mask: mask, maskWidth: -1, maskHeight: -100, x: 0, y: 0, color: .black)
    #expect(!surface.pixels.contains(Color.black.pixel))
  }

  @Test("ink takes the colours of its ramp, and only in the damage")
  func ink() {
    var canvas = Canvas()
    let damage = canvas.drawSegment(x0: 30, y0: 30, x1: 60, y1: 40, diameter: 20)
    let ramp = InkRamp(paper: Color(0x101820), ink: Color(0xF0F4F8))
    #expect(ramp[0] == Color(0x101820))
    #expect(ramp[255] == Color(0xF0F4F8))
    var surface = Surface(width: 320, height: 300, color: red)
    let changed = surface.ink(canvas, damage, x: 20, y: 10, ramp: ramp)
    #expect(changed == damage.offset(x: 20, y: 10))
    for y in 0..<300 {
      for x in 0..<320 {
        let expected =
          changed.contains(x: x, y: y) ? ramp[canvas.pixels[(y - 10) * 280 + x - 20]] : red
        if surface[x: x, y: y] != expected { Issue.record("wrong colour at \(x), \(y)") }
      }
    }
    #expect(
      surface.ink(canvas, canvas.bounds, x: 310, y: -270, ramp: ramp)
        == PixelRect(x: 310, y: 0, width: 10, height: 10))
    #expect(surface.ink(canvas, canvas.bounds, x: 1000, y: 0, ramp: ramp) == .empty)
  }

  @Test("a copy is clipped at both ends")
  func copying() {
    var source = Surface(width: 5, height: 5)
    for i in source.pixels.indices { source.pixels[i] = 0xFF00_0000 | UInt32(i) }
    var target = Surface(width: 4, height: 4, color: .white)
    target.copy(PixelRect(x: 3, y: 3, width: 9, height: 9), of: source, x: 2, y: 1)
    #expect(target[x: 2, y: 1] == Color(18))
    #expect(target[x: 3, y: 2] == Color(24))
    #expect(target.pixels.filter { $0 != Color.white.pixel }.count == 4)
    target.copy(PixelRect(x: -2, y: -2, width: 9, height: 9), of: source, x: -3, y: -3)
    #expect(target[x: 0, y: 0] == Color(6))
    #expect(target[x: 3, y: 3] == Color(24))
  }
}
