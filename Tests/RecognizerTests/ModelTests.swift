import Randomness
import Testing

@testable import Recognizer

/// What a file must be to become a model, and what every other file gets.
@Suite("Model file")
struct ModelTests {
  private func reason(_ file: ModelFile) -> String { reason(file.bytes) }

  private func reason(_ bytes: [UInt8]) -> String {
    do {
      _ = try Model(bytes)
      return "accepted"
    } catch {
      return error.object + " " + error.reason
    }
  }

  @Test("a small model that is right is read")
  func small() throws {
    let model = try Model(ModelFile.small().bytes)
    #expect(model.version == "test-1")
    #expect(model.threshold == 30000)
    #expect(model.layers.map(\.outputs) == [16, 16])
    #expect(model.layers.map(\.outputSide) == [3, 1])
  }

  @Test("the shipped model is read, and is at most 128 KB")
  func shipped() throws {
    #expect(Fixture.model.count <= 128 << 10)
    let model = try Model(Fixture.model)
    #expect(Network(model, kernels: .best).workspace <= 64 << 10)
  }

  @Test("an error prints as one sentence that names the part and the next step")
  func sentence() {
    let error = ModelError(object: "tensor layer0.bias", reason: "is missing")
    #expect(
      "\(error)"
        == "cannot use the model: tensor layer0.bias is missing; install the digits.safetensors that came with this program"
    )
  }

  @Test("files that are no safetensors are refused with a reason")
  func foreign() {
    #expect(reason([]) == "the file ends before its header")
    #expect(reason(Array("\u{89}PNG\r\n\u{1a}\n........".utf8)) == "the file is no safetensors file")
    #expect(reason([UInt8](repeating: 0, count: 200_000)) == "the file has more than 131072 bytes")
    #expect(reason([200, 0, 0, 0, 0, 0, 0, 0, 0x7B]) == "the file ends inside its header")
    #expect(reason([2, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D]) == "the file holds no digit-panel model")
  }

  @Test("a header that is no plain JSON of strings and numbers is refused")
  func headers() {
    for header in [
      "", "{", "[]", "{\"a\":}", "{\"a\":{}}", "{\"a\":{\"dtype\":\"I8\"}}", "{}{}",
      "{\"__metadata__\":{\"a\":1}}",
      "{\"__metadata__\":{\"a\":\"\\u0041\"}}", "{\"__metadata__\":{\"a\":\"b\",\"a\":\"c\"}}",
      "{\"a\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[0,8]}}",
      "{\"a\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[0,1],\"x\":[1]}}",
      "{\"a\":{\"dtype\":\"I8\",\"shape\":[-1],\"data_offsets\":[0,1]}}",
      "{\"a\":{\"dtype\":\"I8\",\"shape\":[1e9],\"data_offsets\":[0,1]}}",
      "{\"a\":{\"dtype\":\"I8\",\"shape\":[99999999999999],\"data_offsets\":[0,1]}}",
      "{\"a\":{\"dtype\":\"I32\",\"shape\":[1099511627775,1099511627775,1099511627775],\"data_offsets\":[0,1]}}",
      "{\"a\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[1,0]}}",
      "{\"a\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[0,2]}}",
    ] {
      #expect(reason(ModelFile.file(header: header, data: [0])) != "accepted", "\(header)")
    }
  }

  @Test("tensors that overlap, leave a gap, or leave bytes over are refused")
  func coverage() {
    func file(_ a: String, _ b: String, bytes: Int) -> String {
      let header =
        "{\"a\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":\(a)},"
        + "\"b\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":\(b)}}"
      return reason(ModelFile.file(header: header, data: [UInt8](repeating: 0, count: bytes)))
    }
    #expect(file("[0,4]", "[4,8]", bytes: 8) == "the file holds no digit-panel model")
    #expect(file("[0,4]", "[2,6]", bytes: 6) == "tensor b overlaps another, or leaves a gap")
    #expect(file("[0,4]", "[5,9]", bytes: 9) == "tensor b overlaps another, or leaves a gap")
    #expect(file("[0,4]", "[4,8]", bytes: 9) == "the file has bytes that belong to no tensor")
    #expect(file("[0,4]", "[4,8]", bytes: 7) == "tensor b lies outside the file")
  }

  @Test("metadata that is missing or out of range is refused by name")
  func metadata() {
    let small = ModelFile.small()
    #expect(reason(small.with("format", "other")) == "the file holds no digit-panel model")
    #expect(reason(small.with("version", nil)).hasPrefix("metadata version"))
    #expect(reason(small.with("version", "a b")).hasPrefix("metadata version"))
    #expect(reason(small.with("threshold", "0")) == "metadata threshold is out of range")
    #expect(reason(small.with("threshold", "65537")) == "metadata threshold is out of range")
    #expect(reason(small.with("layers", "x")) == "metadata layers is no number")
    #expect(reason(small.with("layers", "1")) == "the file has more or fewer tensors than its layers need")
    #expect(reason(small.with("layers", "99")) == "metadata layers is out of range")
    #expect(reason(small.with("layer0.stride", "0")) == "metadata layer0.stride is out of range")
    #expect(reason(small.with("layer0.padding", "5")) == "metadata layer0.padding is out of range")
    #expect(reason(small.with("layer1.shift", "25")) == "metadata layer1.shift is out of range")
    #expect(reason(small.with("layer1.shift", nil)) == "metadata layer1.shift is missing")
  }

  @Test("shapes that do not fit each other are refused at load")
  func shapes() {
    let small = ModelFile.small()
    #expect(
      reason(small.with("layer0.stride", "2")) == "the last layer leaves more than one pixel")
    #expect(
      reason(
        small.with(tensor: 0) {
          $0.shape = [8, 5, 5, 2]
        }) == "tensor layer0.weight does not fit the layer before it")
    #expect(
      reason(
        small.with(tensor: 0) {
          $0.shape = [16, 25, 1, 1]
        }) == "tensor layer0.weight has no square kernel")
    #expect(
      reason(
        small.with(tensor: 0) {
          $0.shape = [15, 5, 5, 1]
          $0.data.removeLast(25)
        }) == "tensor layer0.weight has outputs that do not come in sixteens up to 256")
    #expect(
      reason(
        small.with(tensor: 1) {
          $0.shape = [15]
          $0.data.removeLast(4)
        }) == "tensor layer0.weight does not fit its bias or multiplier")
    #expect(
      reason(
        small.with(tensor: 3) {
          $0.shape = [10, 3, 3, 16]
          $0.data.removeLast(144)
        }) == "tensor layer1.weight does not have 11 outputs")
    #expect(
      reason(small.with(tensor: 2) { $0.data[1] = 0x80 }) == "tensor layer0.multiplier has negative elements")
    #expect(
      reason(small.with(tensor: 4) { $0.data[3] = 0x7F }) == "tensor layer1.weight could overflow its sums")
    #expect(
      reason(small.with(tensor: 2) { $0.type = "I8" })
        == "tensor layer0.multiplier has a size that does not match its shape")
    #expect(reason(small.with(tensor: 5) { $0.name = "other" }) == "tensor layer1.multiplier is missing")
  }

  @Test("a file cut anywhere is refused")
  func truncations() {
    let whole = ModelFile.small().bytes
    for count in 0..<whole.count { #expect(throws: ModelError.self) { try Model(Array(whole[..<count])) } }
    #expect(throws: ModelError.self) { try Model(Array(Fixture.model.dropLast())) }
  }

  @Test("a file with flipped bits is refused or gives a model that works", arguments: 0..<8)
  func flippedBits(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let whole = ModelFile.small(seed: seed).bytes
    let headerEnd = 8 + ModelFile.small(seed: seed).header.utf8.count
    var image = [UInt8](repeating: 0, count: 784)
    for i in image.indices { image[i] = UInt8.random(in: 0...255, using: &random) }
    for round in 0..<250 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        // Mostly in the header: the data may be anything.
        let end = round % 5 == 0 ? bytes.count : headerEnd
        bytes[Int.random(in: 0..<end, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
      }
      guard let model = try? Model(bytes), let picture = DigitImage(pixels: image) else { continue }
      var recognizer = Recognizer(model)
      #expect(recognizer.read(picture).probabilities.reduce(0, +) == 65536)
    }
  }

  @Test("random bytes are refused", arguments: 0..<4)
  func randomBytes(seed: UInt64) {
    var random = SplitMix64(seed: 70 + seed)
    for _ in 0..<300 {
      var bytes = (0..<Int.random(in: 0...400, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      // Half of them with a header length that could be true.
      if bytes.count > 8, Bool.random(using: &random) {
        bytes.replaceSubrange(0..<8, with: [UInt8(bytes.count / 4), 0, 0, 0, 0, 0, 0, 0])
        bytes[8] = 0x7B
      }
      #expect(throws: ModelError.self) { try Model(bytes) }
    }
  }

  @Test("the largest sums that a model may hold do not overflow")
  func saturation() throws {
    var file = ModelFile.small()
    for i in file.tensors.indices {
      let extreme: UInt8 = file.tensors[i].type == "I8" ? 0x80 : 0xFF
      for j in file.tensors[i].data.indices {
        switch file.tensors[i].type {
        case "I16": file.tensors[i].data[j] = j % 2 == 0 ? 0xFF : 0x7F
        case "I32": file.tensors[i].data[j] = [0x01, 0x00, 0x00, 0xC0][j % 4]
        default: file.tensors[i].data[j] = extreme
        }
      }
    }
    var recognizer = try Recognizer(model: file.with("layer0.shift", "0").with("layer1.shift", "0").bytes)
    let white = try #require(DigitImage(pixels: [UInt8](repeating: 255, count: 784)))
    // (-2^30 + 1 - ...) saturates to -32768, times 32767, rounded: -32767.
    let logits = recognizer.logits(of: white)
    for i in 0..<11 { #expect(logits[i] == -32767) }
  }
}
