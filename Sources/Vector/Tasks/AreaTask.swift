/// One picture's work for a fast kernel that makes its box smaller, as `AreaAverage` in Recognizer says: where everything lies, with all
/// shapes checked before.
///
/// Lengths across are in fortieths of a column of the box. Pixel n of a row of the result covers those from `n * pixel - offset` on,
/// `pixel` of them, as far as they lie in the box.
///
/// Whoever makes a task promises that the box lies in the picture, that ``suits(width:longest:)`` has been asked, and that each row
/// covers at most `pixel` fortieths.
@unsafe public struct AreaTask {
  /// Width of the result: of its rows the last pixels become 0 where the box is higher than it is wide.
  public static let side = 20
  /// Columns of the box that are brought together at once: no pixel of the result touches more.
  public static let window = 16
  /// A longer side would make pixels that touch more.
  public static let longestLimit = 300
  /// From each row's sums of one kind to the next: those of the columns, and what the last window reads past them.
  public static let pitch = longestLimit + window
  /// Sums of columns, all in all: for each row those of its whole rows, and then those of the parts of rows.
  public static let sumCount = 2 * pitch * side

  /// The box's first pixel; a row of the picture is `stride` bytes.
  public var box: UnsafeRawPointer
  public var stride: Int
  /// Columns of the box.
  public var width: Int
  /// The rows of the box that each row of the result covers.
  public var rows: UnsafePointer<AreaRows>
  /// Rows of the result, at most ``side``.
  public var count: Int
  public var pixel: Int
  public var offset: Int
  /// Working memory: ``sumCount`` numbers, any.
  public var sums: UnsafeMutablePointer<UInt16>
  /// The result, ``side`` bytes a row.
  public var patch: UnsafeMutablePointer<UInt8>

  public init(
    box: UnsafeRawPointer, stride: Int, width: Int, rows: UnsafePointer<AreaRows>, count: Int, pixel: Int,
    offset: Int, sums: UnsafeMutablePointer<UInt16>, patch: UnsafeMutablePointer<UInt8>
  ) {
    self.box = box
    self.stride = stride
    self.width = width
    self.rows = rows
    self.count = count
    self.pixel = pixel
    self.offset = offset
    self.sums = sums
    self.patch = patch
  }

  /// Whether a box is wide enough for kernels that take 32 columns at once, and small enough for sums of 16 bits.
  ///
  /// - Parameters:
  ///   - width: columns of the box.
  ///   - longest: its longest side.
  public static func suits(width: Int, longest: Int) -> Bool { width >= 32 && longest <= longestLimit }
}
