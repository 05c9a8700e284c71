import ArgumentParser
import FoundationEssentials
import Ink
import JSON
import Kernel
import Randomness
import Recognizer

/// `panelctl evaluate`: how well the recogniser reads drawings whose digits are known.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measures the recogniser on data sets: by digit and writer, with its calibration.",
    discussion: """
      Images of 28x28 are taken as normalised; others are normalised first. Strokes are drawn by the panel's own ink, \
      160 pixels large in the middle of the canvas with its brush of 20, unless --random places them as visitors do, or \
      --size and --brush say otherwise, and read as the panel reads them: redrawn at one size, unless --picture asks for the drawing as it is. \
      Files may be compressed by gzip.
      """)

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Images and labels in the form of MNIST's files.", valueName: "images labels"))
  var idx: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Drawings, a JSON object a line: label, strokes, writer, split.", valueName: "file"))
  var strokes: [String] = []

  @Option(help: ArgumentHelp("Only drawings of this split, such as test.", valueName: "name"))
  var split: String?

  @Flag(help: "The strokes' y goes up.")
  var yUp = false

  @Option(
    help: ArgumentHelp(
      "Places strokes anywhere, 90 to 230 px large, with a pen of 12 to 28.", valueName: "seed"))
  var random: UInt64?

  @Option(help: ArgumentHelp("How large strokes are drawn, their longer side.", valueName: "pixels"))
  var size: Int?

  @Option(help: ArgumentHelp("The width of the pen that draws them.", valueName: "pixels"))
  var brush: Int?

  @Flag(help: "Read the drawings' pictures, as of PNG files, instead of their strokes, as the panel does.")
  var picture = false

  @Flag(
    help:
      "Also read everything with every other kernel set of this processor; exit 1 if one differs in a bit.")
  var everyKernel = false

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard idx.count.isMultiple(of: 2) else {
      throw ValidationError("--idx takes a file of images and a file of labels.")
    }
    guard !idx.isEmpty || !strokes.isEmpty else {
      throw ValidationError("Name a data set with --idx IMAGES LABELS or --strokes FILE.")
    }
    let areOfStrokes = split != nil || yUp || random != nil || size != nil || brush != nil || picture
    guard !strokes.isEmpty || !areOfStrokes else {
      throw ValidationError(
        "--split, --y-up, --random, --size, --brush and --picture are for drawings; name them with --strokes FILE."
      )
    }
    guard size.map((10...260).contains) ?? true, brush.map((2...60).contains) ?? true else {
      throw ValidationError("--size takes 10 to 260 pixels, and --brush 2 to 60.")
    }
    guard StrokeLine.Placement.reach(side: size, brush: brush, atRandom: random != nil) <= Canvas.side else {
      throw ValidationError(
        "So large, with so wide a pen, a drawing goes beyond the canvas; give --size and --brush of at most \(Canvas.side) together."
      )
    }
  }

  func run() throws {
    let model = try ModelFile.load()
    var recognizer = Reader(model, everyKernel: everyKernel)
    var sets: [Evaluation] = []
    for i in stride(from: 0, to: idx.count, by: 2) {
      sets.append(try Evaluate.images(idx[i], labels: idx[i + 1], &recognizer))
    }
    for file in strokes { sets.append(try drawings(file, &recognizer)) }
    var output = Output()
    if json {
      try output.json([
        "schema": 1, "model": .string(model.version),
        "kernels": .string(recognizer.first.kernels.rawValue),
        "compared_kernels": .array(recognizer.others.map { .string($0.kernels.rawValue) }),
        "kernels_differ": .int(recognizer.differing),
        "sets": .array(sets.map(\.json)),
      ])
    } else {
      try output.line("model \(model.version), kernels \(recognizer.first.kernels.rawValue)")
      for line in sets.flatMap(\.lines) { try output.line(line) }
      if everyKernel {
        let names = recognizer.others.map(\.kernels.rawValue).joined(separator: ", ")
        try output.line("\(names): \(recognizer.differing) of \(recognizer.count) readings differ in a bit")
      }
    }
    try output.flush()
    if recognizer.differing > 0 { throw Outcome.attention }
  }

  private static func images(
    _ path: String, labels labelPath: String, _ recognizer: inout Reader
  ) throws(KernelError) -> Evaluation {
    let images = try idx(path, dimensions: 3, "images")
    let labels = try idx(labelPath, dimensions: 1, "labels")
    let (count, height, width) = (images.dimensions[0], images.dimensions[1], images.dimensions[2])
    guard count == labels.dimensions[0] else {
      throw KernelError(
        "use", path, reason: "it has \(count) images, and \(labelPath) has \(labels.dimensions[0]) labels",
        next: "name the labels of these images")
    }
    var evaluation = Evaluation(name: path)
    let size = width * height
    for n in 0..<count {
      let start = images.elements.startIndex + n * size
      let pixels = Array(images.elements[start..<start + size])
      let isNormal = width == DigitImage.side && height == DigitImage.side
      let reading =
        (isNormal ? DigitImage(pixels: pixels) : nil).map { image in recognizer.read { $0.read(image) } }
        ?? recognizer.read { $0.read(canvas: pixels, width: width, height: height) }
      let label = Int(labels.elements[labels.elements.startIndex + n])
      evaluation.add(label <= 9 ? label : nil, nil, reading)
    }
    return evaluation
  }

  private static func idx(_ path: String, dimensions: Int, _ what: String) throws(KernelError) -> IDXFile {
    let bytes = try DataSetFile.contents(path)
    do throws(IDXFile.Problem) {
      let file = try IDXFile(bytes)
      guard file.dimensions.count == dimensions else {
        throw IDXFile.Problem(
          description: "it has \(file.dimensions.count) dimensions, \(what) have \(dimensions)")
      }
      return file
    } catch {
      throw KernelError(
        "read", path, reason: error.description, next: "name the images first, then the labels")
    }
  }

  private func drawings(_ path: String, _ recognizer: inout Reader) throws(KernelError) -> Evaluation {
    let bytes = try DataSetFile.contents(path)
    var evaluation = Evaluation(name: path)
    var generator = random.map { SplitMix64(seed: $0) }
    let decoder = JSONDecoder()
    for (number, text) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    where !text.isEmpty {
      let line: StrokeLine
      do {
        line = try decoder.decode(StrokeLine.self, from: Data(text))
      } catch {
        throw KernelError(
          "read", path,
          reason: "line \(number + 1) is no drawing: an object with label and strokes of [x, y]",
          next: "see panelctl evaluate --help")
      }
      if let split, line.split != split { continue }
      var placement = StrokeLine.Placement(side: size, brush: brush)
      if var seeded = generator {
        placement = StrokeLine.Placement(side: size, brush: brush, using: &seeded)
        generator = seeded
      }
      let canvas = line.canvas(placement, yGoesUp: yUp)
      let reading =
        picture
        ? recognizer.read { $0.read(canvas: canvas.pixels, width: canvas.width, height: canvas.width) }
        : recognizer.read {
          $0.read(
            strokes: line.placed(placement, yGoesUp: yUp), canvas: canvas.pixels,
            brush: Float(placement.brush))
        }
      evaluation.add(line.digit, line.writer, reading)
    }
    return evaluation
  }
}

/// Reads with the fastest kernels, and where that is asked for with all the others, which have to give the same bits.
private struct Reader {
  var first: Recognizer
  var others: [Recognizer]
  /// Readings, and those in which a kernel set differed from the first.
  private(set) var (count, differing) = (0, 0)

  init(_ model: Model, everyKernel: Bool) {
    first = Recognizer(model)
    let best = first.kernels
    others =
      everyKernel ? KernelSet.available.filter { $0 != best }.map { Recognizer(model, kernels: $0) } : []
  }

  mutating func read(_ body: (inout Recognizer) -> Reading) -> Reading {
    let reading = body(&first)
    count += 1
    var same = true
    for i in others.indices where body(&others[i]) != reading { same = false }
    if !same { differing += 1 }
    return reading
  }
}

extension Evaluation {
  fileprivate mutating func add(_ digit: Int?, _ writer: String?, _ reading: Reading) {
    add(
      digit: digit, writer: writer, read: reading.digit, confidence: reading.confidence,
      isDigit: reading.isDigit)
  }
}
