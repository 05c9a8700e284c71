import Glibc
import Kernel

/// A directory that appears under its name only when all in it is whole and on the disk; until then it has another name beside
/// it, and is removed when it is given up. What a killed writer left there is removed by the next one.
final class OutputDirectory {
  /// Its name in the end.
  let path: String
  private let partial: String
  /// Holds the lock that tells other writers.
  private let lock: FileLock
  private var isFinished = false

  /// Lies in the directory while it is not finished: only what has it is ever removed.
  private static let marker = ".panel-export"

  /// - Throws: ``KernelError`` when something is there that is not an empty directory: nothing of a user's is replaced.
  init(_ name: String) throws(KernelError) {
    path = try OutputDirectory.place(name)
    partial = path + ".partial"
    let marker = "\(partial)/\(OutputDirectory.marker)"
    if mkdir(partial, 0o755) != 0 {
      guard errno == EEXIST else {
        throw KernelError("make the directory", path, errno: errno, next: OutputDirectory.next)
      }
      // What another is mounted at could not be renamed in the end.
      var isInTheWay = Directory.isMountPoint(partial)
      if access(marker, F_OK) != 0 {
        isInTheWay = try !Directory.names(at: partial, next: OutputDirectory.next).isEmpty || isInTheWay
      }
      if isInTheWay {
        throw KernelError(
          "write the data set to", path, reason: "\(partial) is in the way", next: OutputDirectory.next)
      }
    }
    let lock = try FileLock.take(marker, next: OutputDirectory.next)
    guard let lock else {
      throw KernelError(
        "write the data set to", path, reason: "another export is writing it", next: "wait until it has ended"
      )
    }
    for name in try Directory.names(at: partial) where name != OutputDirectory.marker {
      Directory.remove("\(partial)/\(name)")
    }
    self.lock = lock
  }

  /// Where the directory is to be: the path without links, so that what is renamed in the end takes the place of a directory.
  ///
  /// - Throws: ``KernelError`` where that cannot succeed: it is told before the work and not after it.
  private static func place(_ name: String) throws(KernelError) -> String {
    var path = name
    while path.count > 1 && path.last == "/" { path.removeLast() }
    func refusal(_ reason: String, _ next: String = OutputDirectory.next) -> KernelError {
      KernelError("write the data set to", path, reason: reason, next: next)
    }
    var (info, here) = (stat(), stat())
    guard stat(path, &info) == 0 else {
      let target = OutputFile.target(of: path)
      var link = stat()
      return lstat(path, &link) == 0 && link.st_mode & S_IFMT == S_IFLNK ? target : path
    }
    guard info.st_mode & S_IFMT == S_IFDIR else {
      throw KernelError("make the directory", path, reason: "a file is there", next: OutputDirectory.next)
    }
    guard let real = realpath(path, nil) else { throw KernelError("use", path, errno: errno, next: next) }
    defer { free(real) }
    let place = String(cString: real)
    if Directory.isMountPoint(place) {
      throw refusal(
        "a disk or another directory is mounted there", "give the name of a new directory in it")
    }
    guard try Directory.names(at: path, next: next).isEmpty else {
      throw refusal("the directory is not empty")
    }
    // The new directory takes the place of this one: a shell that stands in it would go on standing in the old one.
    if stat(".", &here) == 0, here.st_ino == info.st_ino, here.st_dev == info.st_dev {
      throw refusal("it is the directory in which you are", "give the name of a new one in it")
    }
    return place
  }

  deinit {
    if !isFinished { Directory.remove(partial) }
  }

  /// Where a file of it lies while it is written.
  func path(_ name: String) -> String { "\(partial)/\(name)" }

  /// Makes a directory within it.
  func make(_ name: String) throws(KernelError) {
    guard mkdir(path(name), 0o755) == 0 || errno == EEXIST else {
      throw KernelError("make the directory", path(name), errno: errno)
    }
  }

  /// Writes all to disk and gives the directory its name.
  func finish() throws(KernelError) {
    // One call for all files: a million calls of fsync would take longer than the export.
    try valueOrError("write to disk", path) { syncfs(lock.file.raw) }
    unlink("\(partial)/\(OutputDirectory.marker)")
    try valueOrError("name", path) { rename(partial, path) }
    isFinished = true
    try? synchronise(directory: OutputFile.parent(of: path))
  }

  private static let next = "give another --output, or remove what is there"
}
