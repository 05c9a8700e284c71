/// The two axes of a digitizer: device units to 0 ... 1, with a note of what the device really sends.
public struct DeviceAxes: Equatable, Sendable {
  public internal(set) var x: Axis
  public internal(set) var y: Axis
  /// One unit of ABS_MT_TOUCH_MAJOR in parts of the digitizer's length; 0 where the device has no such axis.
  let sizeScale: Float

  /// The axes of a touchscreen that tells its contacts by `ABS_MT_*`, or the plain ones.
  init(_ description: DeviceDescription, multitouch: Bool) {
    let (xCode, yCode) = multitouch ? (AbsCode.positionX, AbsCode.positionY) : (AbsCode.x, AbsCode.y)
    let xRange = description.axes[xCode] ?? AxisRange(0, 1)
    x = Axis(xRange)
    y = Axis(description.axes[yCode] ?? AxisRange(0, 1))
    guard multitouch, let major = description.axes[AbsCode.touchMajor] else {
      sizeScale = 0
      return
    }
    // The sizes have the units of the positions (kernel's multi-touch-protocol) unless both axes tell another
    // resolution.
    let ratio: Float =
      major.resolution > 0 && xRange.resolution > 0
      ? Float(xRange.resolution) / Float(major.resolution) : 1
    sizeScale = ratio / (x.length * y.length).squareRoot()
  }

  /// One axis.
  public struct Axis: Equatable, Sendable {
    /// What the device says it sends.
    public let declared: ClosedRange<Int32>
    /// What it did send, or nil before its first value.
    public private(set) var observed: ClosedRange<Int32>?
    let length: Float

    init(_ range: AxisRange) {
      declared = min(range.minimum, range.maximum)...max(range.minimum, range.maximum)
      length = Float(max(1, range.length))
    }

    /// Whether a value lay outside of the declared range; such values were put on the edge.
    public var lies: Bool {
      guard let observed else { return false }
      return observed.lowerBound < declared.lowerBound || observed.upperBound > declared.upperBound
    }

    /// A value as 0 ... 1.
    @inline(__always)
    mutating func fraction(_ value: Int32) -> Float {
      if let seen = observed {
        if value < seen.lowerBound {
          observed = value...seen.upperBound
        } else if value > seen.upperBound {
          observed = seen.lowerBound...value
        }
      } else {
        observed = value...value
      }
      let inside = max(declared.lowerBound, min(declared.upperBound, value))
      return Float(Int64(inside) - Int64(declared.lowerBound)) / length
    }
  }
}
