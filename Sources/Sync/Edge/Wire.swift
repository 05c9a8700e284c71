import Glibc

/// Reads and writes of a descriptor that never wait.
public enum Wire {
  /// What a read found.
  enum Input {
    case bytes(ArraySlice<UInt8>)
    case nothing
    case end
  }

  /// Has reads and writes of a descriptor return at once; returns the flags that it had.
  @discardableResult
  public static func makeNonBlocking(_ descriptor: Int32) -> Int32 {
    let flags = fcntl(descriptor, F_GETFL)
    if flags >= 0 { _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) }
    return flags
  }

  /// Reads what is there, at most the buffer's size. A connection that broke has ended.
  static func read(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Input {
    while true {
      let n = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if n > 0 { return .bytes(buffer[..<n]) }
      if n < 0 && errno == EINTR { continue }
      return n < 0 && errno == EAGAIN ? .nothing : .end
    }
  }

  /// Writes what can be written now; returns how much, or nil when nobody reads any more.
  static func write(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Int? {
    var done = 0
    while done < bytes.count {
      let n = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done)
      }
      if n >= 0 {
        done += n
      } else if errno != EINTR {
        return errno == EAGAIN ? done : nil
      }
    }
    return done
  }

  /// Waits for any of the descriptors, at most some milliseconds.
  static func wait(_ watched: inout [pollfd], milliseconds: Int32) {
    _ = poll(&watched, nfds_t(watched.count), milliseconds)
  }
}
