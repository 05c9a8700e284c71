import Glibc
import Ink
import Kernel
import PNG

/// A display that is only memory: the surface itself, and a PNG file a flip where a directory is given.
final class HeadlessOutput: ScreenOutput {
  let scanoutWidth: Int
  let scanoutHeight: Int
  let millimetres: (width: Int, height: Int)? = nil
  private let frames: String?
  private let log: (String) -> Void
  private var count = 0
  private var told = false

  /// - Throws: ``KernelError`` when the directory cannot be made.
  init(width: Int, height: Int, frames: String?, log: @escaping (String) -> Void) throws(KernelError) {
    scanoutWidth = width
    scanoutHeight = height
    self.frames = frames
    self.log = log
    if let frames, mkdir(frames, 0o755) != 0, errno != EEXIST {
      throw KernelError(
        "make", "directory \(frames)", errno: errno, next: "give a directory that can be written")
    }
  }

  var name: String {
    "headless, \(scanoutWidth)x\(scanoutHeight)" + (frames.map { ", pictures in \($0)" } ?? "")
  }

  func show(_ rect: PixelRect, of surface: borrowing Surface, rotation: Rotation) {}

  /// Writes the picture as the panel has it, upright whatever the rotation: frame-000001.png and on.
  func flip(_ surface: borrowing Surface, rotation: Rotation) {
    guard let frames else { return }
    count += 1
    let digits = String(count)
    let path = "\(frames)/frame-\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits).png"
    do {
      try write(surface, to: path)
    } catch {
      // A full disk must not stop the panel, nor fill its log.
      if !told { log("\(error)") }
      told = true
    }
  }

  func close() {}

  private func write(_ surface: borrowing Surface, to path: String) throws(KernelError) {
    let bytes: [UInt8]
    do {
      bytes = try PNG.encode(
        xrgb: surface.pixels, width: surface.width, height: surface.height, effort: .fast)
    } catch {
      throw KernelError("write", path, reason: error.description)
    }
    let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC)
    try file.writeAll(bytes, to: path)
  }
}
