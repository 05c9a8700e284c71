import CLinux
import Glibc
import Ink
import Kernel

/// Owns a framebuffer device, /dev/fbN, and the mapping of its memory: the display interface of before DRM.
///
/// There is one buffer, shown as long as the device lives; the kernel tells no vblank (FBIO_WAITFORVSYNC is ENOTTY with
/// most drivers), so whole pictures are copied at once.
final class FramebufferOutput: ScreenOutput {
  let path: String
  private let driver: String
  private let descriptor: FileDescriptor
  private let mapping: UnsafeMutableRawPointer
  private let mappingSize: Int
  /// Where the visible part begins in the mapping.
  private let offset: Int
  private let layout: ScanoutLayout
  let millimetres: (width: Int, height: Int)?

  /// What a device says of itself.
  private struct Geometry {
    var layout: ScanoutLayout
    var driver: String
    var offset: Int
    /// Where the memory begins in its first page, and how many bytes there are.
    var pageOffset: Int
    var size: Int
    var millimetres: (width: Int, height: Int)?
  }

  /// - Throws: ``KernelError`` when it cannot be opened or mapped, or has an unknown format of pixels.
  init(path: String) throws(KernelError) {
    let opened = try FramebufferOutput.open(path)
    let geometry = try FramebufferOutput.geometry(opened, path)
    let size = geometry.pageOffset + geometry.size
    let mapped = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, opened.raw, 0)
    guard let mapped, mapped != MAP_FAILED else { throw KernelError("map", path, errno: errno) }
    // A console that blanked the screen leaves it blanked; drivers that know no blanking say so, which is as well.
    _ = ioctl(opened.raw, UInt(FBIOBLANK), Int32(FB_BLANK_UNBLANK))
    self.path = path
    driver = geometry.driver
    layout = geometry.layout
    mapping = mapped
    mappingSize = size
    offset = geometry.pageOffset + geometry.offset
    millimetres = geometry.millimetres
    descriptor = opened
  }

  deinit {
    munmap(mapping, mappingSize)
  }

  /// What is at a path, without taking it.
  static func report(_ path: String) -> FramebufferReport {
    do throws(KernelError) {
      let opened = try open(path)
      var report = FramebufferReport(
        path: path, driver: driver(opened), outcome: .refused(KernelError("use", path, reason: "")))
      do throws(KernelError) {
        report.outcome = .usable(try geometry(opened, path).layout)
      } catch {
        report.outcome = .refused(error)
      }
      return report
    } catch {
      return FramebufferReport(path: path, outcome: .refused(error))
    }
  }

  private static func open(_ path: String) throws(KernelError) -> FileDescriptor {
    try openDevice(path, O_RDWR, ifForbidden: "add the user to the group video")
  }

  private static func driver(_ descriptor: borrowing FileDescriptor) -> String {
    var fixed = fb_fix_screeninfo()
    guard ioctl(descriptor.raw, UInt(FBIOGET_FSCREENINFO), &fixed) == 0 else { return "" }
    return withUnsafeBytes(of: fixed.id) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  private static func geometry(
    _ descriptor: borrowing FileDescriptor, _ path: String
  ) throws(KernelError) -> Geometry {
    var fixed = fb_fix_screeninfo()
    var variable = fb_var_screeninfo()
    guard ioctl(descriptor.raw, UInt(FBIOGET_FSCREENINFO), &fixed) == 0,
      ioctl(descriptor.raw, UInt(FBIOGET_VSCREENINFO), &variable) == 0
    else { throw KernelError("ask", path, errno: errno) }
    func bits(_ field: fb_bitfield) -> PixelFormat.Bits { .init(Int(field.offset), Int(field.length)) }
    let (red, green, blue) = (bits(variable.red), bits(variable.green), bits(variable.blue))
    guard fixed.type == UInt32(FB_TYPE_PACKED_PIXELS), fixed.visual == UInt32(FB_VISUAL_TRUECOLOR),
      let format = PixelFormat(bitsPerPixel: Int(variable.bits_per_pixel), red: red, green: green, blue: blue)
    else {
      let fields = [red, green, blue].map { "\($0.length)@\($0.offset)" }.joined(separator: " ")
      throw KernelError(
        "use", path,
        reason:
          "its pixels of \(variable.bits_per_pixel) bits (red, green, blue \(fields)) are of no known format",
        next: "set the display to 16, 24 or 32 bits")
    }
    let stride = Int(fixed.line_length)
    let offset = Int(variable.yoffset) * stride + Int(variable.xoffset) * format.bytesPerPixel
    let size = Int(fixed.smem_len)
    let layout = try ScanoutLayout(
      width: Int(variable.xres), height: Int(variable.yres), stride: stride, format: format,
      size: max(0, size - offset), of: path)
    let (width, height) = (Int32(bitPattern: variable.width), Int32(bitPattern: variable.height))
    return Geometry(
      layout: layout, driver: driver(descriptor), offset: offset,
      // Some drivers put a kernel address there, above what Int holds.
      pageOffset: Int(truncatingIfNeeded: fixed.smem_start) & (sysconf(Int32(_SC_PAGESIZE)) - 1), size: size,
      millimetres: width > 0 && height > 0 ? (Int(width), Int(height)) : nil)
  }

  var name: String {
    "\(path) (\(driver)), \(layout.width)x\(layout.height), \(layout.format.rawValue), fbdev"
  }
  var scanoutWidth: Int { layout.width }
  var scanoutHeight: Int { layout.height }

  func show(_ rect: PixelRect, of surface: borrowing Surface, rotation: Rotation) {
    let (memory, layout, width, height) = (mapping + offset, layout, surface.width, surface.height)
    surface.pixels.withUnsafeBufferPointer {
      copyToScanout($0, width: width, height: height, rect, rotation: rotation, to: memory, layout: layout)
    }
  }

  func flip(_ surface: borrowing Surface, rotation: Rotation) {
    show(surface.bounds, of: surface, rotation: rotation)
  }

  func close() {}
}
