import Kernel

/// A data set as `.npz`: the images stream through, the other columns wait on disk until all rows are there.
final class NumpyWriter: DataSetWriter {
  private let zip: ZipWriter
  private let ids, usernames, createdAt, clocks, contributors, sessions, panels: NumpyColumn
  private let languages, consents, software, models: NumpyColumn
  private let labels, predictions, sequences: NumpyColumn
  private let flags: NumpyColumn
  private let probabilities, rejections: NumpyColumn

  init(_ output: OutputFile, rows: Int, side: Int) throws(KernelError) {
    let slash = output.path.lastIndex(of: "/")
    let directory = slash.map { $0 == output.path.startIndex ? "/" : String(output.path[..<$0]) } ?? "."
    labels = try NumpyColumn("labels", .integer, in: directory)
    usernames = try NumpyColumn("usernames", .text, in: directory)
    ids = try NumpyColumn("ids", .text, in: directory)
    createdAt = try NumpyColumn("created_at", .text, in: directory)
    clocks = try NumpyColumn("clocks", .text, in: directory)
    contributors = try NumpyColumn("contributors", .text, in: directory)
    sessions = try NumpyColumn("sessions", .text, in: directory)
    panels = try NumpyColumn("panels", .text, in: directory)
    sequences = try NumpyColumn("sequences", .integer, in: directory)
    predictions = try NumpyColumn("predictions", .integer, in: directory)
    probabilities = try NumpyColumn("probabilities", .floats(10), in: directory)
    rejections = try NumpyColumn("rejections", .floats(1), in: directory)
    flags = try NumpyColumn("flags", .word, in: directory)
    languages = try NumpyColumn("languages", .text, in: directory)
    consents = try NumpyColumn("consents", .text, in: directory)
    software = try NumpyColumn("software", .text, in: directory)
    models = try NumpyColumn("models", .text, in: directory)
    zip = ZipWriter(output)
    let header = NumpyColumn.header(type: "|u1", shape: [rows, side, side])
    try zip.begin("images.npy", size: UInt64(header.count + rows * side * side))
    try zip.write(header)
  }

  func append(_ row: DataSetRow) throws(KernelError) {
    let sample = row.sample
    try zip.write(row.image)
    try labels.append(Int64(sample.label))
    try usernames.append(row.username)
    try ids.append(sample.id.description)
    try createdAt.append(CalendarTime.iso8601(sample.time.wall))
    try clocks.append(sample.time.quality.description)
    try contributors.append(sample.contributor.description)
    try sessions.append(sample.session.description)
    try panels.append(sample.panel.description)
    try sequences.append(Int64(clamping: sample.sequence))
    // -1: no recogniser ran, or it took the drawing for no digit.
    let prediction = sample.prediction
    try predictions.append(prediction.map { $0.isDigit ? Int64($0.digit) : -1 } ?? -1)
    // 65536ths are exact in 24 bits of a Float.
    try probabilities.append(
      (0..<10).map { digit in prediction.map { Float($0.probabilities[digit]) / 65536 } ?? .nan })
    try rejections.append([prediction.map { Float($0.rejection) / 65536 } ?? .nan])
    try flags.append(sample.flags.rawValue)
    try languages.append(sample.language)
    try consents.append(sample.consent.version)
    try software.append(sample.softwareVersion)
    try models.append(sample.modelVersion)
  }

  func finish() throws(KernelError) {
    try zip.end()
    let columns = [
      labels, usernames, ids, createdAt, clocks, contributors, sessions, panels, sequences, predictions,
      probabilities, rejections, flags, languages, consents, software, models,
    ]
    for column in columns { try column.write(to: zip) }
    try zip.finish()
  }
}
