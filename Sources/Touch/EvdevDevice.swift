import CEvdev
import CLinux
import Glibc
import Kernel

/// One event node of the kernel (/dev/input/eventN), read by libevdev, with its decoder.
///
/// The edge is thin: libevdev keeps the device's state and restores it after lost events; everything else is pure.
final class EvdevDevice {
  /// Why a node is not in use.
  enum Failure: Error {
    case cannotOpen(KernelError)
    case refused(name: String, Refusal)
  }

  enum Outcome {
    /// All that was there has been read.
    case drained
    /// The budget is used up and more may be there.
    case more
    /// The device is gone; the reason in words.
    case gone(String)
  }

  let path: String
  let description: DeviceDescription
  let tag: UInt64
  private(set) var decoder: TouchDecoder
  /// The last read used its budget up.
  private(set) var hasMore = false
  private let file: FileDescriptor
  private let handle: OpaquePointer
  private var flag = UInt32(LIBEVDEV_READ_FLAG_NORMAL.rawValue)

  var descriptor: Int32 { file.raw }

  /// Opens the node and judges what it is.
  ///
  /// - Parameter tag: by which the inner epoll tells it.
  init(path: String, tag: UInt64) throws(Failure) {
    let opened = try EvdevDevice.open(path)
    let state = Libevdev.state(opened.handle, opened.description)
    let decoder: TouchDecoder
    do throws(Refusal) {
      decoder = try TouchDecoder(opened.description, state: state)
    } catch {
      libevdev_free(opened.handle)
      throw .refused(name: opened.description.name, error)
    }
    self.path = path
    self.tag = tag
    self.decoder = decoder
    description = opened.description
    handle = opened.handle
    file = opened.file
  }

  deinit {
    libevdev_free(handle)
  }

  /// Reads what is there, at most `budget` events, and appends the changes to `stream`.
  ///
  /// When the kernel's buffer overflowed, the contacts in hand are cancelled and libevdev tells the state of now as
  /// events; they count towards the budget, so that a device that floods cannot hold the panel up
  /// (tslib#69, voxtype#737).
  func read(budget: Int, into stream: inout TouchStream) -> Outcome {
    let normal = UInt32(LIBEVDEV_READ_FLAG_NORMAL.rawValue)
    let sync = UInt32(LIBEVDEV_READ_FLAG_SYNC.rawValue)
    var raw = input_event()
    hasMore = false
    for _ in 0..<budget {
      let status = libevdev_next_event(handle, flag, &raw)
      switch status {
      case Int32(LIBEVDEV_READ_STATUS_SUCCESS.rawValue):
        decoder.process(InputEvent(raw), into: &stream)
      case Int32(LIBEVDEV_READ_STATUS_SYNC.rawValue):
        if flag == sync {
          decoder.process(InputEvent(raw), into: &stream)
        } else {
          decoder.overflow(time: InputEvent(raw).time, into: &stream)
          flag = sync
        }
      case -EAGAIN where flag == sync: flag = normal
      case -EAGAIN: return .drained
      case -EINTR: continue
      default: return .gone(KernelError.words(-status))
      }
    }
    hasMore = true
    return .more
  }

  /// Takes the contacts back: the device is gone.
  func cancelContacts(time: UInt64, into stream: inout TouchStream) {
    decoder.cancel(time: time, into: &stream)
  }

  private struct Opened: ~Copyable {
    let file: FileDescriptor
    let handle: OpaquePointer
    let description: DeviceDescription
  }

  private static func open(_ path: String) throws(Failure) -> Opened {
    do throws(KernelError) {
      let file = try Libevdev.openNode(path)
      let handle = try Libevdev.attach(file, path)
      return Opened(file: file, handle: handle, description: Libevdev.describe(handle))
    } catch {
      throw .cannotOpen(error)
    }
  }
}
