import CDRM
import Glibc
import Kernel
import Synchronization

/// Owns an open card of DRM, /dev/dri/cardN, and with it the right to set modes: DRM master.
///
/// A card has CRTCs, which read a framebuffer at the pace of a mode, and connectors, to which displays are plugged. The
/// first program that opens a card is its master. Whatever was set is given back by ``restore()``; the descriptor is
/// closed when the last owner goes, and with the last descriptor of a card the kernel brings its console back.
///
/// Sendable: the descriptor never changes, ioctls are thread-safe, and what was saved is behind a lock.
final class DRMCard: Sendable {
  let path: String
  /// The name of the driver.
  let driver: String
  /// Whether all of a mode is set in one commit that succeeds or fails as a whole.
  let isAtomic: Bool
  /// Bits of colour that the driver shows without converting them; 0 where it does not say.
  let preferredDepth: Int
  private let descriptor: FileDescriptor
  private let saved = Mutex<[UInt32: SavedCRTC]>([:])

  var raw: Int32 { descriptor.raw }

  /// What a CRTC showed before it was taken.
  private struct SavedCRTC {
    var framebuffer: UInt32
    var x: UInt32
    var y: UInt32
    var mode: DisplayMode?
    var connector: UInt32
  }

  /// Opens a card that can set modes and has dumb buffers.
  init(path: String) throws(KernelError) {
    let opened = try openDevice(path, O_RDWR | O_NONBLOCK, ifForbidden: "add the user to the group video")
    guard let resources = drmModeGetResources(opened.raw) else {
      let code = errno
      throw code == EOPNOTSUPP || code == EINVAL
        ? KernelError("use", path, reason: "it has no KMS") : KernelError("ask", path, errno: code)
    }
    drmModeFreeResources(resources)
    var dumb: UInt64 = 0
    guard drmGetCap(opened.raw, UInt64(DRM_CAP_DUMB_BUFFER), &dumb) == 0, dumb != 0 else {
      throw KernelError("use", path, reason: "it has no dumb buffers")
    }
    var depth: UInt64 = 0
    preferredDepth =
      drmGetCap(opened.raw, UInt64(DRM_CAP_DUMB_PREFERRED_DEPTH), &depth) == 0 ? Int(clamping: depth) : 0
    var name = ""
    if let version = drmGetVersion(opened.raw) {
      if let text = version.pointee.name { name = String(cString: text) }
      drmFreeVersion(version)
    }
    isAtomic = drmSetClientCap(opened.raw, UInt64(DRM_CLIENT_CAP_ATOMIC), 1) == 0
    driver = name
    self.path = path
    descriptor = opened
  }

  var name: String { "\(path) (\(driver))" }

  /// Whether this descriptor is the one that may set modes now.
  var isMaster: Bool { drmIsMaster(raw) != 0 }

  /// Becomes master, or stays it.
  ///
  /// - Throws: ``KernelError`` when another program is.
  func becomeMaster() throws(KernelError) {
    if isMaster || drmSetMaster(raw) == 0 { return }
    let code = errno
    throw code == ENODEV ? KernelError("use", path, errno: code) : DRMCard.held(path, errno: code)
  }

  static func held(_ object: String, errno code: Int32) -> KernelError {
    KernelError(
      "use", object, errno: code,
      next: "another program (a display server) holds the display; stop it or switch to a free console")
  }

  /// Whether the hardware is still there.
  var isPresent: Bool {
    guard let resources = drmModeGetResources(raw) else { return errno != ENODEV && errno != ENXIO }
    drmModeFreeResources(resources)
    return true
  }

  /// Asks every connector what is plugged in. It reads EDIDs, which can take a second: never between touch and ink.
  func connectors() throws(KernelError) -> [ConnectorReport] {
    guard let resources = drmModeGetResources(raw) else { throw KernelError("ask", path, errno: errno) }
    defer { drmModeFreeResources(resources) }
    let crtcs = Array(
      UnsafeBufferPointer(start: resources.pointee.crtcs, count: Int(resources.pointee.count_crtcs)))
    let ids = UnsafeBufferPointer(
      start: resources.pointee.connectors, count: Int(resources.pointee.count_connectors))
    return ids.compactMap { id in
      guard let connector = drmModeGetConnector(raw, id) else { return nil }
      defer { drmModeFreeConnector(connector) }
      return report(connector.pointee, crtcs: crtcs)
    }
  }

  /// The number by which the kernel counts the vblanks of a CRTC: its place among the card's (drm_wait_vblank).
  func pipe(of crtc: UInt32) -> UInt32 {
    guard let resources = drmModeGetResources(raw) else { return 0 }
    defer { drmModeFreeResources(resources) }
    let crtcs = UnsafeBufferPointer(start: resources.pointee.crtcs, count: Int(resources.pointee.count_crtcs))
    return UInt32(crtcs.firstIndex(of: crtc) ?? 0)
  }

  private func report(_ connector: drmModeConnector, crtcs: [UInt32]) -> ConnectorReport {
    let status: ConnectorReport.Status =
      switch connector.connection {
      case DRM_MODE_CONNECTED: .connected
      case DRM_MODE_DISCONNECTED: .disconnected
      default: .unknown
      }
    var report = ConnectorReport(
      id: connector.connector_id,
      name: ConnectorReport.name(type: connector.connector_type, number: connector.connector_type_id),
      status: status)
    report.modes = UnsafeBufferPointer(start: connector.modes, count: Int(connector.count_modes)).map {
      DisplayMode($0)
    }
    if connector.mmWidth > 0, connector.mmHeight > 0 {
      report.millimetres = .init(width: Int(connector.mmWidth), height: Int(connector.mmHeight))
    }
    var now: UInt32 = 0
    for id in UnsafeBufferPointer(start: connector.encoders, count: Int(connector.count_encoders)) {
      guard let encoder = drmModeGetEncoder(raw, id) else { continue }
      if id == connector.encoder_id { now = encoder.pointee.crtc_id }
      for (bit, crtc) in crtcs.enumerated() where encoder.pointee.possible_crtcs >> UInt32(bit) & 1 != 0 {
        if !report.crtcs.contains(crtc) { report.crtcs.append(crtc) }
      }
      drmModeFreeEncoder(encoder)
    }
    if now != 0, let at = report.crtcs.firstIndex(of: now) {
      report.crtcs.swapAt(0, at)
      if let crtc = drmModeGetCrtc(raw, now) {
        if crtc.pointee.mode_valid != 0 { report.running = DisplayMode(crtc.pointee.mode) }
        drmModeFreeCrtc(crtc)
      }
    }
    let properties = DRMProperties(
      card: self, object: connector.connector_id, kind: DRM_MODE_OBJECT_CONNECTOR)
    report.isLinkBad = properties.value("link-status") == UInt64(DRM_MODE_LINK_STATUS_BAD)
    return report
  }

  /// Takes all events that the kernel has for this descriptor: it stays readable until then, whoever wanted them.
  ///
  /// - Returns: whether a flip was done, or a vblank came.
  func readEvents() -> Bool { DRMCard.readEvents(from: raw) }

  static func readEvents(from descriptor: Int32) -> Bool {
    withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 8) { buffer -> Bool in
      var found = false
      while true {
        let count = read(descriptor, buffer.baseAddress, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return found }
        var at = 0
        while at + MemoryLayout<drm_event>.size <= count {
          let event = buffer.loadUnaligned(fromByteOffset: at, as: drm_event.self)
          if [UInt32(DRM_EVENT_FLIP_COMPLETE), UInt32(DRM_EVENT_VBLANK)].contains(event.type) {
            found = true
          }
          at += max(Int(event.length), MemoryLayout<drm_event>.size)
        }
      }
    }
  }

  /// Keeps what a CRTC shows, the first time it is taken.
  func save(crtc id: UInt32, connector: UInt32) {
    guard let crtc = drmModeGetCrtc(raw, id) else { return }
    defer { drmModeFreeCrtc(crtc) }
    let state = SavedCRTC(
      framebuffer: crtc.pointee.buffer_id, x: crtc.pointee.x, y: crtc.pointee.y,
      mode: crtc.pointee.mode_valid != 0 ? DisplayMode(crtc.pointee.mode) : nil, connector: connector)
    saved.withLock { if $0[id] == nil { $0[id] = state } }
  }

  /// Gives every CRTC that was taken its mode and framebuffer back, or turns it off where it was off.
  func restore() {
    let states = saved.withLock { saved in
      let taken = saved
      saved = [:]
      return taken
    }
    for (id, state) in states {
      if let mode = state.mode, state.framebuffer != 0 {
        var (info, connector) = (mode.info, state.connector)
        if drmModeSetCrtc(raw, id, state.framebuffer, state.x, state.y, &connector, 1, &info) == 0 {
          continue
        }
      }
      drmModeSetCrtc(raw, id, 0, 0, 0, nil, 0, nil)
    }
  }
}
