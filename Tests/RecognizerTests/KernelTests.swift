import Randomness
import Testing

@testable import Recognizer

/// Every fast kernel that this processor has, bit for bit against the plain one.
@Suite("Kernels")
struct KernelTests {
  static let fast = KernelSet.available.filter { $0 != .reference }

  /// A layer of random shape and numbers that the model's reader would accept.
  static func layer(seed: UInt64, isLast: Bool = false) -> Convolution {
    var random = SplitMix64(seed: seed)
    let inputs = [1, 16, 16, 32, 48, 64].randomElement(using: &random) ?? 1
    let outputs = isLast ? 16 : [16, 32, 48, 64].randomElement(using: &random) ?? 16
    let kernel = Int.random(in: 1...5, using: &random)
    let side = isLast ? kernel : Int.random(in: kernel...13, using: &random)
    let limit = [3, 64, 65, 128].randomElement(using: &random) ?? 64
    let count = outputs * kernel * kernel * inputs
    return Convolution(
      inputs: inputs, outputs: outputs, kernel: kernel, stride: Int.random(in: 1...3, using: &random),
      padding: isLast ? 0 : Int.random(in: 0..<kernel, using: &random), inputSide: side,
      shift: Int.random(in: 0...14, using: &random),
      weights: (0..<count).map { _ in Int8(clamping: Int.random(in: -limit...limit, using: &random)) },
      biases: (0..<outputs).map { _ in Int32.random(in: -2_000_000...2_000_000, using: &random) },
      multipliers: (0..<outputs).map { _ in Int16.random(in: 0...32767, using: &random) }, isLast: isLast)
  }

  /// The output of a layer by its plan and by the reference, from the same random activations.
  private func outputs(
    of layer: Convolution, kernels: KernelSet, seed: UInt64, extreme: Bool = false
  ) -> (fast: [Int8], plain: [Int8], fastLogits: [Int16], plainLogits: [Int16]) {
    var random = SplitMix64(seed: seed)
    let (side, nextPadding) = (layer.outputSide, Int.random(in: 0...2, using: &random))
    let nextSide = side + 2 * nextPadding
    // What lies behind the picture has weight 0, and may be any activation.
    let input = (0..<layer.paddedSide * layer.paddedSide * layer.inputs + 8).map { _ in
      extreme ? 127 : Int8.random(in: 0...127, using: &random)
    }
    var plain = [Int8](repeating: 0, count: nextSide * nextSide * layer.outputs)
    var plainLogits = [Int16](repeating: 0, count: 16)
    ReferenceKernel.run(layer, input: input) { row, column, channel, value in
      if layer.isLast { return plainLogits[channel] = value }
      let pixel = (row + nextPadding) * nextSide + column + nextPadding
      plain[pixel * layer.outputs + channel] = Int8(max(0, min(127, value)))
    }
    let plan = LayerPlan(layer, nextPadding: nextPadding, nextSide: nextSide, kernels: kernels)
    var fast = [Int8](repeating: 0, count: plain.count)
    var fastLogits = [Int16](repeating: 0, count: 16)
    #expect(plan.inputCount <= input.count && plan.inputRoom == input.count)
    #expect(plan.outputCount <= fast.count)
    input.withUnsafeBufferPointer { input in
      fast.withUnsafeMutableBufferPointer { fast in
        fastLogits.withUnsafeMutableBufferPointer { logits in
          guard let input = input.baseAddress, let fast = fast.baseAddress, let logits = logits.baseAddress
          else { return }
          kernels.convolve(plan.task(input: input, output: fast, logits: logits))
        }
      }
    }
    return (fast, plain, fastLogits, plainLogits)
  }

  @Test("a fast kernel equals the plain one over random layers", arguments: fast)
  func layers(kernels: KernelSet) {
    for seed in 0..<60 as Range<UInt64> {
      let result = outputs(of: KernelTests.layer(seed: seed), kernels: kernels, seed: seed)
      #expect(result.fast == result.plain, "layer \(seed)")
    }
  }

  @Test("a fast kernel's logits equal the plain one's over random last layers", arguments: fast)
  func lastLayers(kernels: KernelSet) {
    for seed in 0..<30 as Range<UInt64> {
      let result = outputs(
        of: KernelTests.layer(seed: 100 + seed, isLast: true), kernels: kernels, seed: seed)
      #expect(result.fastLogits == result.plainLogits, "layer \(seed)")
    }
  }

  @Test("a fast kernel equals the plain one for every number of pixels", arguments: fast)
  func pixels(kernels: KernelSet) {
    for side in 1...14 {
      var random = SplitMix64(seed: UInt64(side))
      let layer = Convolution(
        inputs: 16, outputs: 48, kernel: 1, stride: 1, padding: 0, inputSide: side, shift: 2,
        weights: (0..<768).map { _ in Int8.random(in: -64...64, using: &random) },
        biases: [Int32](repeating: 5, count: 48), multipliers: [Int16](repeating: 1500, count: 48),
        isLast: false)
      let result = outputs(of: layer, kernels: kernels, seed: 1)
      #expect(result.fast == result.plain, "\(side * side) pixels")
      #expect(result.plain.contains { $0 > 0 && $0 < 127 })
    }
  }

  @Test("the largest activations and weights overflow no kernel", arguments: fast)
  func extremes(kernels: KernelSet) {
    for weight in [-128, -127, -64, 64, 127] as [Int8] {
      for shift in [0, 8, 14] {
        // The fast kernels take 32 channels and then 16.
        let layer = Convolution(
          inputs: 64, outputs: 48, kernel: 3, stride: 1, padding: 0, inputSide: 5, shift: shift,
          weights: [Int8](repeating: weight, count: 48 * 9 * 64), biases: [Int32](repeating: 5, count: 48),
          multipliers: (0..<48).map { Int16($0 == 0 ? 32767 : $0 * 680) }, isLast: false)
        let result = outputs(of: layer, kernels: kernels, seed: 1, extreme: true)
        #expect(result.fast == result.plain, "weight \(weight), shift \(shift)")
      }
    }
  }

  @Test("the shipped network gives the same logits with every kernel", arguments: fast)
  func network(kernels: KernelSet) throws {
    var plain = try Recognizer(model: Fixture.model, kernels: .reference)
    var fast = try Recognizer(model: Fixture.model, kernels: kernels)
    #expect(fast.kernels == kernels)
    var random = SplitMix64(seed: 5)
    for round in 0..<12 {
      let image = DigitImage(
        pixels: (0..<784).map { _ in round % 3 == 0 ? 255 : UInt8.random(in: 0...255, using: &random) })
      let picture = try #require(image)
      let expected = plain.logits(of: picture)
      let got = fast.logits(of: picture)
      #expect(got == expected)
    }
  }

  #if arch(x86_64)
    static let family: [KernelSet] = [.sse2, .avx2, .avxvnni, .vnni]
  #else
    static let family: [KernelSet] = [.neon, .dotProduct]
  #endif
  static let lacking = family.filter { !$0.isAvailable }.map(\.rawValue).joined(separator: ", ")

  @Test(
    "all kernels of this processor family read a drawing alike",
    .enabled(if: lacking.isEmpty, "not tested here, as this processor lacks them: \(lacking)"))
  func wholeFamily() throws {
    let canvases = Drawing.digits.map { $0.canvas(scale: 1, dx: 0, dy: 0).pixels }
    let readings = try KernelTests.family.map { kernels in
      var recognizer = try Recognizer(model: Fixture.model, kernels: kernels)
      #expect(recognizer.kernels == kernels)
      return canvases.map { recognizer.read(canvas: $0, width: 280, height: 280) }
    }
    #expect(readings.first?.map(\.digit) == Drawing.digits.map(\.label))
    #expect(readings.allSatisfy { $0 == readings.first })
  }

  @Test("readings stay in the memory that was taken at the start", arguments: KernelSet.available)
  func workspace(kernels: KernelSet) throws {
    var recognizer = try Recognizer(model: Fixture.model, kernels: kernels)
    let image = try #require(DigitImage(pixels: (0..<784).map { UInt8(truncatingIfNeeded: $0) }))
    _ = recognizer.read(image)
    // A copy would lie elsewhere, since the first one is still there while it is made.
    let before = recognizer.network.places
    for _ in 0..<3 {
      _ = recognizer.read(image)
      #expect(recognizer.network.places == before)
    }
    #expect(before.count == (kernels == .reference ? recognizer.network.layers.count + 1 : 1))
  }

  @Test("a copy reads in memory of its own", arguments: KernelSet.available)
  func copies(kernels: KernelSet) throws {
    var one = try Recognizer(model: Fixture.model, kernels: kernels)
    let images = Drawing.digits.map { $0.canvas(scale: 1, dx: 0, dy: 0).pixels }
    let expected = images.map { one.read(canvas: $0, width: 280, height: 280) }
    var other = one
    for (image, reading) in zip(images, expected) {
      #expect(other.read(canvas: image, width: 280, height: 280) == reading)
      #expect(one.read(canvas: images[0], width: 280, height: 280) == expected[0])
    }
    #expect(one.network.places[0] != other.network.places[0])
  }

  @Test("a kernel set that this processor lacks is replaced by the reference")
  func missing() throws {
    for kernels in KernelSet.allCases where !kernels.isAvailable {
      let recognizer = try Recognizer(model: Fixture.model, kernels: kernels)
      #expect(recognizer.kernels == .reference)
    }
    #expect(KernelSet.available.first == .reference)
    #expect(KernelSet.best == KernelSet.available.last)
  }
}
