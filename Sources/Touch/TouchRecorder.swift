import CEvdev
import CLinux
import Glibc
import Kernel

/// Records a live device into a file of evemu's format, event by event as the kernel sends them; for field bugs, and for
/// ``TouchSelection/replay(_:)``.
///
/// It reads beside a running panel: every reader of an event node gets all events.
public final class TouchRecorder {
  /// What the device says of itself.
  public let description: DeviceDescription
  /// Frames (SYN_REPORT) written so far.
  public private(set) var frames = 0
  /// How often the kernel's buffer overflowed, so that the recording has a gap.
  public private(set) var overflows = 0
  /// Readable when the device has events; for an epoll.
  public var descriptor: Int32 { node.raw }

  private let path: String
  private let file: String
  private let node: FileDescriptor
  private let output: FileDescriptor
  /// CLOCK_MONOTONIC (ns) of the first event.
  private var start: UInt64?
  private var buffer = [input_event](repeating: input_event(), count: 256)

  /// Opens the device and writes the head of the recording.
  ///
  /// - Parameters:
  ///   - path: the node of the device, of any kind.
  ///   - file: what it is written to; a file that is there is replaced.
  /// - Throws: ``KernelError`` when either cannot be opened.
  public init(device path: String, file: String) throws(KernelError) {
    let node = try Libevdev.openNode(path)
    // The handle is asked for the description and sets the clock; the events are read as they are.
    let handle = try Libevdev.attach(node, path)
    let description = Libevdev.describe(handle)
    libevdev_free(handle)
    let output = try FileDescriptor.open(file, O_WRONLY | O_CREAT | O_TRUNC)
    try output.writeAll(Array(EvemuWriter.head(description).utf8), to: file)
    self.description = description
    self.path = path
    self.file = file
    self.node = node
    self.output = output
  }

  /// Writes all events that are there.
  ///
  /// - Returns: false once the device is gone.
  /// - Throws: ``KernelError`` when the file cannot be written.
  public func record() throws(KernelError) -> Bool {
    while true {
      let count: Int
      do throws(KernelError) {
        count = try node.read(into: &buffer, from: path) / MemoryLayout<input_event>.stride
      } catch {
        switch error.code {
        case EAGAIN: return true
        case ENODEV: return false
        default: throw error
        }
      }
      if count == 0 { return false }
      try write(count)
    }
  }

  private func write(_ count: Int) throws(KernelError) {
    var text = ""
    for raw in buffer[..<count] {
      var event = InputEvent(raw)
      let first = start ?? event.time
      start = first
      event.time = event.time >= first ? event.time - first : 0
      if event.endsFrame { frames += 1 }
      if event.type == EventType.syn && event.code == SynCode.dropped { overflows += 1 }
      text += EvemuWriter.line(event)
    }
    try output.writeAll(Array(text.utf8), to: file)
  }
}
