/// Texts of a column as ``NumpyRows`` gathers them, each with its length before it in two bytes, and as NumPy has them.
enum NumpyTexts {
  /// Texts as `<U`: UTF-32, each as long as the longest, with zeros after its end.
  static func wide(_ chunk: [UInt8], _ width: Int) -> [UInt8] {
    var rows = 0
    each(of: chunk) { _ in rows += 1 }
    return [UInt8](unsafeUninitializedCapacity: 4 * width * rows) { wide, count in
      wide.initialize(repeating: 0)
      let wide = UnsafeMutableRawBufferPointer(wide)
      each(of: chunk) { text in
        if text.reduce(0, |) < 0x80 {
          // No text is longer than the longest.
          for i in 0..<min(text.count, width) {
            wide.storeBytes(of: UInt32(text[i]).littleEndian, toByteOffset: count + 4 * i, as: UInt32.self)
          }
        } else {
          for (i, scalar) in String(decoding: text, as: UTF8.self).unicodeScalars.prefix(width).enumerated() {
            wide.storeBytes(of: scalar.value.littleEndian, toByteOffset: count + 4 * i, as: UInt32.self)
          }
        }
        count += 4 * width
      }
    }
  }

  /// Characters of the longest text.
  static func longest(_ chunk: [UInt8]) -> Int {
    var longest = 0
    each(of: chunk) { text in
      // Every character has one byte that does not continue another; a text has no more of them than bytes.
      if text.count > longest { longest = max(longest, text.count { $0 & 0xC0 != 0x80 }) }
    }
    return longest
  }

  private static func each(of chunk: [UInt8], _ body: (UnsafeRawBufferPointer) -> Void) {
    chunk.withUnsafeBytes { chunk in
      var position = 0
      while position + 2 <= chunk.count {
        let start = position + 2
        position = min(start + Int(chunk[position]) + Int(chunk[position + 1]) << 8, chunk.count)
        body(UnsafeRawBufferPointer(rebasing: chunk[start..<position]))
      }
    }
  }
}
