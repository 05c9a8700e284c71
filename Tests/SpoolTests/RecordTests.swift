import Ink
import Kernel
import PNG
import Randomness
import Testing

@testable import Spool

@Suite("The record")
struct RecordTests {
  @Test("a sample comes back from its record as it was, bit for bit")
  func roundTrip() throws {
    var generator = SplitMix64(seed: 1)
    for _ in 0..<50 {
      var strokes: [Stroke] = []
      for _ in 0..<Int.random(in: 0...5, using: &generator) {
        let points = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
          StrokePoint(
            x: .random(in: -300...600, using: &generator), y: .random(in: -300...600, using: &generator),
            t: .random(in: 0 ... .max, using: &generator), size: .random(in: 0...90, using: &generator))
        }
        strokes.append(Stroke(points: points))
      }
      var sample = Drawings.sample(
        label: .random(in: 0...9, using: &generator), strokes: strokes, using: &generator)
      sample.flags = QualityFlags(rawValue: .random(in: 0 ... .max, using: &generator))
      if Bool.random(using: &generator) { sample.prediction = nil }
      sample.time.wall = .random(in: .min ... .max, using: &generator)
      sample.language = ["", "de", "zh-Hant-TW", "el"].randomElement(using: &generator) ?? ""
      sample.sequence = .random(in: 0 ... .max, using: &generator)
      let record = try SampleRecord.encode(sample)
      #expect(try SampleRecord.decode(record) == sample)
      #expect(try SampleRecord.encode(SampleRecord.decode(record)) == record)
    }
  }

  @Test("every bit pattern of a coordinate survives, also those that are no number")
  func strangeFloats() throws {
    let patterns: [UInt32] = [0, 0x8000_0000, 0x7FC0_0001, 0x7F80_0000, 1, .max, 0x4300_0000, 0x00FF_00FF]
    let points = patterns.map {
      StrokePoint(
        x: Float(bitPattern: $0), y: Float(bitPattern: ~$0), t: $0, size: Float(bitPattern: $0 &+ 7))
    }
    let bytes = try StrokeCodec.encode([Stroke(points: points), Stroke(), Stroke(points: points)])
    let back = try StrokeCodec.decode(bytes[...])
    #expect(back.map(\.points.count) == [8, 0, 8])
    for (a, b) in zip(points + points, back.flatMap(\.points)) {
      #expect(a.x.bitPattern == b.x.bitPattern && a.y.bitPattern == b.y.bitPattern)
      #expect(a.size.bitPattern == b.size.bitPattern && a.t == b.t)
    }
  }

  @Test("a point costs far less than its four numbers")
  func compact() throws {
    let strokes = Drawings.seven()
    let count = strokes.reduce(0) { $0 + $1.points.count }
    let bytes = try StrokeCodec.encode(strokes)
    #expect(bytes.count < count * 12)
  }

  @Test("golden records of version 1 are read, and written, byte for byte", arguments: Golden.all)
  func golden(_ golden: Golden) throws {
    let bytes = try contentsOfFile(golden.path, limit: SampleRecord.maximumLength)
    #expect(try SampleRecord.decode(bytes) == golden.sample)
    #expect(try SampleRecord.encode(golden.sample) == bytes)
    #expect(SampleRecord.digest(of: bytes)?.description == golden.hash)
  }

  @Test("a record that is cut at any byte is refused")
  func truncations() throws {
    var generator = SplitMix64(seed: 2)
    let record = try SampleRecord.encode(Drawings.sample(using: &generator))
    for length in 0..<record.count {
      #expect(throws: RecordError.self) { try SampleRecord.decode(Array(record.prefix(length))) }
    }
    #expect(throws: RecordError.wrongLength(expected: record.count, found: record.count + 1)) {
      try SampleRecord.decode(record + [0])
    }
  }

  @Test("a record with any one bit changed is refused")
  func flips() throws {
    var generator = SplitMix64(seed: 3)
    let record = try SampleRecord.encode(Drawings.sample(using: &generator))
    for bit in 0..<(record.count * 8) {
      var changed = record
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: RecordError.self) { try SampleRecord.decode(changed) }
    }
  }

  @Test("any bytes give a sample or a reason, also where the hash is right")
  func fuzz() throws {
    var generator = SplitMix64(seed: 4)
    let record = try SampleRecord.encode(Drawings.sample(using: &generator))
    let bodyLength = record.count - Digest.length
    // Most changes go where the lengths, fields and strokes are.
    let interesting = record.count - Drawings.sevenPNG.count
    var accepted = 0
    for round in 0..<20_000 {
      var body = Array(record.prefix(bodyLength))
      for _ in 0...Int.random(in: 0...3, using: &generator) {
        let place = Int.random(in: 10..<(round % 10 == 0 ? bodyLength : interesting), using: &generator)
        body[place] = UInt8.random(in: 0...255, using: &generator)
      }
      if round % 5 == 0 {
        // Cut or grown, with the length and the hash made to fit.
        body =
          round % 2 == 0
          ? Array(body.prefix(Int.random(in: 28...bodyLength, using: &generator)))
          : body + (0..<40).map { _ in UInt8.random(in: 0...255, using: &generator) }
        for i in 0..<4 { body[12 + i] = UInt8(truncatingIfNeeded: (body.count + 32) >> (8 * i)) }
      }
      let bytes = body + Digest(of: body).bytes
      do throws(RecordError) {
        let sample = try SampleRecord.decode(bytes)
        accepted += 1
        // What is read can be written again.
        _ = try SampleRecord.encode(sample)
      } catch {
        // A reason, not a crash.
      }
    }
    #expect(accepted > 100)
    for _ in 0..<5_000 {
      let noise = (0..<Int.random(in: 0...200, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      #expect(throws: RecordError.self) { try SampleRecord.decode(noise) }
      #expect(throws: RecordError.self) {
        try SampleRecord.decode(SampleRecord.magic + [1, 0, 0, 0] + noise)
      }
    }
  }

  @Test("absurd sizes are refused by their number, before anything is made for them")
  func absurdSizes() throws {
    var writer = ByteWriter()
    writer.write(SampleRecord.magic)
    writer.write(UInt16(1))
    writer.write(UInt16(0))
    writer.write(UInt32.max)
    #expect(throws: RecordError.tooLarge("length", Int(UInt32.max), limit: SampleRecord.maximumLength)) {
      try SampleRecord.length(ofRecordBeginningWith: writer.bytes)
    }
    var strokes = ByteWriter()
    strokes.write(UInt32(1))
    strokes.write(UInt32(60_000))
    strokes.write([0, 0])
    #expect(throws: RecordError.malformed("its strokes are cut off")) {
      try StrokeCodec.decode(strokes.bytes[...])
    }
  }

  @Test("a record of a later version is named as such")
  func laterVersion() throws {
    var generator = SplitMix64(seed: 5)
    var record = try SampleRecord.encode(Drawings.sample(using: &generator))
    record[8] = 2
    #expect(throws: RecordError.unknownVersion(2)) { try SampleRecord.decode(record) }
  }

  @Test("a field that a later software added is skipped")
  func unknownField() throws {
    var generator = SplitMix64(seed: 6)
    let sample = Drawings.sample(using: &generator)
    let record = try SampleRecord.encode(sample)
    var reader = ByteReader(record[16..<20])
    let headerLength = Int(reader.read(UInt32.self) ?? 0)
    var body = Array(record.dropLast(Digest.length))
    body.insert(contentsOf: [200, 0, 3, 0, 1, 2, 3], at: 28 + headerLength)
    for (offset, value) in [(12, body.count + 32), (16, headerLength + 7)] {
      for i in 0..<4 { body[offset + i] = UInt8(truncatingIfNeeded: value >> (8 * i)) }
    }
    #expect(try SampleRecord.decode(body + Digest(of: body).bytes) == sample)
  }

  @Test("what no record may hold is refused when it is written")
  func refusals() throws {
    var generator = SplitMix64(seed: 7)
    let good = Drawings.sample(using: &generator)
    var sample = good
    sample.label = 10
    #expect(throws: RecordError.malformed("its label is 10")) { try SampleRecord.encode(sample) }
    sample = good
    sample.language = String(repeating: "x", count: 36)
    #expect(throws: RecordError.tooLarge("language", 36, limit: 35)) { try SampleRecord.encode(sample) }
    sample = good
    sample.png = try PNG.encode(drawing: [UInt8](repeating: 0, count: 28 * 28), width: 28, height: 28)
    #expect(throws: RecordError.self) { try SampleRecord.encode(sample) }
    sample = good
    sample.strokes = [Stroke(points: [StrokePoint](repeating: StrokePoint(x: 1, y: 1), count: 70_000))]
    #expect(throws: RecordError.tooLarge("number of points", 70_000, limit: 65_536)) {
      try SampleRecord.encode(sample)
    }
  }

  @Test("SHA-256 gives the digests of FIPS 180-4's examples")
  func digests() {
    #expect(
      Digest(of: Array("abc".utf8)).description
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      Digest(of: [UInt8]()).description
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }
}
