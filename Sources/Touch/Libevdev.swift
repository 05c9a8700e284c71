import CEvdev
import CLinux
import Glibc
import Kernel

/// What is asked of libevdev about an open node.
enum Libevdev {
  /// What to do when a named device is not the right one.
  static let lookAround = "panel --probe --touch auto shows the devices that are there"

  /// Opens an event node for reading.
  ///
  /// - Throws: ``KernelError`` with what to do about it.
  static func openNode(_ path: String) throws(KernelError) -> FileDescriptor {
    do throws(KernelError) {
      return try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK)
    } catch {
      let next: String? =
        switch error.code {
        case EACCES, EPERM: "add the user to the group input"
        case ENOENT: lookAround
        default: nil
        }
      throw KernelError("open", path, errno: error.code, next: next)
    }
  }

  /// A libevdev handle on an open node, whose events bear the time of CLOCK_MONOTONIC. The caller frees it.
  static func attach(_ file: borrowing FileDescriptor, _ path: String) throws(KernelError) -> OpaquePointer {
    var handle: OpaquePointer?
    let status = libevdev_new_from_fd(file.raw, &handle)
    guard status == 0, let handle else {
      if status == -ENOTTY || status == -EINVAL {
        throw KernelError("read", path, reason: "it is no input device")
      }
      throw KernelError("read", path, errno: -status)
    }
    let clock = libevdev_set_clock_id(handle, CLOCK_MONOTONIC)
    guard clock == 0 else {
      libevdev_free(handle)
      throw KernelError("set the clock of", path, errno: -clock)
    }
    return handle
  }

  /// What the device says of itself.
  static func describe(_ handle: OpaquePointer) -> DeviceDescription {
    var found = DeviceDescription(
      name: libevdev_get_name(handle).map { String(cString: $0) } ?? "",
      identity: DeviceDescription.Identity(
        bus: UInt16(truncatingIfNeeded: libevdev_get_id_bustype(handle)),
        vendor: UInt16(truncatingIfNeeded: libevdev_get_id_vendor(handle)),
        product: UInt16(truncatingIfNeeded: libevdev_get_id_product(handle)),
        version: UInt16(truncatingIfNeeded: libevdev_get_id_version(handle))))
    for property in 0...UInt32(INPUT_PROP_MAX) where libevdev_has_property(handle, property) == 1 {
      found.properties.insert(UInt16(property))
    }
    for type in 1...UInt32(EV_MAX) where libevdev_has_event_type(handle, type) == 1 {
      let last = libevdev_event_type_get_max(type)
      guard last >= 0 else { continue }
      for code in 0...UInt32(last) where libevdev_has_event_code(handle, type, code) == 1 {
        found.codes[UInt16(type), default: []].insert(UInt16(code))
        if type == UInt32(EventType.abs), let info = libevdev_get_abs_info(handle, code) {
          found.axes[UInt16(code)] = AxisRange(
            info.pointee.minimum, info.pointee.maximum, fuzz: info.pointee.fuzz, flat: info.pointee.flat,
            resolution: info.pointee.resolution)
        }
      }
    }
    return found
  }

  /// What the device shows now.
  static func state(_ handle: OpaquePointer, _ description: DeviceDescription) -> DeviceState {
    func value(_ type: UInt16, _ code: UInt16) -> Int32 {
      libevdev_get_event_value(handle, UInt32(type), UInt32(code))
    }
    var state = DeviceState()
    state.x = value(EventType.abs, AbsCode.x)
    state.y = value(EventType.abs, AbsCode.y)
    let button = description.has(key: KeyCode.touch) ? KeyCode.touch : KeyCode.buttonLeft
    state.isPressed = value(EventType.key, button) != 0
    state.isNear = [KeyCode.toolPen, KeyCode.toolRubber].contains { value(EventType.key, $0) != 0 }
    let count = libevdev_get_num_slots(handle)
    guard count > 0 else { return state }
    state.slot = Int(libevdev_get_current_slot(handle))
    for slot in 0..<UInt32(count) {
      func known(_ code: UInt16, otherwise: Int32) -> Int32 {
        description.has(axis: code) ? libevdev_get_slot_value(handle, slot, UInt32(code)) : otherwise
      }
      var found = DeviceState.Slot()
      found.x = known(AbsCode.positionX, otherwise: 0)
      found.y = known(AbsCode.positionY, otherwise: 0)
      found.major = known(AbsCode.touchMajor, otherwise: 0)
      found.tool = known(AbsCode.toolType, otherwise: ToolType.finger)
      found.trackingID = known(AbsCode.trackingID, otherwise: -1)
      state.slots.append(found)
    }
    return state
  }
}

extension InputEvent {
  init(_ raw: input_event) {
    self.init(
      time: UInt64(bitPattern: Int64(raw.time.tv_sec)) &* 1_000_000_000
        &+ UInt64(bitPattern: Int64(raw.time.tv_usec)) &* 1000,
      type: raw.type, code: raw.code, value: raw.value)
  }
}
