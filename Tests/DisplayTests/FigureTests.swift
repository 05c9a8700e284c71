import Ink
import Testing

@testable import Display

@Suite("figures")
struct FigureTests {
  private func weight(_ mask: Figure.Mask) -> Float {
    mask.coverage.reduce(Float(0)) { $0 + Float($1) } / 255
  }

  @Test(
    "a line covers its length times its thickness and its round ends, at every size", arguments: [24, 48, 96])
  func line(size: Int) {
    let figure = Figure(grid: 24, [.line([.init(4, 12), .init(20, 12)])])
    let thickness = Float(size) / 8
    let expected = Float(size) * 16 / 24 * thickness + .pi * thickness * thickness / 4
    #expect(abs(weight(figure.mask(size: size, thickness: thickness)) - expected) < expected * 0.03)
  }

  @Test("a ring of arcs covers what a ring covers, and a joint is not drawn twice")
  func arcs() {
    let whole = Figure(grid: 24, [.arc(x: 12, y: 12, radius: 8, from: 0, sweep: 360)])
    let halves = Figure(
      grid: 24,
      [
        .arc(x: 12, y: 12, radius: 8, from: 0, sweep: 180),
        .arc(x: 12, y: 12, radius: 8, from: 0, sweep: -180),
      ])
    let mask = whole.mask(size: 72, thickness: 6)
    #expect(abs(weight(mask) - 2 * .pi * 24 * 6) < 2 * .pi * 24 * 6 * 0.02)
    #expect(
      zip(mask.coverage, halves.mask(size: 72, thickness: 6).coverage).allSatisfy {
        abs(Int($0) - Int($1)) <= 2
      })
  }

  @Test("an area covers what it encloses, whichever way its points go round")
  func areas() {
    let points: [Figure.Point] = [.init(4, 4), .init(20, 4), .init(4, 20)]
    for corners in [points, points.reversed()] {
      let mask = Figure(grid: 24, [.area(corners)]).mask(size: 96, thickness: 0)
      #expect(abs(weight(mask) - 64 * 64 / 2) < 40)
      #expect(mask.coverage[20 * 96 + 20] == 255)
      #expect(mask.coverage[80 * 96 + 80] == 0)
    }
  }

  @Test("a disc covers its area, and what leaves the grid is cut off")
  func discs() {
    let disc = Figure(grid: 10, [.disc(x: 5, y: 5, radius: 4)]).mask(size: 100, thickness: 0)
    #expect(abs(weight(disc) - .pi * 40 * 40) < 40)
    let cut = Figure(grid: 10, [.disc(x: 0, y: 0, radius: 4), .line([])]).mask(size: 100, thickness: 0)
    #expect(abs(weight(cut) - .pi * 10 * 40) < 20)
    #expect(Figure(grid: 10, []).mask(size: 0, thickness: 3).coverage == [0])
  }

  @Test(
    "a ring that empties covers its part of the way round, clockwise from the top",
    arguments: [0.25, 0.5, 0.8, 1])
  func countdown(part: Double) {
    var surface = Surface(width: 100, height: 100)
    surface.ring(x: 50, y: 50, radius: 40, thickness: 8, part: Float(part), .white)
    let covered = surface.pixels.reduce(Float(0)) { $0 + Float($1 & 0xFF) / 255 }
    let ends: Float = part < 1 ? .pi * 16 : 0
    #expect(abs(covered - (2 * .pi * 40 * 8 * Float(part) + ends)) < 40)
    #expect(surface[x: 90, y: 49] == .white)
    #expect((surface[x: 9, y: 49] == .white) == (part > 0.75))
    var empty = Surface(width: 9, height: 9)
    empty.ring(x: .nan, y: 4, radius: 3, thickness: 2, part: 1, .white)
    empty.ring(x: 4, y: 4, radius: 3, thickness: 2, part: 0, .white)
    #expect(empty == Surface(width: 9, height: 9))
  }
}
