import Randomness
import Spool
import Testing

@testable import Sync

@Suite("Frames")
struct CodecTests {
  static let frames: [Frame] = {
    var generator = SplitMix64(seed: 1)
    let store = MemoryStore(Identifier(using: &generator))
    store.draw(5, using: &generator)
    let offers = store.offers(after: 0, limit: 10, bytes: 1 << 20)
    let sample = Drawings.record(Drawings.sample(3))
    return [
      .hello(store.hello()), .wait, .bye, .done(offered: 12),
      .tombstones([
        Tombstone(id: Identifier(using: &generator), kind: .session, wall: -5),
        Tombstone(id: Identifier(using: &generator), kind: .sample, wall: 1_790_000_000_000),
      ]), .tombstones([]), .names([Identifier(using: &generator), .none]), .names([]),
      .marks([Mark(row: 7, id: offers[0].id), Mark(row: Int64.max, id: .none)]), .marks([]),
      .offer(batch: 0, offers), .offer(batch: UInt32.max, []),
      .want(batch: 3, [true, false, true, true, false, false, true, true, true]), .want(batch: 3, []),
      .record(batch: 3, index: 2, name: "Ada 🖊️", CarriedRecord(sample)),
      .record(batch: 3, index: 65_535, name: nil, CarriedRecord([])),
      .gone(batch: 3, index: 1, reason: "it was withdrawn meanwhile"),
      .answer(
        batch: 9,
        zip(offers, Settlement.allCases).map { Answer(id: $0.id, hash: $0.hash, settlement: $1) }),
      .marked(batch: 9, count: 4), .notice("receipts could not be noted"),
    ] + RefusalCode.allCases.map { .refusal($0, "no: \($0)") }
  }()

  @Test(
    "every kind of frame comes back as it went, however the stream is cut",
    arguments: [1, 2, 3, 7, 64, 100_000])
  func roundTrip(chunk: Int) throws {
    var stream = Frame.magic
    for frame in Self.frames { stream += frame.bytes }
    var decoder = FrameDecoder(acceptsRecords: true)
    var found: [Frame] = []
    for start in stride(from: 0, to: stream.count, by: chunk) {
      decoder.append(stream[start..<min(start + chunk, stream.count)])
      while let frame = try decoder.next() { found.append(frame) }
    }
    #expect(found == Self.frames)
    #expect(decoder.buffered == 0)
    #expect(Set(found.map(\.kind)).count == Frame.Kind.allCases.count)
  }

  @Test("a banner before the magic is skipped, also one with half a magic in it")
  func banner() throws {
    let banners: [[UInt8]] = [
      [], Array("Welcome!\r\n".utf8), Array(Frame.magic.dropLast()),
      Array(Frame.magic.prefix(1) + Frame.magic.prefix(4)),
    ]
    for banner in banners {
      var decoder = FrameDecoder(acceptsRecords: true)
      decoder.append(banner + Frame.magic + Frame.bye.bytes)
      #expect(try decoder.next() == .bye)
    }
  }

  @Test("without a magic it gives up after 64 KiB, and has kept none of it")
  func noMagic() throws {
    var decoder = FrameDecoder(acceptsRecords: true)
    let text = Array(String(repeating: "The system is going down for maintenance. ", count: 100).utf8)
    var given = 0
    #expect(throws: SyncError.self) {
      for _ in 0..<100 {
        decoder.append(text)
        given += text.count
        _ = try decoder.next()
      }
    }
    #expect(given <= FrameDecoder.noiseLimit + text.count)
    #expect(decoder.noiseSeen.hasPrefix("The system is going down"))
    #expect(decoder.buffered < 2 * text.count)
  }

  @Test("a flipped bit anywhere in a frame is noticed, or changes nothing that counts as said")
  func flips() throws {
    for frame in Self.frames {
      let bytes = frame.bytes
      for bit in 0..<(bytes.count * 8) {
        var bent = bytes
        bent[bit / 8] ^= 1 << UInt8(bit % 8)
        var decoder = FrameDecoder(acceptsRecords: true)
        decoder.append(Frame.magic + bent)
        let found = try? decoder.next()
        #expect(found == nil, "bit \(bit) of \(frame.title) went unnoticed")
      }
    }
  }

  @Test("random bytes never crash the decoder, and it never holds more than it was given of one frame")
  func noise() {
    var generator = SplitMix64(seed: 7)
    var refused = 0
    for round in 0..<20_000 {
      var decoder = FrameDecoder(acceptsRecords: round % 2 == 0)
      var bytes = Frame.magic
      // Headers that look right, with contents that do not.
      for _ in 0..<3 {
        let kind = UInt8.random(in: 0...16, using: &generator)
        let payload = (0..<Int.random(in: 0...90, using: &generator)).map { _ in
          UInt8.random(in: 0...255, using: &generator)
        }
        let length =
          Bool.random(using: &generator)
          ? UInt32(payload.count) : UInt32.random(in: 0...UInt32.max, using: &generator)
        var frame = [kind] + (0..<4).map { UInt8(truncatingIfNeeded: length >> UInt32(8 * $0)) } + payload
        let sum = Frame.checksum(frame[...])
        frame += (0..<4).map { UInt8(truncatingIfNeeded: sum >> UInt32(8 * $0)) }
        bytes += frame
      }
      decoder.append(bytes)
      do throws(SyncError) {
        while try decoder.next() != nil {}
      } catch {
        refused += 1
      }
      #expect(decoder.buffered <= bytes.count)
    }
    #expect(refused > 10_000)
  }

  @Test("a record is refused at once where none belongs, before its bytes come")
  func recordAtPanel() {
    var decoder = FrameDecoder(acceptsRecords: false)
    decoder.append(
      Frame.magic + Frame.record(batch: 0, index: 0, name: nil, CarriedRecord([0])).bytes.prefix(5))
    #expect(throws: SyncError.self) { try decoder.next() }
  }

  @Test("a length beyond what its kind may have is refused at once")
  func tooLong() {
    for kind in Frame.Kind.allCases {
      var decoder = FrameDecoder(acceptsRecords: true)
      let length = UInt32(kind.limit + 1)
      decoder.append(
        Frame.magic + [kind.rawValue] + (0..<4).map { UInt8(truncatingIfNeeded: length >> UInt32(8 * $0)) })
      #expect(throws: SyncError.self) { try decoder.next() }
    }
  }

  @Test("what a later version adds to a hello is passed over")
  func laterHello() throws {
    guard case .hello(let hello) = Self.frames[0] else { throw Failed("no hello") }
    var bytes = Frame.hello(hello).bytes.dropLast(4) + [1, 2, 3]
    bytes[1] += 3
    let sum = Frame.checksum(bytes[...])
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: sum >> UInt32(8 * $0)) }
    var decoder = FrameDecoder(acceptsRecords: true)
    decoder.append(Frame.magic + bytes)
    #expect(try decoder.next() == .hello(hello))
  }
}
