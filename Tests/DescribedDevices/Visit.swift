import Touch

/// A visit on one device: steps turned into the events that the device sends.
public struct Visit: Sendable {
  /// What one step brings.
  public struct Part: Sendable {
    public let step: VisitStep
    /// In nanoseconds since the visit began.
    public let events: [InputEvent]
    /// When the step is over.
    public let end: UInt64
  }

  public let device: DescribedDevice
  public let geometry: TouchGeometry
  private var visitor: Visitor
  private var encoder: FrameEncoder
  private var encoded = 0

  /// - Parameter geometry: of the panel, with the digitizer matrix that it has set for the device.
  public init(
    device: DescribedDevice, geometry: TouchGeometry, seed: UInt64 = 1, slowness: Double = 1,
    tremor: Double = 0.3
  ) {
    self.device = device
    self.geometry = geometry
    visitor = Visitor(
      device: device, panelWidth: geometry.width, seed: seed, slowness: slowness, tremor: tremor)
    encoder = FrameEncoder(device, geometry: geometry)
  }

  /// Does one step.
  public mutating func perform(_ step: VisitStep) -> Part {
    switch step {
    case .draw(let shape, let x, let y, let side): visitor.draw(shape, x: x, y: y, side: side)
    case .strokes(_, let strokes, let x, let y, let side): visitor.draw(strokes, x: x, y: y, side: side)
    case .tap(let x, let y): visitor.tap(x: x, y: y)
    case .hold(let x, let y, let ms): visitor.hold(x: x, y: y, milliseconds: ms)
    case .line(let from, let to, let ms): visitor.line(from: from, to: to, milliseconds: ms)
    case .pair(let first, let second, let ms): visitor.pair(first, second, milliseconds: ms)
    case .rest(let from, let to, let rest, let ms):
      visitor.lineWithRest(from: from, to: to, rest: rest, milliseconds: ms)
    case .palm(let x, let y, let ms): visitor.palm(x: x, y: y, milliseconds: ms)
    case .wait(let ms): visitor.wait(milliseconds: ms)
    case .pull(let from, let to, let ms): visitor.beginLine(from: from, to: to, milliseconds: ms)
    case .unplug: break
    // A device that comes back knows of nothing.
    case .plug: encoder = FrameEncoder(device, geometry: geometry)
    }
    var events: [InputEvent] = []
    for sample in visitor.samples[encoded...] { events += encoder.encode(sample) }
    encoded = visitor.samples.count
    return Part(step: step, events: events, end: visitor.time)
  }

  /// A recording of all steps.
  ///
  /// - Throws: ``VisitError`` for steps that no recording can hold.
  public mutating func record(_ steps: [VisitStep]) throws(VisitError) -> Recording {
    var events: [InputEvent] = []
    for step in steps {
      switch step {
      case .pull, .unplug, .plug: throw VisitError("\(step)", "a recording cannot pull the device out")
      default: events += perform(step).events
      }
    }
    return Recording(description: device.description, events: events)
  }
}
