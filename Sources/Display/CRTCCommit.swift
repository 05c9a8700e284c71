import CDRM
import Glibc
import Kernel

/// Sets what a CRTC shows: the one way for drivers with atomic commits and for those without.
protocol CRTCCommit {
  /// "atomic" or "legacy", for the log.
  var kind: String { get }
  /// The formats of pixels that the driver says it shows; nil where it does not say.
  var formats: [PixelFormat]? { get }

  /// - Parameters:
  ///   - framebuffer: what to show.
  ///   - mode: set it, waiting until that is done; nil only exchanges the framebuffer, without waiting, and an event
  ///     tells when the new one is seen.
  ///   - isTest: nothing changes; the result says whether it could. A driver that cannot tell says 0.
  /// - Returns: 0 or errno.
  func commit(framebuffer: UInt32, mode: DisplayMode?, isTest: Bool) -> Int32
}

/// The calls of before 2015: SetCrtc and PageFlip.
struct LegacyCommit: CRTCCommit {
  let card: DRMCard
  let crtc: UInt32
  let connector: UInt32

  let kind = "legacy"
  let formats: [PixelFormat]? = nil

  func commit(framebuffer: UInt32, mode: DisplayMode?, isTest: Bool) -> Int32 {
    if isTest { return 0 }
    if let mode {
      var (info, id) = (mode.info, connector)
      return drmModeSetCrtc(card.raw, crtc, framebuffer, 0, 0, &id, 1, &info) == 0 ? 0 : errno
    }
    return drmModePageFlip(card.raw, crtc, framebuffer, UInt32(DRM_MODE_PAGE_FLIP_EVENT), nil) == 0
      ? 0 : errno
  }
}

/// One commit of all properties of connector, CRTC and primary plane.
struct AtomicCommit: CRTCCommit {
  let kind = "atomic"
  let formats: [PixelFormat]?
  private let card: DRMCard
  private let crtc: DRMProperties
  private let connector: DRMProperties
  private let plane: DRMProperties
  /// Other connectors that the CRTC drives now, as a console does that is cloned to two displays.
  private let others: [DRMProperties]

  /// Finds the primary plane of the CRTC.
  ///
  /// - Returns: nil where the driver lacks a plane or a property, although it claims to be atomic.
  init?(card: DRMCard, crtc id: UInt32, connector connectorID: UInt32) {
    guard card.isAtomic, let resources = drmModeGetResources(card.raw) else { return nil }
    defer { drmModeFreeResources(resources) }
    let crtcs = UnsafeBufferPointer(start: resources.pointee.crtcs, count: Int(resources.pointee.count_crtcs))
    guard let bit = crtcs.firstIndex(of: id), let planes = drmModeGetPlaneResources(card.raw) else {
      return nil
    }
    defer { drmModeFreePlaneResources(planes) }
    var found: DRMProperties?
    var fourccs: Set<UInt32> = []
    for planeID in UnsafeBufferPointer(start: planes.pointee.planes, count: Int(planes.pointee.count_planes))
    {
      guard let plane = drmModeGetPlane(card.raw, planeID) else { continue }
      defer { drmModeFreePlane(plane) }
      guard plane.pointee.possible_crtcs >> UInt32(bit) & 1 != 0 else { continue }
      let properties = DRMProperties(card: card, object: planeID, kind: DRM_MODE_OBJECT_PLANE)
      // A plane that the CRTC shows already is the right one of several; 1 is DRM_PLANE_TYPE_PRIMARY.
      guard properties.value("type") == 1, found == nil || plane.pointee.crtc_id == id else { continue }
      found = properties
      fourccs = Set(
        UnsafeBufferPointer(start: plane.pointee.formats, count: Int(plane.pointee.count_formats)))
    }
    guard let plane = found else { return nil }
    let crtc = DRMProperties(card: card, object: id, kind: DRM_MODE_OBJECT_CRTC)
    let connector = DRMProperties(card: card, object: connectorID, kind: DRM_MODE_OBJECT_CONNECTOR)
    guard crtc.id("MODE_ID") != nil, crtc.id("ACTIVE") != nil, connector.id("CRTC_ID") != nil,
      AtomicCommit.planeProperties.allSatisfy({ plane.id($0) != nil })
    else { return nil }
    let connectors = UnsafeBufferPointer(
      start: resources.pointee.connectors, count: Int(resources.pointee.count_connectors))
    others = connectors.filter { $0 != connectorID }
      .map { DRMProperties(card: card, object: $0, kind: DRM_MODE_OBJECT_CONNECTOR) }
      .filter { $0.value("CRTC_ID") == UInt64(id) }
    self.card = card
    self.crtc = crtc
    self.connector = connector
    self.plane = plane
    formats = PixelFormat.allCases.filter { fourccs.contains($0.fourcc) }
  }

  private static let planeProperties = [
    "FB_ID", "CRTC_ID", "SRC_X", "SRC_Y", "SRC_W", "SRC_H", "CRTC_X", "CRTC_Y", "CRTC_W", "CRTC_H",
  ]

  func commit(framebuffer: UInt32, mode: DisplayMode?, isTest: Bool) -> Int32 {
    guard let request = drmModeAtomicAlloc() else { return ENOMEM }
    defer { drmModeAtomicFree(request) }
    func set(_ properties: DRMProperties, _ name: String, _ value: UInt64) {
      // Without memory for the entry the commit itself fails, as it then lacks it.
      if let id = properties.id(name) { drmModeAtomicAddProperty(request, properties.object, id, value) }
    }
    set(plane, "FB_ID", UInt64(framebuffer))
    guard let mode else {
      let flags = UInt32(DRM_MODE_ATOMIC_NONBLOCK) | UInt32(DRM_MODE_PAGE_FLIP_EVENT)
      return drmModeAtomicCommit(card.raw, request, flags, nil) == 0 ? 0 : errno
    }
    var blob: UInt32 = 0
    var info = mode.info
    guard drmModeCreatePropertyBlob(card.raw, &info, MemoryLayout<drmModeModeInfo>.size, &blob) == 0 else {
      return errno
    }
    defer { drmModeDestroyPropertyBlob(card.raw, blob) }
    for other in others { set(other, "CRTC_ID", 0) }
    set(connector, "CRTC_ID", UInt64(crtc.object))
    // A link that was found bad is trained again; others ignore it.
    set(connector, "link-status", UInt64(DRM_MODE_LINK_STATUS_GOOD))
    set(crtc, "MODE_ID", UInt64(blob))
    set(crtc, "ACTIVE", 1)
    set(plane, "CRTC_ID", UInt64(crtc.object))
    for (name, value) in [("SRC_W", mode.width), ("SRC_H", mode.height)] {
      set(plane, name, UInt64(value) << 16)
    }
    for (name, value) in [("CRTC_W", mode.width), ("CRTC_H", mode.height)] { set(plane, name, UInt64(value)) }
    for name in ["SRC_X", "SRC_Y", "CRTC_X", "CRTC_Y"] { set(plane, name, 0) }
    let test = isTest ? UInt32(DRM_MODE_ATOMIC_TEST_ONLY) : 0
    return drmModeAtomicCommit(card.raw, request, UInt32(DRM_MODE_ATOMIC_ALLOW_MODESET) | test, nil) == 0
      ? 0 : errno
  }
}
