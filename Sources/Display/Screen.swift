import Ink
import Kernel

/// The display of the panel: a surface in ordinary memory, and the way of its pixels to the glass.
///
/// The surface is drawn in place, in panel orientation. ``show(_:)`` brings changed pixels into the front buffer at once:
/// ink only adds, so nothing tears. ``flip()`` brings a whole new picture. A display that goes away makes the screen
/// dark, never an error; one that comes is taken.
public final class Screen {
  public private(set) var state: ScreenState
  /// The picture, in panel pixels after rotation.
  public var surface: Surface
  public let rotation: Rotation
  /// One line: what was taken, and why each other candidate was not.
  public private(set) var summary: String

  private let output: any ScreenOutput
  private let events: Poll

  /// Takes a display.
  ///
  /// - Parameters:
  ///   - log: gets one line for each change of state.
  /// - Throws: ``KernelError`` when there is nothing that could be taken now or later.
  public init(_ request: DisplayRequest, log: @escaping (String) -> Void) throws(KernelError) {
    guard case .headless(let width, let height) = request.kind else {
      throw KernelError("find", "display", reason: "only headless displays")
    }
    let output = try HeadlessOutput(width: width, height: height, frames: request.frames, log: log)
    let events = try Poll()
    let size = request.rotation.panelSize(
      scanoutWidth: output.scanoutWidth, scanoutHeight: output.scanoutHeight)
    surface = Surface(width: size.width, height: size.height)
    rotation = request.rotation
    summary = "display: \(output.name)"
    state = .lit
    self.events = events
    self.output = output
  }

  /// Panel pixels in a row, after rotation.
  public var width: Int { surface.width }
  /// Panel rows, after rotation.
  public var height: Int { surface.height }

  /// The size of the picture in millimetres, after rotation, where the display tells it.
  public var millimetres: (width: Int, height: Int)? {
    output.millimetres.map { rotation.swapsAxes ? ($0.height, $0.width) : $0 }
  }

  /// Readable when ``handleEvents()`` has something to do.
  public var descriptor: Int32 { events.raw }

  /// Brings changed pixels of the surface to the glass now. It never waits, and does nothing while dark.
  public func show(_ rect: PixelRect) {
    guard case .lit = state else { return }
    output.show(rect, of: surface, rotation: rotation)
  }

  /// Brings the whole surface to the glass at the next scanout. It does nothing while dark.
  public func flip() {
    guard case .lit = state else { return }
    output.flip(surface, rotation: rotation)
  }

  /// Takes in what the kernel told since the last call.
  public func handleEvents() -> [ScreenChange] { [] }

  /// Gives the display back: console, mode and CRTC as they were. It can be called again.
  public func close() {
    output.close()
  }
}
