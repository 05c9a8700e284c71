import Ink
import PNG
import Recognizer
import Spool

/// Makes rows of stored samples. Each thread has one of its own.
struct RowReader {
  private let options: ExportOptions
  private let split: Split
  /// The visitor of the sample before, and whether it is one of the test split: the drawings of a visit follow each other.
  private var visitor: (id: Identifier, isTest: Bool)?
  /// Whether the format wants pixels. The picture is read in any case: the same drawings are rows of every format.
  private let readsPixels: Bool
  /// Whether it wants strokes.
  private let readsStrokes: Bool
  private let drawing = DrawingReader()
  private var normalizer = Normalizer()

  init(_ options: ExportOptions, readsPixels: Bool) {
    self.options = options
    self.readsPixels = readsPixels
    readsStrokes = options.readsStrokes
    split = Split(testPercent: options.testPercent)
  }

  mutating func row(
    _ selected: SelectedSample, clocks: ClockCorrection
  ) -> Result<DataSetRow, UnreadableError> {
    let sample: Sample
    do throws(RecordError) {
      sample = try SampleRecord.decode(selected.record, strokes: readsStrokes)
    } catch {
      return .failure(UnreadableError(reason: error.description))
    }
    do throws(PNGError) {
      try drawing.read(sample.png)
    } catch {
      return .failure(UnreadableError(reason: "its picture: \(error)"))
    }
    let image = readsPixels ? resized() : []
    var label = sample.label
    if options.selection.filter != .all, case .relabel(let digit) = selected.verdict { label = digit }
    // The visitor chooses for each visit: the name stands only where this very sample may bear it.
    let name = options.withNames && sample.consent.nameShown ? selected.name : nil
    return .success(
      DataSetRow(
        sample: sample, label: label, verdict: selected.verdict, username: name ?? "Anonymous",
        isTest: isTest(sample.contributor), time: clocks.time(of: sample.time), image: image))
  }

  private mutating func isTest(_ contributor: Identifier) -> Bool {
    if let visitor, visitor.id == contributor { return visitor.isTest }
    let isTest = split.isTest(contributor)
    visitor = (contributor, isTest)
    return isTest
  }

  private mutating func resized() -> [UInt8] {
    switch (options.size, options.normalization) {
    case (.drawn, _): drawing.pixels
    case (.small, .mnist):
      // The byte of paper before each row is a column more of paper: it changes nothing.
      normalizer.normalize(drawing.rows, width: DrawingReader.stride, height: Canvas.side)?.pixels
        ?? [UInt8](repeating: 0, count: DigitImage.side * DigitImage.side)
    case (.small, .none): averaged()
    }
  }

  /// The whole canvas, each pixel the mean of 10 x 10.
  private func averaged() -> [UInt8] {
    let (side, cell) = (DigitImage.side, Canvas.side / DigitImage.side)
    var sums = [Int](repeating: 0, count: side * side)
    let rows = drawing.rows
    for y in 0..<Canvas.side {
      var place = y * DrawingReader.stride + 1
      for column in 0..<side {
        var sum = 0
        for pixel in place..<place + cell { sum += Int(rows[pixel]) }
        sums[y / cell * side + column] += sum
        place += cell
      }
    }
    return sums.map { UInt8(($0 + cell * cell / 2) / (cell * cell)) }
  }
}

/// Why a stored sample is no row.
struct UnreadableError: Error {
  let reason: String
}
