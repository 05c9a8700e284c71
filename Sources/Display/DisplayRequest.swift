import Ink
import Kernel

/// What display the operator asks for: the options `--display`, `--rotate` and `--frames`, and the setting `mode`.
public struct DisplayRequest: Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    /// The best that is there: DRM, then fbdev.
    case auto
    /// DRM/KMS, on the connector of that name or on the best one.
    case drm(connector: String?)
    /// A framebuffer device, the one of that path or the first.
    case fbdev(device: String?)
    /// No display: a picture in memory, of that many scanout pixels.
    case headless(width: Int, height: Int)
  }

  /// A display mode by its size, and its refresh rate where several have it.
  public struct Mode: Equatable, Sendable, CustomStringConvertible {
    /// In scanout pixels, before rotation.
    public var width: Int
    public var height: Int
    /// In Hz; nil takes the preferred, then the fastest.
    public var refresh: Int?

    public init(width: Int, height: Int, refresh: Int? = nil) {
      self.width = width
      self.height = height
      self.refresh = refresh
    }

    public var description: String { "\(width)x\(height)" + (refresh.map { "@\($0)" } ?? "") }
  }

  public var kind: Kind
  public var rotation: Rotation
  public var mode: Mode?
  /// Where a headless display writes its pictures.
  public var frames: String?

  public init(kind: Kind = .auto, rotation: Rotation = .none, mode: Mode? = nil, frames: String? = nil) {
    self.kind = kind
    self.rotation = rotation
    self.mode = mode
    self.frames = frames
  }

  /// Reads the text of the options.
  ///
  /// - Parameters:
  ///   - display: `auto`, `drm`, `drm:CONNECTOR`, `fbdev`, `fbdev:DEVICE` or `headless:WxH`.
  ///   - rotation: `0`, `90`, `180` or `270`, degrees clockwise.
  ///   - mode: `1280x800` or `1280x800@60`; empty takes the display's own.
  ///   - frames: a directory; only for a headless display.
  /// - Throws: ``KernelError`` whose sentence says what could have been written.
  public static func parse(
    display: String = "auto", rotation: String = "0", mode: String = "", frames: String? = nil
  ) throws(KernelError) -> DisplayRequest {
    var request = DisplayRequest(kind: try parseKind(display), frames: frames)
    guard let degrees = number(rotation[...]), let turn = Rotation(rawValue: degrees) else {
      throw KernelError("use", "rotation \"\(rotation)\"", reason: "it is none of 0, 90, 180 and 270")
    }
    request.rotation = turn
    if !mode.isEmpty { request.mode = try parseMode(mode) }
    if frames != nil {
      guard case .headless = request.kind else {
        throw KernelError(
          "use", "--frames", reason: "only a headless display writes pictures",
          next: "add --display headless:1280x800")
      }
    }
    return request
  }

  private static func parseKind(_ text: String) throws(KernelError) -> Kind {
    let colon = text.firstIndex(of: ":")
    let name = text[..<(colon ?? text.endIndex)]
    let rest = colon.map { text[text.index(after: $0)...] }
    switch (name, rest) {
    case ("auto", nil): return .auto
    case ("drm", nil): return .drm(connector: nil)
    case ("drm", let connector?) where !connector.isEmpty: return .drm(connector: String(connector))
    case ("fbdev", nil): return .fbdev(device: nil)
    case ("fbdev", let device?) where !device.isEmpty: return .fbdev(device: String(device))
    case ("headless", let size?):
      if let (width, height) = parseSize(size) { return .headless(width: width, height: height) }
      throw KernelError(
        "use", "display \"\(text)\"", reason: "the size of a headless display is WxH, from 64x64 to 8192x8192"
      )
    default:
      throw KernelError(
        "use", "display \"\(text)\"",
        reason: "it is none of auto, drm, drm:CONNECTOR, fbdev, fbdev:DEVICE and headless:WxH")
    }
  }

  /// Reads `1280x800` or `1280x800@60`.
  public static func parseMode(_ text: String) throws(KernelError) -> Mode {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    if let first = parts.first, let (width, height) = parseSize(first) {
      if parts.count == 1 { return Mode(width: width, height: height) }
      if let refresh = number(parts[1]), (1...1000).contains(refresh) {
        return Mode(width: width, height: height, refresh: refresh)
      }
    }
    throw KernelError("use", "mode \"\(text)\"", reason: "a mode is written 1280x800 or 1280x800@60")
  }

  private static func parseSize(_ text: Substring) -> (Int, Int)? {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, let width = number(parts[0]), let height = number(parts[1]),
      (64...8192).contains(width), (64...8192).contains(height)
    else { return nil }
    return (width, height)
  }

  /// Digits only: no sign, no space.
  private static func number(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? Int(text) : nil
  }
}
