/// Reads the JSON of a safetensors header: objects, strings and lists of whole numbers, and nothing else.
struct HeaderScanner {
  private let bytes: [UInt8]
  private var position: Int
  private let end: Int

  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - position, end: where the header lies in it.
  init(bytes: [UInt8], position: Int, end: Int) {
    self.bytes = bytes
    self.position = position
    self.end = end
  }

  private func damaged() -> ModelError {
    ModelError(object: "the file", reason: "has a damaged header")
  }

  private mutating func skipSpace() {
    while position < end, bytes[position] == 0x20 || (0x09...0x0D).contains(bytes[position]) { position += 1 }
  }

  /// Takes this character if it is next.
  mutating func accept(_ character: Unicode.Scalar) throws(ModelError) -> Bool {
    skipSpace()
    guard position < end else { throw damaged() }
    guard UInt32(bytes[position]) == character.value else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(ModelError) {
    guard try accept(character) else { throw damaged() }
  }

  /// Only space may follow: writers pad the header with it.
  mutating func expectEnd() throws(ModelError) {
    skipSpace()
    guard position == end else { throw damaged() }
  }

  /// A string. Escapes are refused but for the quote and the backslash: no name of ours needs them.
  mutating func string() throws(ModelError) -> [UInt8] {
    try expect("\"")
    var text: [UInt8] = []
    while position < end {
      let byte = bytes[position]
      position += 1
      if byte == 0x22 { return text }
      if byte < 0x20 { throw damaged() }
      if byte == 0x5C {
        guard position < end, bytes[position] == 0x22 || bytes[position] == 0x5C else { throw damaged() }
        text.append(bytes[position])
        position += 1
      } else {
        text.append(byte)
      }
    }
    throw damaged()
  }

  /// A list of whole numbers below 2^40.
  mutating func integers(atMost limit: Int) throws(ModelError) -> [Int] {
    try expect("[")
    var list: [Int] = []
    if try accept("]") { return list }
    repeat {
      guard list.count < limit else { throw damaged() }
      list.append(try integer())
    } while try accept(",")
    try expect("]")
    return list
  }

  private mutating func integer() throws(ModelError) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < end, bytes[position] >= 0x30, bytes[position] <= 0x39 {
      value = value * 10 + Int(bytes[position] - 0x30)
      position += 1
      guard value < 1 << 40 else { throw damaged() }
    }
    guard position > start else { throw damaged() }
    return value
  }
}
