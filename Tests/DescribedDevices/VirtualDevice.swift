import CEvdev
import Glibc
import Kernel
import Touch

/// A described device that the kernel believes in, made by uinput; it is unplugged when its owner goes.
public struct VirtualDevice: ~Copyable {
  /// Its node, /dev/input/eventN.
  public let path: String
  private let handle: OpaquePointer

  /// - Throws: ``KernelError`` when there is no uinput, or no permission for it.
  public init(_ description: DeviceDescription) throws(KernelError) {
    guard let device = libevdev_new() else {
      throw KernelError("describe", description.name, reason: "out of memory")
    }
    defer { libevdev_free(device) }
    libevdev_set_name(device, description.name)
    libevdev_set_id_bustype(device, Int32(description.identity.bus))
    libevdev_set_id_vendor(device, Int32(description.identity.vendor))
    libevdev_set_id_product(device, Int32(description.identity.product))
    libevdev_set_id_version(device, Int32(description.identity.version))
    for property in description.properties { libevdev_enable_property(device, UInt32(property)) }
    for (type, codes) in description.codes {
      libevdev_enable_event_type(device, UInt32(type))
      for code in codes where type != EventType.abs {
        libevdev_enable_event_code(device, UInt32(type), UInt32(code), nil)
      }
    }
    for (code, axis) in description.axes {
      var info = input_absinfo(
        value: 0, minimum: axis.minimum, maximum: axis.maximum, fuzz: axis.fuzz, flat: axis.flat,
        resolution: axis.resolution)
      libevdev_enable_event_code(device, UInt32(EventType.abs), UInt32(code), &info)
    }
    var made: OpaquePointer?
    let status = libevdev_uinput_create_from_device(
      device, Int32(LIBEVDEV_UINPUT_OPEN_MANAGED.rawValue), &made)
    guard status == 0, let made else {
      throw KernelError(
        "make", "\(description.name) by /dev/uinput", errno: -status, next: "load the module uinput, as root")
    }
    guard let node = libevdev_uinput_get_devnode(made) else {
      libevdev_uinput_destroy(made)
      throw KernelError("find", "the node of \(description.name)", reason: "it has none", next: "mount /sys")
    }
    path = String(cString: node)
    handle = made
  }

  deinit {
    libevdev_uinput_destroy(handle)
  }

  /// Sends one event; the kernel gives it its own time.
  public func send(_ event: InputEvent) throws(KernelError) {
    let status = libevdev_uinput_write_event(
      handle, UInt32(event.type), UInt32(event.code), event.value)
    guard status == 0 else { throw KernelError("send to", path, errno: -status) }
  }
}
