/// One touch sample of a stroke, as the device gave it: never smoothed, never predicted.
public struct StrokePoint: Equatable, Sendable {
  /// Canvas coordinates in canvas pixels: 0 ... 280 from the left edge; outside that when the finger left the canvas.
  public var x: Float
  /// Canvas coordinates in canvas pixels: 0 ... 280 from the top edge.
  public var y: Float
  /// Milliseconds since the first touch of the drawing, from the kernel's event time.
  public var t: UInt32
  /// Diameter of the contact in canvas pixels; 0 where the device does not tell.
  public var size: Float

  public init(x: Float, y: Float, t: UInt32 = 0, size: Float = 0) {
    self.x = x
    self.y = y
    self.t = t
    self.size = size
  }
}

/// The way of one finger from touching the glass to leaving it.
public struct Stroke: Equatable, Sendable {
  public var points: [StrokePoint]

  public init(points: [StrokePoint] = []) {
    self.points = points
  }
}
