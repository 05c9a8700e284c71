import Kernel

/// The shape of a scanout buffer, checked: every row of it lies within the memory that is there.
///
/// Stride and depth are told by drivers, and drivers lie (lvgl/lvgl#9832); what does not fit is an error and never an
/// overrun.
public struct ScanoutLayout: Equatable, Sendable {
  /// Pixels in a row that are shown.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Bytes from one row to the next, at least the bytes of a row.
  public let stride: Int
  public let format: PixelFormat

  /// - Parameters:
  ///   - size: bytes of memory that there are.
  ///   - object: the device, for the error.
  /// - Throws: ``KernelError`` when the rows do not fit.
  public init(
    width: Int, height: Int, stride: Int, format: PixelFormat, size: Int, of object: String
  ) throws(KernelError) {
    let largest = 1 << 15
    guard (1...largest).contains(width), (1...largest).contains(height) else {
      throw KernelError("use", object, reason: "it has \(width)x\(height) pixels")
    }
    let row = width * format.bytesPerPixel
    guard stride >= row, stride <= largest * 16 else {
      throw KernelError(
        "use", object,
        reason: "it has \(stride) bytes a row, but \(width) pixels of \(format.rawValue) need \(row)")
    }
    guard size >= (height - 1) * stride + row else {
      throw KernelError(
        "use", object,
        reason: "it has \(size) bytes, but \(height) rows of \(stride) need \((height - 1) * stride + row)")
    }
    self.width = width
    self.height = height
    self.stride = stride
    self.format = format
  }
}
