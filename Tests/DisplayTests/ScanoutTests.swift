import Ink
import Kernel
import Testing

@testable import Display

@Suite("the scanout buffer")
struct ScanoutTests {
  /// A surface in which every pixel is another colour.
  static func surface(_ width: Int, _ height: Int) -> Surface {
    var surface = Surface(width: width, height: height)
    for i in surface.pixels.indices {
      surface.pixels[i] = 0xFF00_0000 | UInt32(truncatingIfNeeded: i &* 2_654_435) & 0xFF_FFFF
    }
    return surface
  }

  /// The plain twin: pixel by pixel, with `Rotation.scanout` and the definition of the format.
  static func plainCopy(
    _ surface: Surface, _ rect: PixelRect, _ rotation: Rotation, to memory: inout [UInt8],
    _ layout: ScanoutLayout
  ) {
    for y in max(0, rect.y)..<max(max(0, rect.y), min(rect.maxY, surface.height)) {
      for x in max(0, rect.x)..<max(max(0, rect.x), min(rect.maxX, surface.width)) {
        let to = rotation.scanout(x: x, y: y, scanoutWidth: layout.width, scanoutHeight: layout.height)
        let color = Color(surface.pixels[y * surface.width + x] & 0xFF_FFFF)
        let (r, g, b) = (color.red, color.green, color.blue)
        let bytes: [UInt8]
        switch layout.format {
        case .xrgb8888: bytes = [b, g, r, 255]
        case .xbgr8888: bytes = [r, g, b, 255]
        case .rgb888: bytes = [b, g, r]
        case .rgb565:
          let packed = UInt16(r >> 3) << 11 | UInt16(g >> 2) << 5 | UInt16(b >> 3)
          bytes = [UInt8(truncatingIfNeeded: packed), UInt8(packed >> 8)]
        }
        let start = to.y * layout.stride + to.x * bytes.count
        for i in bytes.indices { memory[start + i] = bytes[i] }
      }
    }
  }

  static let cases = Rotation.allCases.flatMap { rotation in
    PixelFormat.allCases.map { (rotation, $0) }
  }

  @Test(
    "every rotation and format is what the plain copy makes, and the padding stays untouched",
    arguments: cases)
  func copies(rotation: Rotation, format: PixelFormat) throws {
    // 131 and 77 are no multiples of the tiles.
    let (width, height) = (131, 77)
    let surface = Self.surface(
      rotation.swapsAxes ? height : width, rotation.swapsAxes ? width : height)
    for padding in [0, 1, 13, 64] {
      let stride = width * format.bytesPerPixel + padding
      let size = (height - 1) * stride + width * format.bytesPerPixel
      let layout = try ScanoutLayout(
        width: width, height: height, stride: stride, format: format, size: size, of: "fake")
      for rect in [
        surface.bounds, PixelRect(x: 3, y: 5, width: 1, height: 1),
        PixelRect(x: 20, y: 30, width: 33, height: 29),
        PixelRect(x: -9, y: -9, width: 30, height: 20), PixelRect(x: 60, y: 70, width: 500, height: 500),
        PixelRect(x: 500, y: 0, width: 9, height: 9), .empty,
      ] {
        // Eight bytes more than there are: whatever is written there is an overrun.
        var found = [UInt8](repeating: 0xA5, count: size + 8)
        var expected = found
        Self.plainCopy(surface, rect, rotation, to: &expected, layout)
        found.withUnsafeMutableBytes { memory in
          guard let start = memory.baseAddress else { return }
          surface.pixels.withUnsafeBufferPointer {
            copyToScanout(
              $0, width: surface.width, height: surface.height, rect, rotation: rotation, to: start,
              layout: layout)
          }
        }
        #expect(found == expected, "\(rotation) \(format) padding \(padding) \(rect)")
      }
    }
  }

  @Test("a surface of another size than the display copies nothing")
  func otherSize() throws {
    let layout = try ScanoutLayout(
      width: 20, height: 10, stride: 80, format: .xrgb8888, size: 800, of: "fake")
    let surface = Self.surface(20, 11)
    var memory = [UInt8](repeating: 7, count: 800)
    memory.withUnsafeMutableBytes { memory in
      guard let start = memory.baseAddress else { return }
      surface.pixels.withUnsafeBufferPointer {
        copyToScanout($0, width: 20, height: 11, surface.bounds, rotation: .none, to: start, layout: layout)
      }
    }
    #expect(memory.allSatisfy { $0 == 7 })
  }

  @Test("a stride or a size that does not hold the rows is a sentence, not an overrun")
  func lyingDrivers() throws {
    func refusal(_ width: Int, _ height: Int, _ stride: Int, _ format: PixelFormat, _ size: Int) -> String? {
      do {
        _ = try ScanoutLayout(
          width: width, height: height, stride: stride, format: format, size: size, of: "/dev/fb0")
        return nil
      } catch {
        return error.description
      }
    }
    #expect(refusal(800, 480, 1600, .rgb565, 1600 * 480) == nil)
    #expect(refusal(800, 480, 1600, .rgb565, 1600 * 480 - 1) != nil)
    #expect(
      refusal(800, 480, 1600, .xrgb8888, 1 << 24)
        == "cannot use /dev/fb0: it has 1600 bytes a row, but 800 pixels of XRGB8888 need 3200")
    #expect(
      refusal(100, 10, 512, .xrgb8888, 5000)
        == "cannot use /dev/fb0: it has 5000 bytes, but 10 rows of 512 need 5008")
    #expect(refusal(0, 480, 1600, .rgb565, 1 << 24) != nil)
    #expect(refusal(800, -1, 1600, .rgb565, 1 << 24) != nil)
    #expect(refusal(1 << 40, 1 << 40, 1 << 50, .rgb565, .max) != nil)
    #expect(refusal(800, 480, .max, .rgb565, .max) != nil)
  }

  @Test("the four layouts are known by their bitfields, and no other")
  func bitfields() {
    typealias Bits = PixelFormat.Bits
    func format(_ bits: Int, _ red: Bits, _ green: Bits, _ blue: Bits) -> PixelFormat? {
      PixelFormat(bitsPerPixel: bits, red: red, green: green, blue: blue)
    }
    #expect(format(32, Bits(16, 8), Bits(8, 8), Bits(0, 8)) == .xrgb8888)
    #expect(format(32, Bits(0, 8), Bits(8, 8), Bits(16, 8)) == .xbgr8888)
    #expect(format(24, Bits(16, 8), Bits(8, 8), Bits(0, 8)) == .rgb888)
    #expect(format(16, Bits(11, 5), Bits(5, 6), Bits(0, 5)) == .rgb565)
    #expect(format(16, Bits(10, 5), Bits(5, 5), Bits(0, 5)) == nil)
    #expect(format(24, Bits(0, 8), Bits(8, 8), Bits(16, 8)) == nil)
    #expect(format(32, Bits(20, 10), Bits(10, 10), Bits(0, 10)) == nil)
    #expect(format(8, Bits(0, 8), Bits(0, 8), Bits(0, 8)) == nil)
  }
}
