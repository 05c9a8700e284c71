import Glibc
import Ink
import Kernel
import PNG

/// What it costs on this disk to store a drawing durably, beside the least that any program must pay for that.
///
/// Both are measured in turns, so that they meet the same disk: ``Store/append(_:name:)`` of a typical drawing, and the same
/// record appended to a plain file with one fdatasync(2).
public struct SpoolBenchmark: Sendable {
  /// A measured time, in nanoseconds.
  public struct Times: Sendable {
    public let median: UInt64
    public let p99: UInt64
    public let worst: UInt64
    public let mean: UInt64

    init(_ times: [UInt64]) {
      let sorted = times.sorted()
      median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
      p99 = sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
      worst = sorted.last ?? 0
      mean = sorted.isEmpty ? 0 : sorted.reduce(0, +) / UInt64(sorted.count)
    }
  }

  /// Bytes of the record.
  public let recordBytes: Int
  public let rounds: Int
  /// One durable append to the store.
  public let append: Times
  /// The same bytes written to the end of a file, and fdatasync.
  public let bare: Times
  /// Putting the log into the database, which the worker does when nobody waits: see ``Store/checkpoint()``.
  public let checkpoint: Times
  /// Opening the store, as a panel does when it starts.
  public let open: Times
  /// Samples that the store held before it was measured.
  public let samples: Int
  /// Board, standing and statistics of the filled store, together.
  public let board: Times

  /// How many times the bare cost a sample costs, by the medians.
  public var ratio: Double { bare.median == 0 ? 0 : Double(append.median) / Double(bare.median) }

  /// Measures on the disk of a directory, in a store of its own that is removed afterwards.
  ///
  /// - Parameters:
  ///   - directory: where the spool would be; it must exist.
  ///   - rounds: samples to store.
  ///   - samples: samples that the store holds before, to see whether its size costs anything.
  ///   - progress: called now and then with the samples filled in.
  ///   - isInterrupted: asked now and then; true ends the measurement with an error.
  public init(
    directory: String, rounds: Int = 500, samples: Int = 0, progress: (Int) -> Void = { _ in },
    isInterrupted: () -> Bool = { false }
  ) throws(StoreError) {
    func goOn() throws(StoreError) {
      guard !isInterrupted() else {
        throw StoreError(.refused, "measure", directory, reason: "interrupted")
      }
    }
    SpoolBenchmark.removeLeft(in: directory)
    let scratch = "\(directory)/\(scratchName)\(getpid())"
    let place = StoreDirectory(scratch)
    defer { SpoolBenchmark.remove(place) }
    try StoreDirectory(directory).requireRoom(for: samples)
    var open: [UInt64] = []
    do {
      let store = try Store.open(directory: scratch)
      try SpoolBenchmark.fill(store, samples, place) { (done: Int) throws(StoreError) in
        progress(done)
        try goOn()
      }
    }
    for _ in 0..<9 {
      open.append(try SpoolBenchmark.time { () throws(StoreError) in _ = try Store.open(directory: scratch) })
    }
    let store = try Store.open(directory: scratch)
    let plain = try StoreError.mapping { () throws(KernelError) in
      try FileDescriptor.open(scratch + "/plain", O_WRONLY | O_CREAT | O_TRUNC)
    }
    let strokes = SpoolBenchmark.drawing()
    let png = try SpoolBenchmark.picture(strokes, place)
    var (append, bare, checkpoint, board) = ([UInt64](), [UInt64](), [UInt64](), [UInt64]())
    var contributor = Identifier.random()
    var session = Identifier.random()
    var bytes = 0
    for round in 0..<rounds {
      try goOn()
      if round % 10 == 0 { (contributor, session) = (.random(), .random()) }
      let sample = SpoolBenchmark.sample(
        label: try store.nextDigit(for: contributor), strokes, png, contributor, session)
      append.append(
        try SpoolBenchmark.time { () throws(StoreError) in try store.append(sample, name: "Ada \(round / 10)")
        })
      var record: [UInt8] = []
      do throws(RecordError) {
        record = try SampleRecord.encode(sample)
      } catch {
        throw StoreError(.refused, "measure", scratch, reason: error.description)
      }
      bytes = record.count
      bare.append(
        try SpoolBenchmark.time { () throws(StoreError) in
          try StoreError.mapping { () throws(KernelError) in
            try plain.writeAll(record, to: scratch + "/plain")
            try valueOrError("synchronise", scratch + "/plain") { fdatasync(plain.raw) }
          }
        })
      board.append(
        try SpoolBenchmark.time { () throws(StoreError) in
          _ = try store.leaderboard(limit: 10)
          _ = try store.standing(of: contributor)
          _ = try store.statistics()
        })
      // As the worker does: it has nothing to do most of the time.
      if store.log.pages >= Store.checkpointPages {
        checkpoint.append(try SpoolBenchmark.time { () throws(StoreError) in try store.checkpoint() })
      }
    }
    self.rounds = rounds
    recordBytes = bytes
    self.append = Times(append)
    self.bare = Times(bare)
    self.checkpoint = Times(checkpoint)
    self.board = Times(board)
    self.open = Times(open)
    self.samples = samples
  }

  /// Fills a store without waiting for the disk: drawings of ten a visitor, each under its own number.
  private static func fill(
    _ store: Store, _ samples: Int, _ place: StoreDirectory, _ progress: (Int) throws(StoreError) -> Void
  ) throws(StoreError) {
    guard samples > 0 else { return }
    let strokes = drawing()
    let png = try picture(strokes, place)
    try store.connection.script("PRAGMA synchronous = OFF; PRAGMA cache_size = -65536")
    var (contributor, session, done) = (Identifier.none, Identifier.none, 0)
    while done < samples {
      try store.connection.transaction("IMMEDIATE") { () throws(StoreError) in
        for number in done..<min(done + 5000, samples) {
          // Every seventh visitor draws twice as much, so that scores differ.
          if number % 10 == 0, number % 70 != 10 { (contributor, session) = (.random(), .random()) }
          var made = sample(label: number % 10, strokes, png, contributor, session)
          (made.panel, made.sequence) = (store.panel, UInt64(number + 1))
          let record: [UInt8]
          do throws(RecordError) {
            record = try SampleRecord.encode(made)
          } catch {
            throw StoreError(.refused, "measure", place.path, reason: error.description)
          }
          try store.insert(made, record: record, name: "Visitor \(number / 10)")
        }
        try store.connection.run(
          "UPDATE counters SET value = ? WHERE name = 'sequence'",
          .integer(Int64(min(done + 5000, samples))))
      }
      done = min(done + 5000, samples)
      try store.checkpoint()
      try progress(done)
    }
    try store.connection.script("PRAGMA wal_checkpoint(TRUNCATE)")
  }

  private static func time(_ body: () throws(StoreError) -> Void) throws(StoreError) -> UInt64 {
    let start = MonotonicClock.now()
    try body()
    return MonotonicClock.now() - start
  }

  /// A three of 120 samples in a second and a half, as a finger draws it.
  private static func drawing() -> [Stroke] {
    let points = (0..<120).map { i in
      let u = Float(i) / 120
      let half: Float = u < 0.5 ? 0 : 1
      let angle = (u * 2 - half) * 4.2 - 2.2
      return StrokePoint(
        x: 130 + 52.3 * cos(angle), y: 90 + 95 * half + 46.7 * sin(angle), t: UInt32(i * 25 / 2),
        size: 21 + 3 * sin(u * 9))
    }
    return [Stroke(points: points)]
  }

  private static func picture(_ strokes: [Stroke], _ place: StoreDirectory) throws(StoreError) -> [UInt8] {
    var canvas = Canvas()
    for stroke in strokes { canvas.draw(stroke) }
    do throws(PNGError) {
      return try PNG.encode(drawing: canvas.pixels, width: Canvas.side, height: Canvas.side)
    } catch {
      throw StoreError(.refused, "measure", place.path, reason: "\(error)")
    }
  }

  private static func sample(
    label: Int, _ strokes: [Stroke], _ png: [UInt8], _ contributor: Identifier, _ session: Identifier
  ) -> Sample {
    Sample(
      label: label, strokes: strokes, png: png, contributor: contributor, session: session, language: "en",
      consent: Consent(version: "benchmark", dataSet: false, nameShown: true), softwareVersion: "benchmark",
      modelVersion: "benchmark",
      prediction: Prediction(probabilities: [65536] + [UInt32](repeating: 0, count: 9), rejection: 0),
      flags: [], time: .now())
  }

  /// Removes what a measurement has left here that was killed, or whose plug was pulled.
  private static func removeLeft(in directory: String) {
    for name in (try? Directory.names(at: directory)) ?? [] where name.hasPrefix(scratchName) {
      guard let process = pid_t(name.dropFirst(scratchName.count)), process > 0 else { continue }
      if process == getpid() || kill(process, 0) != 0 && errno == ESRCH {
        remove(StoreDirectory("\(directory)/\(name)"))
      }
    }
  }

  private static func remove(_ place: StoreDirectory) {
    for name in ["panel.db", "panel.db-wal", "panel.db-shm", "panel.lock", "plain"] {
      unlink("\(place.path)/\(name)")
    }
    rmdir(place.path)
  }
}

/// Before the number of the process that measures.
private let scratchName = ".bench-"

extension StoreDirectory {
  /// - Throws: ``StoreError`` of kind full when so many drawings would not leave the reserve.
  fileprivate func requireRoom(for samples: Int) throws(StoreError) {
    let needed = Int64(samples) * 5000 + Store.reserve
    let free = try space().free
    guard free >= needed else {
      throw StoreError(
        .full, "measure with \(samples) drawings in", path,
        reason: "\(free >> 20) MiB are free there, and \(needed >> 20) MiB are needed")
    }
  }
}
