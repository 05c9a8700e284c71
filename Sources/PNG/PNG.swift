import CPNG
import Glibc

/// PNG files in memory, by libpng's simplified API: it needs no setjmp, and any bytes give a picture or an error. Drawings
/// alone are written by ``encode(drawing:width:height:)``.
///
/// The bytes of a file depend on the pixels only (and on the versions of libpng and zlib): no time, no text chunk.
public enum PNG {
  /// What a file is made for.
  public enum Effort: Sendable {
    /// A small file: what is sent.
    case small
    /// Little time: frames and screenshots.
    case fast
  }

  /// The most pixels that ``decode(_:maximumPixels:)`` takes unless it is told otherwise: 64 Mi, 256 MiB of RGBA.
  public static let pixelLimit = 64 << 20

  /// An 8-bit RGB file.
  ///
  /// - Parameters:
  ///   - rgb: red, green, blue of `width * height` pixels in sRGB, row by row from the top.
  public static func encode(
    rgb: [UInt8], width: Int, height: Int, effort: Effort = .small
  ) throws(PNGError) -> [UInt8] {
    try encode(rgb, width: width, height: height, channels: 3, format: UInt32(PNG_FORMAT_RGB), effort: effort)
  }

  /// An 8-bit RGB file of pixels as the screens have them.
  ///
  /// - Parameters:
  ///   - xrgb: `width * height` pixels 0x00RRGGBB, row by row from the top; the high byte is not looked at.
  public static func encode(
    xrgb: [UInt32], width: Int, height: Int, effort: Effort = .small
  ) throws(PNGError) -> [UInt8] {
    let rgb = [UInt8](unsafeUninitializedCapacity: xrgb.count * 3) { bytes, count in
      for (i, pixel) in xrgb.enumerated() {
        bytes[3 * i] = UInt8(truncatingIfNeeded: pixel >> 16)
        bytes[3 * i + 1] = UInt8(truncatingIfNeeded: pixel >> 8)
        bytes[3 * i + 2] = UInt8(truncatingIfNeeded: pixel)
      }
      count = xrgb.count * 3
    }
    return try encode(rgb: rgb, width: width, height: height, effort: effort)
  }

  /// An 8-bit RGBA file.
  ///
  /// - Parameters:
  ///   - rgba: red, green, blue and straight alpha of `width * height` pixels in sRGB, row by row from the top.
  public static func encode(
    rgba: [UInt8], width: Int, height: Int, effort: Effort = .small
  ) throws(PNGError) -> [UInt8] {
    try encode(
      rgba, width: width, height: height, channels: 4, format: png_format_rgba, effort: effort)
  }

  /// Reads a PNG file of any colour type, depth and interlacing.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - maximumPixels: a file that declares more is refused before any memory is taken for it. Reading takes four bytes a
  ///     pixel; one that is interlaced and has 16 bits takes eight, so half as many pixels of it are read.
  /// - Throws: ``PNGError`` for every file that libpng does not read to its end.
  public static func decode(_ bytes: [UInt8], maximumPixels: Int = pixelLimit) throws(PNGError) -> PNGImage {
    guard bytes.starts(with: signature) else {
      throw .notPNG(bytes.isEmpty ? "it is empty" : "it does not begin as one")
    }
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    // libpng keeps the pointer from the first call to the last, so both lie within the closure.
    let result: Result<PNGImage, PNGError> = bytes.withUnsafeBytes { file in
      defer { png_image_free(&image) }
      guard png_image_begin_read_from_memory(&image, file.baseAddress, file.count) != 0 else {
        return .failure(.damaged(message(of: image)))
      }
      let (width, height) = (Int(image.width), Int(image.height))
      let isLinear = image.format & UInt32(PNG_FORMAT_FLAG_LINEAR) != 0 && isInterlaced(file)
      let limit = isLinear ? maximumPixels / 2 : maximumPixels
      guard width * height <= limit else {
        return .failure(.tooLarge(width: width, height: height, limit: limit))
      }
      let hasAlpha = image.format & UInt32(PNG_FORMAT_FLAG_ALPHA) != 0
      // Samples of 16 bits without a gAMA chunk are sRGB like all others, not linear light.
      image.flags |= UInt32(PNG_IMAGE_FLAG_16BIT_sRGB)
      if isLinear {
        return decodeLinear(&image).map {
          PNGImage(width: width, height: height, rgba: $0, hasAlpha: hasAlpha)
        }
      }
      image.format = png_format_rgba
      var read = false
      let rgba = [UInt8](unsafeUninitializedCapacity: width * height * 4) { pixels, count in
        read = png_image_finish_read(&image, nil, pixels.baseAddress, 0, nil) != 0
        count = read ? width * height * 4 : 0
      }
      guard read else { return .failure(.damaged(message(of: image))) }
      return .success(PNGImage(width: width, height: height, rgba: rgba, hasAlpha: hasAlpha))
    }
    return try result.get()
  }

  /// Whether the header, which libpng has already checked, says Adam7.
  private static func isInterlaced(_ file: UnsafeRawBufferPointer) -> Bool {
    file.count > 28 && file[28] == 1
  }

  /// Reads an interlaced file of 16 bits as linear light, and brings it to 8-bit sRGB here.
  ///
  /// libpng up to 1.6.50 writes past the buffer when it scales such a file to 8 bits itself (CVE-2025-65018), and with
  /// the first repair of that it returns rows of the last pass in place of all others. The result is within 1 of exact. It
  /// takes the place of the samples that it comes from.
  private static func decodeLinear(_ image: inout png_image) -> Result<[UInt8], PNGError> {
    let pixels = Int(image.width) * Int(image.height)
    image.format = png_format_linear_alpha
    // libpng takes sRGB for the power 2.2; this is its inverse.
    let encoded = (0...65_535).map { UInt8((pow(Double($0) / 65_535, 1 / 2.2) * 255).rounded()) }
    var read = false
    let rgba = [UInt8](unsafeUninitializedCapacity: pixels * 8) { bytes, count in
      let samples = UnsafeMutableRawBufferPointer(bytes)
      read = png_image_finish_read(&image, nil, samples.baseAddress, 0, nil) != 0
      guard read else { return }
      for i in stride(from: 0, to: pixels * 4, by: 4) {
        // All four are taken before the place of the first two is written to.
        func sample(_ channel: Int) -> Int {
          Int(samples.load(fromByteOffset: 2 * (i + channel), as: UInt16.self))
        }
        let (red, green, blue, alpha) = (sample(0), sample(1), sample(2), sample(3))
        func straight(_ premultiplied: Int) -> UInt8 {
          encoded[alpha == 0 ? 0 : min(65_535, (premultiplied * 65_535 + alpha / 2) / alpha)]
        }
        samples[i] = straight(red)
        samples[i + 1] = straight(green)
        samples[i + 2] = straight(blue)
        samples[i + 3] = UInt8((alpha * 255 + 32_767) / 65_535)
      }
      count = pixels * 4
    }
    guard read else { return .failure(.damaged(message(of: image))) }
    return .success(rgba)
  }

  private static func encode(
    _ samples: [UInt8], width: Int, height: Int, channels: Int, format: UInt32, effort: Effort
  ) throws(PNGError) -> [UInt8] {
    try check(samples, width: width, height: height, channels: channels)
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    image.width = UInt32(width)
    image.height = UInt32(height)
    image.format = format
    if effort == .fast { image.flags |= UInt32(PNG_IMAGE_FLAG_FAST) }
    defer { png_image_free(&image) }
    var written = false
    let bound = png_image_size_bound(&image)
    let file = [UInt8](unsafeUninitializedCapacity: bound) { bytes, count in
      var size = bound
      written = png_image_write_to_memory(&image, bytes.baseAddress, &size, 0, samples, 0, nil) != 0
      count = written ? size : 0
    }
    guard written else { throw .notEncodable(message(of: image)) }
    return file
  }

  static func check(
    _ samples: [UInt8], width: Int, height: Int, channels: Int
  ) throws(PNGError) {
    guard width > 0, height > 0, width <= 1_000_000, height <= 1_000_000,
      width * height <= pixelLimit, samples.count == width * height * channels
    else {
      throw .notEncodable("\(samples.count) samples are no picture of \(width)x\(height)x\(channels)")
    }
  }

  /// What libpng says about the last error, as it stands within a sentence.
  private static func message(of image: png_image) -> String {
    let text = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    guard let first = text.first else { return "unknown error" }
    let second = text.dropFirst().first
    return second?.isLowercase == true ? first.lowercased() + text.dropFirst() : text
  }
}
