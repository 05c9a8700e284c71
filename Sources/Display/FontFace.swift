import CFreeType
import Glibc
import Kernel

/// Owns one face of FreeType, and the library instance it lives in: an outline font in a file.
///
/// FreeType's objects belong to one thread; this one is not Sendable.
final class FontFace {
  /// A drawn glyph: its coverage, and where that goes from the pen.
  struct Glyph {
    /// `width * height` bytes of coverage.
    var mask: [UInt8] = []
    var width = 0
    var height = 0
    /// From the pen to the left edge of the mask, and from the baseline up to its top, in pixels.
    var left = 0
    var top = 0
  }

  private let library: FT_Library
  private let face: FT_Face
  private let kerning: KerningTable
  private var size = 0
  /// Font design units in the em square.
  let unitsPerEm: Int
  /// Above and below the baseline, in design units; both positive.
  let ascender: Int
  let descender: Int
  /// The height of an H, in design units.
  private(set) var capHeight: Int

  /// - Parameter next: what a person does about a file that is not there.
  init(path: String, next: String?) throws(KernelError) {
    // FreeType tells no errno, so the file is looked at first.
    close(try valueOrError("open", "font \(path)", next: next) { open(path, O_RDONLY | O_CLOEXEC) })
    var library: FT_Library?
    guard FT_Init_FreeType(&library) == 0, let library else {
      throw KernelError("start", "FreeType", reason: "out of memory")
    }
    var face: FT_Face?
    let code = FT_New_Face(library, path, 0, &face)
    guard code == 0, let face, FT_Int(face.pointee.face_flags) & FT_Int(FT_FACE_FLAG_SCALABLE) != 0 else {
      FT_Done_FreeType(library)
      let reason = code == 0 ? "it has no outlines" : "FreeType does not read it (error \(code))"
      throw KernelError("use", "font \(path)", reason: reason, next: next)
    }
    self.library = library
    self.face = face
    unitsPerEm = max(1, Int(face.pointee.units_per_EM))
    ascender = Int(face.pointee.ascender)
    descender = -Int(face.pointee.descender)
    capHeight = ascender * 3 / 4
    kerning = KerningTable(gpos: FontFace.table("GPOS", of: face))
    let letter = FT_Get_Char_Index(face, 0x48)
    if letter != 0, FT_Load_Glyph(face, letter, FT_Int32(FT_LOAD_NO_SCALE)) == 0 {
      capHeight = Int(face.pointee.glyph.pointee.metrics.horiBearingY)
    }
  }

  deinit {
    FT_Done_Face(face)
    FT_Done_FreeType(library)
  }

  /// The number of the glyph for a character, or nil when the face has none.
  func glyph(for character: Unicode.Scalar) -> UInt32? {
    let index = FT_Get_Char_Index(face, FT_ULong(character.value))
    return index == 0 ? nil : UInt32(index)
  }

  /// Kerning between two glyphs in 1/64 pixel at a size in pixels per em.
  func kerning(_ left: UInt32, _ right: UInt32, size: Int) -> Int {
    kerning.isEmpty ? 0 : kerning.adjustment(Int(left), Int(right)) * size * 64 / unitsPerEm
  }

  /// The advance of a glyph in 1/64 pixel at a size in pixels per em, not rounded to pixels.
  func advance(_ glyph: UInt32, size: Int) -> Int {
    guard use(size), FT_Load_Glyph(face, glyph, ft_load_target_light) == 0 else { return 0 }
    return Int(face.pointee.glyph.pointee.linearHoriAdvance) >> 10
  }

  /// Draws a glyph: antialiased in grays, hinted only in the vertical, which keeps its advance and its weight.
  ///
  /// - Parameter fraction: where the pen stands within its pixel, in 1/64 pixel.
  func draw(_ glyph: UInt32, size: Int, fraction: Int) -> Glyph {
    guard use(size), FT_Load_Glyph(face, glyph, ft_load_target_light) == 0 else { return Glyph() }
    guard let slot = face.pointee.glyph else { return Glyph() }
    if slot.pointee.format == FT_GLYPH_FORMAT_OUTLINE {
      FT_Outline_Translate(&slot.pointee.outline, FT_Pos(fraction), 0)
    }
    guard FT_Render_Glyph(slot, FT_RENDER_MODE_NORMAL) == 0 else { return Glyph() }
    let bitmap = slot.pointee.bitmap
    guard bitmap.pixel_mode == FT_PIXEL_MODE_GRAY.rawValue, let buffer = bitmap.buffer, bitmap.pitch > 0
    else { return Glyph() }
    let (width, height, pitch) = (Int(bitmap.width), Int(bitmap.rows), Int(bitmap.pitch))
    var mask: [UInt8] = []
    mask.reserveCapacity(width * height)
    for row in 0..<height { mask += UnsafeBufferPointer(start: buffer + row * pitch, count: width) }
    return Glyph(
      mask: mask, width: width, height: height, left: Int(slot.pointee.bitmap_left),
      top: Int(slot.pointee.bitmap_top))
  }

  private func use(_ wanted: Int) -> Bool {
    if size == wanted { return true }
    guard FT_Set_Pixel_Sizes(face, 0, FT_UInt(wanted)) == 0 else { return false }
    size = wanted
    return true
  }

  private static func table(_ name: String, of face: FT_Face) -> [UInt8] {
    let tag = name.utf8.reduce(FT_ULong(0)) { $0 << 8 | FT_ULong($1) }
    var length = FT_ULong(0)
    guard FT_Load_Sfnt_Table(face, tag, 0, nil, &length) == 0, length < 16 << 20 else { return [] }
    var bytes = [UInt8](repeating: 0, count: Int(length))
    return FT_Load_Sfnt_Table(face, tag, 0, &bytes, &length) == 0 ? bytes : []
  }
}
