import Glibc
import Ink
import Kernel
import Randomness
import Recognizer
import Testing

@testable import DataSet
@testable import Spool

@Suite("Export")
struct ExportTests {
  /// A store with three visitors: one shown by name, one not, one who does not want the data set.
  static func filled(_ scratch: Scratch, seed: UInt64) throws -> (Store, [Sample]) {
    var generator = SplitMix64(seed: seed)
    let store = try Store.open(directory: scratch.path + "/spool")
    var other = Drawings.sample(label: 3, nameShown: false, flags: [.disagrees, .palm], using: &generator)
    other.prediction = nil
    other.time.wall = -86_400_001
    var rejected = Drawings.sample(label: 9, using: &generator)
    rejected.prediction = Prediction(
      probabilities: [65536, 0, 0, 0, 0, 0, 0, 0, 0, 0], rejection: 60_000, isDigit: false)
    let samples = [
      Drawings.sample(using: &generator), other, Drawings.sample(dataSet: false, using: &generator), rejected,
    ]
    for (sample, name) in zip(samples, ["Zoë \u{1F590}", "Max", "Eve", nil]) {
      try store.append(sample, name: name)
    }
    return (store, samples)
  }

  private func save(_ bytes: [UInt8], _ path: String) throws {
    let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC)
    try file.writeAll(bytes, to: path)
  }

  @Test(
    "NumPy reads the arrays without pickles, and a known drawing still has its ink",
    .enabled(if: Python.hasNumpy, "python3-numpy is not installed"), arguments: ExportOptions.Size.allCases)
  func numpy(_ size: ExportOptions.Size) throws {
    let scratch = try Scratch()
    let (store, samples) = try ExportTests.filled(scratch, seed: 60)
    let path = scratch.path + "/digits.npz"
    let report = try Export(ExportOptions(.npz, size: size)).write(store, to: path)
    #expect(report.exported == 3 && report.leftOut.withoutConsent == 1 && report.unreadable.isEmpty)

    // What the panel showed, made here by other hands.
    let canvas = Drawings.canvas(Drawings.seven())
    var normalizer = Normalizer()
    let expected =
      size == .drawn
      ? canvas.pixels : normalizer.normalize(canvas.pixels, width: Canvas.side, height: Canvas.side)?.pixels
    try save(try #require(expected), scratch.path + "/expected.raw")
    let told = try Python.run(
      """
      import numpy as np
      z = np.load('digits.npz', allow_pickle=False)
      for key in z.files: print(key, z[key].dtype.str, z[key].shape)
      side = \(size.rawValue)
      images = z['images']
      want = np.frombuffer(open('expected.raw', 'rb').read(), np.uint8).reshape(side, side)
      assert images.shape == (3, side, side) and images.dtype == np.uint8
      assert all(np.array_equal(image, want) for image in images)
      assert want.max() == 255 and (want > 0).mean() > 0.05 and (want > 0).mean() < 0.5
      assert z['labels'].tolist() == [7, 3, 9]
      assert z['usernames'].tolist() == ['Zoë \\U0001F590', 'Anonymous', 'Anonymous'], z['usernames']
      assert z['ids'].tolist() == ['\(samples[0].id)', '\(samples[1].id)', '\(samples[3].id)']
      assert z['created_at'].tolist()[1] == '1969-12-30T23:59:59.999+00:00', z['created_at']
      assert z['predictions'].tolist() == [7, -1, -1]
      assert z['probabilities'][0].sum() == 1 and np.isnan(z['probabilities'][1]).all()
      assert abs(z['rejections'][2] - 60000 / 65536) == 0
      assert z['flags'].tolist() == [0, 48, 0] and z['clocks'].tolist() == ['rtc'] * 3
      assert z['sequences'].tolist() == [1, 2, 4]
      assert set(z['panels']) == {'\(store.panel)'}
      assert z['contributors'][0] == '\(samples[0].contributor)'
      """, in: scratch.path)
    let side = size.rawValue
    #expect(
      told.split(separator: "\n").map(String.init) == [
        "images |u1 (3, \(side), \(side))", "ids <U36 (3,)", "usernames <U9 (3,)", "labels <i8 (3,)",
        "created_at <U29 (3,)", "splits <U5 (3,)", "asked <i8 (3,)", "verdicts <U1 (3,)",
        "verdict_labels <i8 (3,)", "corrected_at <U29 (3,)",
        "time_bases <U5 (3,)", "clocks <U3 (3,)", "contributors <U36 (3,)", "sessions <U36 (3,)",
        "panels <U36 (3,)", "sequences <i8 (3,)", "boots <U36 (3,)", "since_boot_ms <i8 (3,)",
        "predictions <i8 (3,)", "probabilities <f4 (3, 10)",
        "rejections <f4 (3,)", "flags <u4 (3,)", "languages <U2 (3,)", "consents <U7 (3,)", "agreed <i8 (3,)",
        "software <U5 (3,)", "models <U8 (3,)",
      ])
  }

  @Test(
    "the JSON says the same, with the web collector's keys first",
    .enabled(if: Python.isThere, "python3 is not installed"), arguments: ExportOptions.Size.allCases)
  func json(_ size: ExportOptions.Size) throws {
    let scratch = try Scratch()
    let (store, samples) = try ExportTests.filled(scratch, seed: 61)
    let report = try Export(ExportOptions(.json, size: size)).write(store, to: scratch.path + "/digits.json")
    #expect(report.exported == 3)
    let canvas = Drawings.canvas(Drawings.seven())
    var normalizer = Normalizer()
    let expected =
      size == .drawn
      ? canvas.pixels : normalizer.normalize(canvas.pixels, width: Canvas.side, height: Canvas.side)?.pixels
    try save(try #require(expected), scratch.path + "/expected.raw")
    _ = try Python.run(
      """
      import json, datetime
      rows = json.load(open('digits.json', encoding='utf-8'))
      want = open('expected.raw', 'rb').read()
      side = \(size.rawValue)
      assert list(rows[0])[:5] == ['id', 'username', 'label', 'image', 'created_at'], list(rows[0])
      assert [len(rows), len(rows[0]['image']), len(rows[0]['image'][5])] == [3, side, side]
      assert bytes(sum(rows[0]['image'], [])) == want
      assert [row['label'] for row in rows] == [7, 3, 9]
      assert [row['username'] for row in rows] == ['Zoë \\U0001F590', 'Anonymous', 'Anonymous']
      assert [row['prediction'] for row in rows] == [7, None, None]
      assert rows[1]['flags'] == ['disagrees', 'palm'] and rows[1]['probabilities'] is None
      assert sum(rows[0]['probabilities']) == 1
      assert rows[2]['id'] == '\(samples[3].id)'
      when = datetime.datetime.fromisoformat(rows[0]['created_at'])
      assert round(when.timestamp() * 1000) == 1795000000123
      """, in: scratch.path)
  }

  @Test(
    "a store without samples gives empty arrays, not an error",
    .enabled(if: Python.hasNumpy, "python3-numpy is not installed"))
  func empty() throws {
    let scratch = try Scratch()
    let store = try Store.open(directory: scratch.path + "/spool")
    #expect(try Export(ExportOptions(.npz)).write(store, to: scratch.path + "/digits.npz").exported == 0)
    #expect(
      try Export(ExportOptions(.json, size: .drawn)).write(store, to: scratch.path + "/digits.json").exported
        == 0)
    let told = try Python.run(
      """
      import json, numpy as np
      z = np.load('digits.npz', allow_pickle=False)
      print(z['images'].shape, z['labels'].shape, z['usernames'].dtype, json.load(open('digits.json')))
      """, in: scratch.path)
    #expect(told == "(0, 28, 28) (0,) <U1 []\n")
  }

  @Test(
    "a damaged record is reported and left out, and the others are exported",
    arguments: ExportOptions.Format.allCases)
  func damaged(_ format: ExportOptions.Format) throws {
    let scratch = try Scratch()
    let (store, samples) = try ExportTests.filled(scratch, seed: 63)
    try store.connection.script("UPDATE samples SET record = zeroblob(2000) WHERE id IN (2)")
    let path = scratch.path + "/digits"
    let report = try Export(ExportOptions(format)).write(store, to: path)
    #expect(report.exported == 2 && report.unreadableCount == 1)
    #expect(report.unreadable.map(\.id) == [samples[1].id])
    #expect(report.unreadable.first?.reason.contains("magic") == true)
    if format == .npz, Python.hasNumpy {
      let told = try Python.run(
        """
        import numpy as np
        z = np.load('digits')
        print(z['labels'].tolist(), z['images'].shape)
        """, in: scratch.path)
      #expect(told == "[7, 9] (2, 28, 28)\n")
    }
  }

  @Test(
    "a drawing whose picture cannot be read is no row of any format, and is told",
    arguments: ExportOptions.Format.allCases, ExportOptions.Size.allCases)
  func unreadablePicture(_ format: ExportOptions.Format, _ size: ExportOptions.Size) throws {
    let scratch = try Scratch()
    let (store, samples) = try ExportTests.filled(scratch, seed: 69)
    var generator = SplitMix64(seed: 70)
    // The records are whole, and the first bytes of the pictures too: the stream of one is broken, the checksum of another.
    var pictures = [Drawings.sevenPNG, Drawings.sevenPNG]
    for place in 60..<90 { pictures[0][place] ^= 0x5A }
    pictures[1][pictures[1].count - 13] ^= 1
    let broken = pictures.map { Drawings.sample(png: $0, using: &generator) }
    for sample in broken { try store.append(sample, name: "Ada") }
    let path = scratch.path + "/digits"
    let report = try Export(ExportOptions(format, size: size)).write(store, to: path)
    #expect(report.exported == 3 && report.unreadableCount == 2)
    #expect(report.unreadable.map(\.id) == broken.map(\.id))
    #expect(report.unreadable.allSatisfy { $0.reason.hasPrefix("its picture: damaged PNG file") })
    if format == .ndjson {
      let text = String(decoding: try contentsOfFile(path, limit: 1 << 24), as: UTF8.self)
      #expect(text.split(separator: "\n").count == 3)
      #expect(!broken.contains { text.contains($0.id.description) })
    } else if format == .imagefolder {
      let names = try OutputTests.files(in: path).keys.filter { $0.hasSuffix(".png") }
      #expect(
        names.count == 3 && names.allSatisfy { name in samples.contains { name.contains($0.id.description) } }
      )
    }
  }

  @Test("a file that cannot be written says which, and what was there stays")
  func unwritable() throws {
    let scratch = try Scratch()
    let (store, _) = try ExportTests.filled(scratch, seed: 64)
    let failure = error { () throws(ExportError) in
      _ = try Export(ExportOptions(.json, size: .drawn)).write(store, to: scratch.path + "/none/digits.json")
    }
    #expect(failure?.description.hasPrefix("cannot open \(scratch.path)/none/digits.json") == true)
    // The snapshot has ended: the store can be written to.
    var generator = SplitMix64(seed: 65)
    try store.append(Drawings.sample(using: &generator))
    #expect(try OutputTests.names(in: scratch.path) == ["spool"])
  }

  @Test("a reader's export does not see what a running panel adds meanwhile")
  func snapshot() throws {
    let scratch = try Scratch()
    let (store, _) = try ExportTests.filled(scratch, seed: 66)
    let reader = try Store.openReadOnly(directory: scratch.path + "/spool")
    let snapshot = try DataSetSnapshot(reader, DataSetSelection())
    var generator = SplitMix64(seed: 67)
    try store.append(Drawings.sample(using: &generator))
    var cursor = try snapshot.samples()
    var count = 0
    while try cursor.next() != nil { count += 1 }
    #expect(cursor.counts.selected == 3 && count == 3)
    #expect(snapshot.all == cursor.counts.selected + cursor.counts.leftOut)
  }

  @Test(
    "entries over 4 GiB are marked as ZIP64, and Python reads them",
    .enabled(if: Python.isThere, "python3 is not installed"))
  func zip64() throws {
    let scratch = try Scratch()
    let output = try OutputFile(scratch.path + "/large.zip")
    let zip = ZipWriter(output)
    let deflater = Deflater(for: .columns)
    try zip.begin("small", size: 3, head: [9, 9])
    try zip.write(deflater.piece([3]))
    // The head is known last.
    try zip.end(head: [1, 2])
    // The size decides about the form before the first byte is there.
    try zip.begin("large", size: 5 << 30, head: [])
    var generator = SplitMix64(seed: 68)
    let noise = (0..<300_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let pictures = Deflater(for: .pictures)
    for start in stride(from: 0, to: noise.count, by: 70_001) {
      let deflater = start % 2 == 0 ? deflater : pictures
      try zip.write(deflater.piece(Array(noise[start..<min(start + 70_001, noise.count)])))
    }
    try zip.write(deflater.piece([]))
    try zip.end()
    try zip.finish()
    try output.finish()
    try save(noise, scratch.path + "/noise")
    let told = try Python.run(
      """
      import zipfile
      z = zipfile.ZipFile('large.zip')
      assert z.testzip() is None
      assert z.read('small') == bytes([1, 2, 3]) and z.read('large') == open('noise', 'rb').read()
      print([(i.filename, i.file_size, i.date_time[0], i.extract_version) for i in z.infolist()])
      """, in: scratch.path)
    #expect(told == "[('small', 3, 1980, 20), ('large', 300000, 1980, 45)]\n")
  }

  @Test(
    "times are the calendar's",
    arguments: [
      (0, "1970-01-01T00:00:00.000+00:00"), (951_782_400_000, "2000-02-29T00:00:00.000+00:00"),
      (1_795_000_000_123, "2026-11-18T11:06:40.123+00:00"), (-1, "1969-12-31T23:59:59.999+00:00"),
      (4_107_542_399_000, "2100-02-28T23:59:59.000+00:00"), (Int64.max, "9999-12-31T23:59:59.999+00:00"),
      (Int64.min, "0000-01-01T00:00:00.000+00:00"),
    ])
  func times(_ milliseconds: Int64, _ text: String) {
    var bytes: [UInt8] = []
    CalendarTime(milliseconds).appendISO8601(to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == text)
  }
}
