import PNG
import Randomness
import Testing

@Suite("damaged PNG files")
struct DamageTests {
  static let files: [[UInt8]] = [
    PlainPNG(width: 5, height: 4, kind: .gray) { x, y, _ in x * y }.file,
    PlainPNG(
      width: 5, height: 5, depth: 4, kind: .palette, interlaced: true, palette: [1, 2, 3, 4, 5, 6, 7, 8, 9],
      transparency: [9, 0]
    ) { x, _, _ in x % 3 }.file,
  ]

  @Test("a file that ends too early is an error at every length", arguments: files)
  func truncated(file: [UInt8]) throws {
    let picture = try PNG.decode(file)
    // All pixels are known once the image data is whole; before that it is an error.
    let dataEnd = file.count - 12 - 4
    for length in 0..<dataEnd {
      #expect(throws: PNGError.self) { try PNG.decode(Array(file.prefix(length))) }
    }
    for length in dataEnd..<file.count {
      if let image = try? PNG.decode(Array(file.prefix(length))) { #expect(image == picture) }
    }
  }

  @Test("no change of a single byte crashes, and each gives an error or a picture", arguments: files)
  func corrupted(file: [UInt8]) {
    // A reader may pass over a damaged IEND and over damaged chunks that it can do without (here tRNS).
    let mayPass = Set(file.indices.suffix(12)).union(DamageTests.chunk("tRNS", in: file))
    for position in file.indices {
      for change in 1...255 {
        var bytes = file
        bytes[position] ^= UInt8(change)
        do {
          let image = try PNG.decode(bytes, maximumPixels: 1 << 16)
          #expect(image.rgba.count == image.width * image.height * 4)
          #expect(mayPass.contains(position))
        } catch {
          #expect(!error.description.isEmpty)
        }
      }
    }
  }

  /// Where the chunk of that name lies, with its length and checksum.
  private static func chunk(_ name: String, in file: [UInt8]) -> Range<Int> {
    guard let at = file.indices.first(where: { file[$0...].starts(with: name.utf8) }) else { return 0..<0 }
    return at - 4..<at + 8 + Int(file[at - 1])
  }

  @Test("no corrupted picture data crashes when its checksum is right")
  func corruptedUnderTheChecksum() {
    var random = SplitMix64(seed: 1)
    let rows = (0..<60).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    let stream = PlainPNG.zlib(rows)
    for kind in PlainPNG.Kind.allCases {
      for _ in 0..<2000 {
        var header: [UInt8] = bigEndian(UInt32(random.next() % 9)) + bigEndian(UInt32(random.next() % 9))
        header += [[1, 2, 4, 8, 16].randomElement(using: &random) ?? 8, kind.rawValue, 0, 0]
        header.append(UInt8(random.next() % 2))
        var data = stream
        for _ in 0..<Int(random.next() % 4) {
          data[Int(random.next() % UInt64(data.count))] = UInt8(truncatingIfNeeded: random.next())
        }
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + PlainPNG.chunk("IHDR", header)
        file += PlainPNG.chunk("PLTE", Array(rows.prefix(3 * Int(random.next() % 8))))
        file += PlainPNG.chunk("tRNS", Array(rows.prefix(Int(random.next() % 8))))
        file += PlainPNG.chunk("IDAT", data) + PlainPNG.chunk("IEND", [])
        if let image = try? PNG.decode(file) { #expect(image.rgba.count == image.width * image.height * 4) }
      }
    }
  }

  @Test("random bytes are an error, with and without the signature")
  func randomBytes() {
    var random = SplitMix64(seed: 7)
    for length in 0..<600 {
      let noise = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      #expect(throws: PNGError.self) { try PNG.decode(noise) }
      #expect(throws: PNGError.self) { try PNG.decode(Self.files[0].prefix(8) + noise) }
      #expect(throws: PNGError.self) { try PNG.decode(Self.files[0].prefix(33) + noise) }
    }
  }

  @Test("a huge declared size is refused before memory is taken")
  func hugeSize() {
    for (width, height) in [
      (1_000_000, 1_000_000), (65_536, 65_536), (0x7FFF_FFFF, 0x7FFF_FFFF), (8193, 8192),
    ] {
      var file = PlainPNG(width: 1, height: 1, kind: .rgba) { _, _, _ in 1 }
      let data = file.file
      file.width = width
      file.height = height
      let header =
        bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, PlainPNG.Kind.rgba.rawValue, 0, 0, 0]
      let bytes = Array(data.prefix(8)) + PlainPNG.chunk("IHDR", header) + Array(data.dropFirst(33))
      #expect(throws: PNGError.self) { try PNG.decode(bytes) }
    }
  }
}
