import Glibc
import Kernel

/// What was found at a connector of a card.
struct ConnectorReport: Equatable, Sendable {
  enum Status: Equatable, Sendable {
    case connected
    case disconnected
    /// The hardware cannot tell, as with a parallel or composite output.
    case unknown
  }

  var id: UInt32
  /// As the kernel names it in sysfs: "HDMI-A-1".
  var name: String
  var status: Status
  var modes: [DisplayMode] = []
  /// The size of the picture in millimetres, where the display tells it.
  var millimetres: Millimetres?
  /// CRTCs that can drive it, the one that does so now first.
  var crtcs: [UInt32] = []
  /// What it shows now.
  var running: DisplayMode?
  /// The kernel found the link bad after it was set: it wants the mode set again.
  var isLinkBad = false

  struct Millimetres: Equatable, Sendable {
    var width: Int
    var height: Int
  }

  /// Whether a picture can be shown on it now.
  var isUsable: Bool { status != .disconnected && !modes.isEmpty && !crtcs.isEmpty }

  /// The name of a connector, from its type and its number within the type (`drm_connector_enum_list` of the kernel).
  static func name(type: UInt32, number: UInt32) -> String {
    let names = [
      "Unknown", "VGA", "DVI-I", "DVI-D", "DVI-A", "Composite", "SVIDEO", "LVDS", "Component", "DIN", "DP",
      "HDMI-A",
      "HDMI-B", "TV", "eDP", "Virtual", "DSI", "DPI", "Writeback", "SPI", "USB",
    ]
    return "\(Int(type) < names.count ? names[Int(type)] : "Unknown")-\(number)"
  }

  /// Whether the display is built in, by its kind of connector.
  var isBuiltIn: Bool { ["DSI-", "DPI-", "LVDS-", "eDP-", "SPI-"].contains { name.hasPrefix($0) } }
}

/// What was found at a card of DRM.
struct CardReport: Equatable, Sendable {
  enum Outcome: Equatable, Sendable {
    /// It cannot be used at all.
    case refused(KernelError)
    /// It could be used if another program let go of it.
    case busy(KernelError)
    case usable([ConnectorReport])
  }

  /// "/dev/dri/card0".
  var path: String
  /// The name of the driver; empty where the card cannot be opened.
  var driver = ""
  var outcome: Outcome

  var name: String { driver.isEmpty ? path : "\(path) (\(driver))" }

  /// Whether this program may not open it, or not yet: udev sets the group of a new node a moment after the kernel told of it.
  var isForbidden: Bool {
    guard case .refused(let error) = outcome else { return false }
    return error.code == EACCES || error.code == EPERM
  }

  /// Whether another program has it.
  var isBusy: Bool {
    guard case .busy = outcome else { return false }
    return true
  }
}

/// What was found at a framebuffer device.
struct FramebufferReport: Equatable, Sendable {
  enum Outcome: Equatable, Sendable {
    case refused(KernelError)
    case usable(ScanoutLayout)
  }

  /// "/dev/fb0".
  var path: String
  /// The name that the driver gives it.
  var driver = ""
  var outcome: Outcome

  var name: String { driver.isEmpty ? path : "\(path) (\(driver))" }
  /// Whether it is but another way to a card of DRM, whose emulation names itself so.
  var isEmulated: Bool { driver.hasSuffix("drmfb") || driver.hasSuffix("drm") }
}
