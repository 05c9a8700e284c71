import CDRM
import Glibc
import Ink
import Kernel

/// Owns a dumb buffer of a card, its framebuffer object, and its mapping: memory that a CRTC scans out.
///
/// The mapping is write-combined memory on real hardware: it is written, and never read (slint-ui/slint#7749).
struct DumbBuffer: ~Copyable {
  let card: DRMCard
  /// The framebuffer object that a plane shows.
  let framebuffer: UInt32
  let layout: ScanoutLayout
  let memory: UnsafeMutableRawPointer
  private let handle: UInt32
  private let size: Int

  /// Makes a buffer; new ones are black.
  ///
  /// - Throws: ``KernelError`` when memory is short, or the driver does not show this format.
  init(card: DRMCard, width: Int, height: Int, format: PixelFormat) throws(KernelError) {
    let what = "a buffer of \(width)x\(height) \(format.rawValue) on \(card.path)"
    let bits = UInt32(format.bytesPerPixel * 8)
    var (handle, pitch): (UInt32, UInt32) = (0, 0)
    var bytes: UInt64 = 0
    guard
      drmModeCreateDumbBuffer(card.raw, UInt32(width), UInt32(height), bits, 0, &handle, &pitch, &bytes) == 0
    else { throw KernelError("make", what, errno: errno) }

    // From here on each failure gives back what was taken before it.
    var framebuffer: UInt32 = 0
    var mapping: UnsafeMutableRawPointer?
    var checked: ScanoutLayout?
    var failure: KernelError?
    do throws(KernelError) {
      let size = Int(clamping: bytes)
      checked = try ScanoutLayout(
        width: width, height: height, stride: Int(pitch), format: format, size: size, of: what)
      let handles: [UInt32] = [handle, 0, 0, 0]
      let pitches: [UInt32] = [pitch, 0, 0, 0]
      let offsets: [UInt32] = [0, 0, 0, 0]
      guard
        drmModeAddFB2(
          card.raw, UInt32(width), UInt32(height), format.fourcc, handles, pitches, offsets, &framebuffer, 0)
          == 0
      else { throw KernelError("show", what, errno: errno) }
      var offset: UInt64 = 0
      guard drmModeMapDumbBuffer(card.raw, handle, &offset) == 0 else {
        throw KernelError("map", what, errno: errno)
      }
      mapping = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, card.raw, off_t(clamping: offset))
      guard mapping != MAP_FAILED else {
        mapping = nil
        throw KernelError("map", what, errno: errno)
      }
    } catch {
      failure = error
    }
    guard failure == nil, let mapping, let checked else {
      if framebuffer != 0 { drmModeRmFB(card.raw, framebuffer) }
      drmModeDestroyDumbBuffer(card.raw, handle)
      throw failure ?? KernelError("map", what, reason: "it has no memory")
    }
    self.card = card
    self.handle = handle
    layout = checked
    self.framebuffer = framebuffer
    size = Int(clamping: bytes)
    memory = mapping
  }

  deinit {
    munmap(memory, size)
    drmModeRmFB(card.raw, framebuffer)
    drmModeDestroyDumbBuffer(card.raw, handle)
  }
}

extension PixelFormat {
  /// The number of the format in DRM.
  var fourcc: UInt32 {
    switch self {
    case .xrgb8888: drm_format_xrgb8888
    case .xbgr8888: drm_format_xbgr8888
    case .rgb888: drm_format_rgb888
    case .rgb565: drm_format_rgb565
    }
  }
}
