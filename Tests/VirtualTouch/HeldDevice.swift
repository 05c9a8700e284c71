import DescribedDevices
import Kernel
import Touch

/// A device made by uinput that several can hold; it is unplugged when the last lets it go.
final class HeldDevice {
  private let device: VirtualDevice

  init(_ description: DeviceDescription) throws(KernelError) {
    device = try VirtualDevice(description)
  }

  var path: String { device.path }

  func send(_ events: some Sequence<InputEvent>) throws(KernelError) {
    for event in events { try device.send(event) }
  }

  /// One frame.
  func send(_ events: [(type: UInt16, code: UInt16, value: Int32)]) throws(KernelError) {
    for event in events {
      try device.send(InputEvent(type: event.type, code: event.code, value: event.value))
    }
    try device.send(InputEvent(type: EventType.syn, code: SynCode.report, value: 0))
  }
}
