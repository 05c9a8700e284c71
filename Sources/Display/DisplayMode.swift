import CDRM

/// A mode of a display: its size and the timings that the kernel wants back unchanged (`struct drm_mode_modeinfo`).
public struct DisplayMode: Equatable, Sendable, CustomStringConvertible {
  /// Visible pixels in a row and rows, before rotation.
  public var width: Int
  public var height: Int
  /// Pictures a second, in 1/1000 Hz.
  public var refresh: Int
  /// The mode that the display asks for.
  public var isPreferred: Bool
  /// Half of the rows at a time, or each row twice: no mode for a panel while there is another.
  public var isInterlaced: Bool
  /// The kernel's own words: clock, then four horizontal and four vertical timings, skews, flags, type.
  var timing: [UInt32]

  init(
    width: Int, height: Int, refresh: Int, isPreferred: Bool = false, isInterlaced: Bool = false,
    timing: [UInt32] = []
  ) {
    self.width = width
    self.height = height
    self.refresh = refresh
    self.isPreferred = isPreferred
    self.isInterlaced = isInterlaced
    self.timing = timing
  }

  init(_ info: drmModeModeInfo) {
    width = Int(info.hdisplay)
    height = Int(info.vdisplay)
    let dots = Int(info.htotal) * Int(info.vtotal)
    refresh = dots > 0 ? (Int(info.clock) * 1_000_000 + dots / 2) / dots : Int(info.vrefresh) * 1000
    isPreferred = info.type & UInt32(DRM_MODE_TYPE_PREFERRED) != 0
    isInterlaced = info.flags & UInt32(DRM_MODE_FLAG_INTERLACE | DRM_MODE_FLAG_DBLSCAN) != 0
    timing = [info.clock]
    timing += [info.hdisplay, info.hsync_start, info.hsync_end, info.htotal, info.hskew].map(UInt32.init)
    timing += [info.vdisplay, info.vsync_start, info.vsync_end, info.vtotal, info.vscan].map(UInt32.init)
    timing += [info.vrefresh, info.flags, info.type]
  }

  /// The mode as the kernel takes it.
  var info: drmModeModeInfo {
    var info = drmModeModeInfo()
    guard timing.count == 14 else { return info }
    info.clock = timing[0]
    info.hdisplay = UInt16(timing[1])
    info.hsync_start = UInt16(timing[2])
    info.hsync_end = UInt16(timing[3])
    info.htotal = UInt16(timing[4])
    info.hskew = UInt16(timing[5])
    info.vdisplay = UInt16(timing[6])
    info.vsync_start = UInt16(timing[7])
    info.vsync_end = UInt16(timing[8])
    info.vtotal = UInt16(timing[9])
    info.vscan = UInt16(timing[10])
    info.vrefresh = timing[11]
    info.flags = timing[12]
    info.type = timing[13]
    return info
  }

  /// Whether both are the same timings, whatever either is called or preferred.
  func isSame(as other: DisplayMode) -> Bool {
    timing.isEmpty
      ? (width, height, refresh) == (other.width, other.height, other.refresh)
      : timing.prefix(11) == other.timing.prefix(11)
  }

  public var description: String { "\(width)x\(height)@\((refresh + 500) / 1000)" }

  /// The mode to use, or nil of none.
  ///
  /// The one asked for; else the display's preferred one, or the running one where that has the same size, so that
  /// nothing flickers (ardera/flutter-pi#189); else the running one, else the largest.
  ///
  /// - Parameters:
  ///   - modes: what the display has, in the kernel's order, best first.
  ///   - running: what the CRTC of this display shows now.
  static func choose(_ wanted: DisplayRequest.Mode?, of modes: [DisplayMode], running: DisplayMode?)
    -> DisplayMode?
  {
    let whole = modes.filter { !$0.isInterlaced }
    let usable = whole.isEmpty ? modes : whole
    let current = running.flatMap { running in usable.first { $0.isSame(as: running) } }
    func best(_ candidates: [DisplayMode]) -> DisplayMode? {
      if let current, candidates.contains(where: { $0.isSame(as: current) }) { return current }
      return candidates.first(where: \.isPreferred) ?? candidates.max { $0.refresh < $1.refresh }
    }
    if let wanted {
      let fitting = usable.filter {
        $0.width == wanted.width && $0.height == wanted.height
          && (wanted.refresh == nil || wanted.refresh == ($0.refresh + 500) / 1000)
      }
      if let mode = best(fitting) { return mode }
    }
    if let preferred = usable.first(where: \.isPreferred) {
      return best(usable.filter { $0.width == preferred.width && $0.height == preferred.height })
    }
    return current ?? usable.max { $0.width * $0.height < $1.width * $1.height }
  }
}
