import CZlib
import Spool

extension Frame {
  /// The frame as bytes: kind, length of the payload, payload, CRC-32 over all of that.
  public var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.write(kind.rawValue)
    writer.write(UInt32(0))
    writePayload(to: &writer)
    writer.patch(UInt32(writer.bytes.count - 5), at: 1)
    writer.write(Frame.checksum(writer.bytes[...]))
    return writer.bytes
  }

  /// CRC-32 as in PNG and zip (ISO 3309), by zlib.
  static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBytes { raw in
      // zlib reads the bytes during the call and no further than it is told.
      UInt32(
        truncatingIfNeeded: crc32_z(0, raw.bindMemory(to: UInt8.self).baseAddress, raw.count))
    }
  }

  private func writePayload(to writer: inout ByteWriter) {
    switch self {
    case .hello(let hello): hello.write(to: &writer)
    case .wait, .bye: break
    case .tombstones(let tombstones):
      writer.write(UInt16(tombstones.count))
      for tombstone in tombstones {
        writer.write(tombstone.id.bytes)
        writer.write(tombstone.kind == .session ? UInt8(0) : 1)
        writer.write(tombstone.wall)
      }
    case .names(let visitors):
      writer.write(UInt16(visitors.count))
      for visitor in visitors { writer.write(visitor.bytes) }
    case .marks(let marks):
      writer.write(UInt16(marks.count))
      for mark in marks {
        writer.write(mark.row)
        writer.write(mark.id.bytes)
      }
    case .offer(let batch, let offers):
      writer.write(batch)
      writer.write(UInt16(offers.count))
      for offer in offers {
        writer.write(offer.row)
        writer.write(offer.id.bytes)
        writer.write(UInt32(clamping: offer.length))
        writer.write(offer.hash.bytes)
      }
    case .want(let batch, let wanted):
      writer.write(batch)
      writer.write(UInt16(wanted.count))
      for start in stride(from: 0, to: wanted.count, by: 8) {
        let bits = wanted[start..<min(start + 8, wanted.count)].enumerated()
        writer.write(bits.reduce(UInt8(0)) { $1.element ? $0 | 1 << $1.offset : $0 })
      }
    case .record(let batch, let index, let name, let record):
      writer.write(batch)
      writer.write(UInt16(index))
      writer.write(text: name ?? "")
      writer.write(record.bytes)
    case .gone(let batch, let index, let reason):
      writer.write(batch)
      writer.write(UInt16(index))
      writer.write(text: Frame.cut(reason))
    case .answer(let batch, let answers):
      writer.write(batch)
      writer.write(UInt16(answers.count))
      for answer in answers {
        writer.write(answer.id.bytes)
        writer.write(answer.hash.bytes)
        writer.write(answer.settlement.rawValue)
      }
    case .marked(let batch, let count):
      writer.write(batch)
      writer.write(UInt32(clamping: count))
    case .notice(let sentence): writer.write(text: Frame.cut(sentence))
    case .done(let offered): writer.write(offered)
    case .refusal(let code, let sentence):
      writer.write(code.rawValue)
      writer.write(text: Frame.cut(sentence))
    }
  }

  /// A sentence that fits, without half a character.
  private static func cut(_ sentence: String) -> String {
    guard sentence.utf8.count > sentenceLimit else { return sentence }
    var kept = Substring(sentence).prefix(sentenceLimit)
    while kept.utf8.count > sentenceLimit { kept = kept.dropLast() }
    return String(kept)
  }
}
