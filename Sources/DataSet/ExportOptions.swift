import Spool

/// What a data set is to be.
public struct ExportOptions: Equatable, Sendable {
  public enum Format: String, Sendable, CaseIterable {
    /// A ZIP of NumPy arrays: `images` |u1 (N, S, S), `labels` <i8, `usernames` <U, and more.
    case npz
    /// An array of objects: `id`, `username`, `label`, `image` as rows of 0 ... 255, `created_at`, and more.
    case json
    /// MNIST's four files where torchvision's MNIST looks for them.
    case idx
    /// The strokes, a line a drawing, as the raw files of Quick, Draw! have them.
    case ndjson
    /// A PNG file a drawing, in folders by split and digit, with a metadata.jsonl for each split.
    case imagefolder
    /// A table: the same columns, and a column for each pixel.
    case csv
  }

  /// How large the images are.
  public enum Size: Int, Sendable, CaseIterable {
    /// 28 x 28.
    case small = 28
    /// 280 x 280, as drawn.
    case drawn = 280
  }

  /// How a drawing becomes an image of 28 x 28.
  public enum Normalization: String, Sendable, CaseIterable {
    /// As the recogniser does it and as MNIST was: longest side 20, centre of mass in the middle.
    case mnist
    /// The whole canvas made smaller, with the digit where it was drawn.
    case none
  }

  public var format: Format
  public var size: Size
  public var normalization: Normalization
  public var selection: DataSetSelection
  /// How many percent of the visitors are for testing, 0 ... 100.
  public var testPercent: Int
  /// Whether the names that may be shown are in it.
  public var withNames: Bool
  /// Whether npz and json hold the strokes besides the images; ndjson always does.
  public var withStrokes: Bool

  public init(
    _ format: Format, size: Size = .small, normalization: Normalization? = nil,
    selection: DataSetSelection = DataSetSelection(), testPercent: Int = 20, withNames: Bool = true,
    withStrokes: Bool = false
  ) {
    self.format = format
    self.size = size
    self.normalization = normalization ?? (size == .small ? .mnist : .none)
    self.selection = selection
    self.testPercent = testPercent
    self.withNames = withNames
    self.withStrokes = withStrokes
  }

  /// Why these options do not go together, as a sentence with the way out; nil when they do.
  public var contradiction: String? {
    if size == .drawn && normalization == .mnist {
      return "--normalize mnist makes images of 28 x 28; leave it out, or take --resize 28"
    }
    if withStrokes && format != .npz && format != .json && format != .ndjson {
      return
        "--strokes goes with npz and json, and ndjson always has them; leave it out with \(format.rawValue)"
    }
    if !(0...100).contains(testPercent) {
      return "--split takes the percentage of visitors for testing, 0 to 100, not \(testPercent)"
    }
    return nil
  }
}
