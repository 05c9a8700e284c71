import Glibc
import Ink
import Kernel
import PNG
import Recognizer
import Spool

/// A PNG file a drawing in `train/7/ID.png`, with a line in `train/metadata.jsonl`: what Hugging Face's `imagefolder` and
/// torchvision's `ImageFolder` read. The threads write the files themselves.
struct ImageFolderRows: RowEncoder {
  private let directory: String
  private let size: ExportOptions.Size
  /// Metadata of training and of testing, and the checksums of the pictures.
  private var streams = [[UInt8]](repeating: [], count: 3)
  private var files = 0
  private var bytes: UInt64 = 0
  /// The folders that are known to be there.
  private var folders: Set<Int> = []
  private static let others = Field.all.filter { $0.name != "split" }

  init(_ directory: String, size: ExportOptions.Size) {
    self.directory = directory
    self.size = size
  }

  mutating func append(_ row: DataSetRow) throws(KernelError) {
    let split = row.isTest ? "test" : "train"
    let folder = "\(directory)/\(split)/\(row.label)"
    if folders.insert((row.isTest ? 10 : 0) + row.label).inserted {
      // Another thread may have made it; a real fault shows at the first file.
      mkdir("\(directory)/\(split)", 0o755)
      mkdir(folder, 0o755)
    }
    let name = "\(row.label)/\(row.sample.id).png"
    let picture = try picture(row)
    do {
      let path = "\(directory)/\(split)/\(name)"
      let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC)
      try file.writeAll(picture, to: path)
    }
    files += 1
    bytes += UInt64(picture.count)
    streams[2] += Checksums.line(Digest(of: picture), "\(split)/\(name)")
    let stream = row.isTest ? 1 : 0
    streams[stream].append(text: "{\"file_name\":\"")
    streams[stream].append(text: name)
    streams[stream].append(UInt8(ascii: "\""))
    for field in ImageFolderRows.others {
      streams[stream].append(UInt8(ascii: ","))
      RowText.appendMember(field, of: row, absence: .typed, to: &streams[stream])
    }
    streams[stream].append(text: "}\n")
  }

  mutating func finish(_ batch: inout EncodedBatch) {
    batch.streams = streams
    batch.files = files
    batch.bytes = bytes
    (files, bytes) = (0, 0)
    for i in streams.indices { streams[i].removeAll(keepingCapacity: true) }
  }

  private func picture(_ row: DataSetRow) throws(KernelError) -> [UInt8] {
    // As drawn is as stored: the reader of rows has found that it can be read.
    if size == .drawn { return row.sample.png }
    do throws(PNGError) {
      return try PNG.encode(drawing: row.image, width: DigitImage.side, height: DigitImage.side)
    } catch {
      throw KernelError("write", "a picture", reason: error.description)
    }
  }
}

final class ImageFolderWriter: BatchWriter {
  private let directory: OutputDirectory
  private var metadata: [OutputFile?] = [nil, nil]
  private let checksums: Checksums
  private static let names = ["train/metadata.jsonl", "test/metadata.jsonl"]

  init(_ directory: OutputDirectory, _ checksums: Checksums) {
    self.directory = directory
    self.checksums = checksums
  }

  func write(_ batch: EncodedBatch) throws(KernelError) {
    guard batch.streams.count == 3 else { return }
    for split in 0..<2 where !batch.streams[split].isEmpty {
      if metadata[split] == nil {
        metadata[split] = try OutputFile(directory.path(ImageFolderWriter.names[split]))
      }
      try metadata[split]?.write(batch.streams[split])
    }
    try checksums.add(lines: batch.streams[2])
  }

  func finish() throws(KernelError) -> [String] {
    var names: [String] = []
    for split in 0..<2 {
      guard let output = metadata[split] else { continue }
      try output.finish()
      names.append(ImageFolderWriter.names[split])
    }
    return names
  }
}
