/// The pair kerning of an OpenType font: the lookups of the feature `kern` in its GPOS table.
///
/// FreeType reads only the old `kern` table, which fonts like Inter do not have. This reads pair adjustment, formats 1 and
/// 2, also within extension lookups (OpenType 1.9, chapter GPOS), in font design units. Every offset is checked; a
/// damaged table kerns nothing.
struct KerningTable: Sendable {
  private let bytes: [UInt8]
  /// The lookups in their order; each is the offsets of its pair subtables.
  private let lookups: [[Int]]

  /// - Parameter gpos: the bytes of the GPOS table; empty for a font without one.
  init(gpos: [UInt8]) {
    bytes = gpos
    lookups = Reader(bytes: gpos).kerningLookups()
  }

  var isEmpty: Bool { lookups.isEmpty }

  /// What is added to the advance of `left` before `right`, in design units.
  func adjustment(_ left: Int, _ right: Int) -> Int {
    let reader = Reader(bytes: bytes)
    var sum = 0
    for subtables in lookups {
      // Of one lookup only the first subtable that knows the pair applies.
      for subtable in subtables {
        if let value = reader.pair(subtable, left, right) {
          sum += value
          break
        }
      }
    }
    return sum
  }
}

/// Reads the big-endian table; outside it everything is 0.
private struct Reader {
  let bytes: [UInt8]

  func u16(_ at: Int) -> Int {
    at >= 0 && at + 2 <= bytes.count ? Int(bytes[at]) << 8 | Int(bytes[at + 1]) : 0
  }

  func u32(_ at: Int) -> Int { u16(at) << 16 | u16(at + 2) }

  func tag(_ at: Int, is name: String) -> Bool {
    at >= 0 && at + 4 <= bytes.count && bytes[at..<at + 4].elementsEqual(name.utf8)
  }

  /// The subtables of each lookup that the feature `kern` of the script `latn` (or `DFLT`) names.
  func kerningLookups() -> [[Int]] {
    guard u16(0) == 1 else { return [] }
    let (scripts, features, lookups) = (u16(4), u16(6), u16(8))
    var language = 0
    for i in 0..<u16(scripts) {
      let record = scripts + 2 + 6 * i
      let isLatin = tag(record, is: "latn")
      guard isLatin || tag(record, is: "DFLT") else { continue }
      let script = scripts + u16(record + 4)
      if u16(script) != 0, language == 0 || isLatin { language = script + u16(script) }
    }
    guard language != 0 else { return [] }
    var numbers: Set<Int> = []
    for i in 0..<u16(language + 4) {
      let record = features + 2 + 6 * u16(language + 6 + 2 * i)
      guard tag(record, is: "kern") else { continue }
      let feature = features + u16(record + 4)
      for j in 0..<u16(feature + 2) { numbers.insert(u16(feature + 4 + 2 * j)) }
    }
    return numbers.sorted().compactMap { number in
      guard number < u16(lookups) else { return nil }
      let lookup = lookups + u16(lookups + 2 + 2 * number)
      let found = (0..<u16(lookup + 4)).compactMap { i -> Int? in
        let subtable = lookup + u16(lookup + 6 + 2 * i)
        if u16(lookup) == 2 { return subtable }
        // 9 is an extension: a lookup of another type, farther away than 16 bits reach.
        return u16(lookup) == 9 && u16(subtable + 2) == 2 ? subtable + u32(subtable + 4) : nil
      }
      return found.isEmpty ? nil : found
    }
  }

  /// The advance that a pair subtable gives, or nil when it does not know the pair.
  func pair(_ subtable: Int, _ left: Int, _ right: Int) -> Int? {
    guard let index = coverage(subtable + u16(subtable + 2), left) else { return nil }
    let (first, second) = (u16(subtable + 4), u16(subtable + 6))
    let recordSize = 2 * (first.nonzeroBitCount + second.nonzeroBitCount)
    let record: Int
    switch u16(subtable) {
    case 1:
      guard index < u16(subtable + 8) else { return nil }
      let pairs = subtable + u16(subtable + 10 + 2 * index)
      let step = 2 + recordSize
      guard let found = search(u16(pairs), at: { u16(pairs + 2 + step * $0) }, right) else { return nil }
      record = pairs + 2 + step * found + 2
    case 2:
      let leftClass = classOf(subtable + u16(subtable + 8), left)
      let rightClass = classOf(subtable + u16(subtable + 10), right)
      let columns = u16(subtable + 14)
      guard leftClass < u16(subtable + 12), rightClass < columns else { return nil }
      record = subtable + 16 + (leftClass * columns + rightClass) * recordSize
    default:
      return nil
    }
    // A value record has only the fields of its format; the advance stands after x and y placement.
    guard first & 4 != 0 else { return 0 }
    return Int(Int16(truncatingIfNeeded: u16(record + 2 * (first & 3).nonzeroBitCount)))
  }

  private func coverage(_ table: Int, _ glyph: Int) -> Int? {
    switch u16(table) {
    case 1: return search(u16(table + 2), at: { u16(table + 4 + 2 * $0) }, glyph)
    case 2:
      guard let range = range(table + 2, glyph) else { return nil }
      return u16(range + 4) + glyph - u16(range)
    default: return nil
    }
  }

  private func classOf(_ table: Int, _ glyph: Int) -> Int {
    switch u16(table) {
    case 1:
      let index = glyph - u16(table + 2)
      return index >= 0 && index < u16(table + 4) ? u16(table + 6 + 2 * index) : 0
    case 2: return range(table + 2, glyph).map { u16($0 + 4) } ?? 0
    default: return 0
    }
  }

  /// The record (first, last, value) that holds the glyph, of a counted list in order.
  private func range(_ list: Int, _ glyph: Int) -> Int? {
    var (low, high) = (0, u16(list))
    while low < high {
      let middle = (low + high) / 2
      let record = list + 2 + 6 * middle
      if glyph < u16(record) {
        high = middle
      } else if glyph > u16(record + 2) {
        low = middle + 1
      } else {
        return record
      }
    }
    return nil
  }

  private func search(_ count: Int, at value: (Int) -> Int, _ wanted: Int) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      let found = value(middle)
      if found == wanted { return middle }
      if found < wanted { low = middle + 1 } else { high = middle }
    }
    return nil
  }
}
