import Ink
import Testing

@testable import Recognizer

/// The shipped network against the training side's own integers, and on drawings by the panel's ink.
@Suite("Recognizer")
struct RecognizerTests {
  @Test("every logit and probability equals the training side's integer model")
  func golden() throws {
    let file = try SafeTensors(try #require(Fixture.bytes(Fixture.root + "/Assets/model/golden.safetensors")))
    var recognizer = try Recognizer(model: Fixture.model)
    #expect(file.text("model").map { String(decoding: $0, as: UTF8.self) } == recognizer.modelVersion)
    let images = file.elements(of: try file.tensor("images", .int8, dimensions: 3)).map {
      UInt8(truncatingIfNeeded: $0)
    }
    let logits = file.elements(of: try file.tensor("logits", .int16, dimensions: 2))
    let readings = file.elements(of: try file.tensor("readings", .int32, dimensions: 2))
    #expect(images.count >= 40 * 784)
    for i in 0..<images.count / 784 {
      let image = try #require(DigitImage(pixels: Array(images[i * 784..<(i + 1) * 784])))
      let own = recognizer.logits(of: image)
      #expect((0..<11).map { Int32(own[$0]) } == Array(logits[i * 11..<(i + 1) * 11]))
      let reading = recognizer.read(image)
      #expect(reading.probabilities.map { Int32($0) } == Array(readings[i * 11..<i * 11 + 10]))
      #expect(Int32(reading.rejection) == readings[i * 11 + 10])
      #expect(reading.isDigit == (reading.rejection < recognizer.model.threshold))
    }
  }

  @Test("a blank canvas is no digit")
  func blank() throws {
    var recognizer = try Recognizer(model: Fixture.model)
    let reading = recognizer.read(canvas: [UInt8](repeating: 0, count: 280 * 280), width: 280, height: 280)
    #expect(reading == .blank)
  }

  @Test("digits drawn by the panel's ink are read, wherever they stand", arguments: Drawing.digits)
  func digits(drawing: Drawing) throws {
    var recognizer = try Recognizer(model: Fixture.model)
    for (scale, dx, dy) in [(1.0, 0, 0), (0.6, 10, 20), (0.5, 130, 110), (0.8, 50, 0)]
      as [(Float, Float, Float)]
    {
      let reading = recognizer.read(
        canvas: drawing.canvas(scale: scale, dx: dx, dy: dy).pixels, width: 280, height: 280)
      #expect(reading.digit == drawing.label, "\(drawing.name) at \(scale)")
      #expect(reading.isDigit, "\(drawing.name) at \(scale)")
      #expect(reading.confidence == reading[reading.digit])
    }
  }

  @Test("what is no digit is told as such", arguments: Drawing.others)
  func others(drawing: Drawing) throws {
    var recognizer = try Recognizer(model: Fixture.model)
    let reading = recognizer.read(
      canvas: drawing.canvas(scale: 1, dx: 0, dy: 0).pixels, width: 280, height: 280)
    #expect(!reading.isDigit, "\(drawing.name): \(reading)")
    #expect(reading.probabilities.reduce(0, +) == 65536)
  }

  @Test("the same drawing gives the same bits again")
  func repeatable() throws {
    var recognizer = try Recognizer(model: Fixture.model)
    let canvases = (Drawing.digits + Drawing.others).map { $0.canvas(scale: 1, dx: 0, dy: 0).pixels }
    let first = canvases.map { recognizer.read(canvas: $0, width: 280, height: 280) }
    let again = canvases.reversed().map { recognizer.read(canvas: $0, width: 280, height: 280) }
    #expect(first == again.reversed())
  }

  @Test(
    "of the first thousand of MNIST test images at least 990 are read right",
    .enabled(if: Fixture.hasData, "needs the folder shared/data beside the repository"))
  func mnist() throws {
    let images = try #require(Fixture.unpacked(Fixture.data + "/mnist/t10k-images-idx3-ubyte.gz"))
    let labels = try #require(Fixture.unpacked(Fixture.data + "/mnist/t10k-labels-idx1-ubyte.gz"))
    var recognizer = try Recognizer(model: Fixture.model)
    // The first thousand: the whole set takes the plain kernel minutes in a debug build.
    var right = 0
    for i in 0..<1000 {
      let image = try #require(DigitImage(pixels: Array(images[16 + i * 784..<16 + (i + 1) * 784])))
      if recognizer.read(image).digit == Int(labels[8 + i]) { right += 1 }
    }
    #expect(right >= 990)
  }
}
