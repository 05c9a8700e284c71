import Glibc
import Kernel

/// An empty directory that goes with its owner.
final class Scratch {
  let path: String

  /// - Parameter isOnDisk: on a real file system also where there is room in memory; the suites synchronise files 30,000 times.
  init(isOnDisk: Bool = false) throws {
    var room = statvfs()
    let isRoomy = statvfs("/dev/shm", &room) == 0 && UInt64(room.f_bavail) * UInt64(room.f_frsize) > 1 << 30
    let place = !isOnDisk && isRoomy && access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(place)/digit-panel-spool-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      throw Failed("cannot make a directory in \(place): errno \(errno)")
    }
    path = String(cString: made)
  }

  deinit {
    Directory.remove(path)
  }

  /// Makes a directory, or takes all out of the one that is there.
  static func emptied(_ path: String) throws {
    Directory.remove(path)
    guard mkdir(path, 0o750) == 0 else { throw Failed("cannot make \(path): errno \(errno)") }
  }
}

/// Why a test could not be set up.
struct Failed: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
