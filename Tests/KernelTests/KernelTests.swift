import CLinux
import Glibc
import Synchronization
import Testing

@testable import Kernel

@Suite("The thin layer over the kernel")
struct KernelTests {
  @Test("an error is one sentence with operation, object, reason and next step")
  func errorSentence() {
    let error = KernelError("open", "/dev/dri/card0", errno: EACCES, next: "add the user to the group video")
    #expect(
      error.description == "cannot open /dev/dri/card0: permission denied; add the user to the group video")
    #expect(KernelError("read", "x", errno: EIO).description.hasPrefix("cannot read x: "))
    #expect(KernelError("read", "x", errno: 99_999).reason.contains("99999"))
  }

  @Test("a file that is missing or too large is refused, a whole one is read")
  func files() throws {
    let path = "/tmp/kernel-test-\(getpid())"
    defer { unlink(path) }
    #expect(throws: KernelError.self) { try contentsOfFile(path, limit: 10) }
    do {
      let file = try FileDescriptor.open(path, O_CREAT | O_RDWR)
      try file.writeAll([UInt8](1...9), to: path)
    }
    #expect(try contentsOfFile(path, limit: 9) == [UInt8](1...9))
    let tooLarge = #expect(throws: KernelError.self) { try contentsOfFile(path, limit: 8) }
    #expect(tooLarge?.reason == "larger than 8 bytes")
  }

  @Test("reading tells bytes, the end and that there is nothing now apart; a file is locked by one")
  func readingAndLocking() throws {
    var ends: [Int32] = [-1, -1]
    #expect(pipe2(&ends, O_CLOEXEC | O_NONBLOCK) == 0)
    let reader = FileDescriptor(owning: ends[0])
    var words = [UInt16](repeating: 0, count: 3)
    let nothing = #expect(throws: KernelError.self) { _ = try reader.read(into: &words, from: "a pipe") }
    #expect(nothing?.code == EAGAIN && nothing?.object == "a pipe")
    do {
      let writer = FileDescriptor(owning: ends[1])
      try writer.writeAll([7, 8, 9, 10] as [UInt16], to: "a pipe")
    }
    let first = try reader.read(into: &words, from: "a pipe")
    #expect(first == 6 && words == [7, 8, 9])
    let second = try reader.read(into: &words, from: "a pipe")
    #expect(second == 2 && words[0] == 10)
    let end = try reader.read(into: &words, from: "a pipe")
    #expect(end == 0)
  }

  @Test("a lock has one owner, and goes with it though a child has the file open still")
  func lock() throws {
    let path = "/tmp/kernel-lock-\(getpid())"
    defer { unlink(path) }
    var copy: Int32 = -1
    do {
      let ours = try FileLock.take(path)
      let isOurs = ours != nil
      let others = try FileLock.take(path)
      let isOthers = others != nil
      #expect(isOurs && !isOthers)
      // What a child has between fork(2) and execve(2).
      if let ours { copy = dup(ours.file.raw) }
    }
    defer { close(copy) }
    #expect(copy >= 0)
    let next = try FileLock.take(path)
    let isFree = next != nil
    #expect(isFree)
  }

  @Test("a file that is written through a link comes where the link leads, and the link stays")
  func throughLinks() throws {
    let root = "/tmp/kernel-test-links-\(getpid())"
    let names = ["/old", "/first", "/second", "/loose", "/new"]
    defer {
      for name in names { unlink(root + name) }
      rmdir(root)
    }
    #expect(mkdir(root, 0o755) == 0)
    try OutputFile.write([1], to: root + "/old")
    #expect(symlink("second", root + "/first") == 0 && symlink(root + "/old", root + "/second") == 0)
    #expect(symlink("new", root + "/loose") == 0)
    try OutputFile.write([2, 2], to: root + "/first")
    try OutputFile.write([3], to: root + "/loose")
    #expect(try contentsOfFile(root + "/old", limit: 9) == [2, 2])
    #expect(try contentsOfFile(root + "/new", limit: 9) == [3])
    var info = stat()
    for name in ["/first", "/second", "/loose"] {
      #expect(lstat(root + name, &info) == 0 && info.st_mode & S_IFMT == S_IFLNK, "\(name)")
    }
  }

  @Test("a poll tells which descriptor is ready by its tag, a timer and a wake-up among them")
  func pollTimerWakeup() throws {
    let poll = try Poll()
    let timer = try Kernel.Timer()
    let wakeup = try Wakeup()
    try poll.add(timer.raw, tag: 7)
    try poll.add(wakeup.raw, tag: 8)
    var tags: [UInt64] = []
    try poll.wait(timeout: 0) { tag, _ in tags.append(tag) }
    #expect(tags.isEmpty)
    timer.set(MonotonicClock.now())
    try poll.wait(timeout: 1000) { tag, _ in tags.append(tag) }
    #expect(tags == [7])
    timer.acknowledge()
    wakeup.signal()
    wakeup.signal()
    tags = []
    try poll.wait(timeout: 1000) { tag, _ in tags.append(tag) }
    #expect(tags == [8])
    wakeup.acknowledge()
    tags = []
    try poll.wait(timeout: 0) { tag, _ in tags.append(tag) }
    #expect(tags.isEmpty)
  }

  @Test("a disarmed timer does not fire")
  func disarmed() throws {
    let poll = try Poll()
    let timer = try Kernel.Timer()
    try poll.add(timer.raw, tag: 1)
    timer.set(MonotonicClock.now() + 1_000_000)
    timer.set(nil)
    var fired = false
    try poll.wait(timeout: 20) { _, _ in fired = true }
    #expect(!fired)
  }

  @Test("a node that appears, changes its mode or goes is told")
  func directoryWatch() throws {
    let directory = "/tmp/kernel-watch-\(getpid())"
    mkdir(directory, 0o700)
    defer { rmdir(directory) }
    let watch = try DirectoryWatch(directory)
    let path = directory + "/event7"
    _ = try FileDescriptor.open(path, O_CREAT | O_RDWR)
    chmod(path, 0o600)
    unlink(path)
    let changes = watch.changes()
    #expect(changes.first == .appeared("event7"))
    #expect(changes.filter { $0 == .appeared("event7") }.count >= 2)
    #expect(changes.last == .disappeared("event7"))
    let later = watch.changes()
    #expect(later.isEmpty)
  }

  /// Files that a thread makes one after the other.
  private final class Maker: Sendable {
    let modes = Mutex<Set<mode_t>>([])
    let made = Atomic(0)
    let isOver = Atomic(false)
    let hasEnded = Atomic(false)

    func make(in folder: String) {
      let path = "\(folder)/file"
      close(open(path, O_CREAT | O_WRONLY, 0o666))
      var information = stat()
      if stat(path, &information) == 0 { _ = modes.withLock { $0.insert(information.st_mode & 0o777) } }
      unlink(path)
      made.add(1, ordering: .relaxed)
    }
  }

  @Test("files that other threads make while a socket is bound keep their modes")
  func modesBesideSocket() throws {
    let folder = "/tmp/kernel-modes-\(getpid())"
    mkdir(folder, 0o755)
    defer { rmdir(folder) }
    let (alone, beside) = (Maker(), Maker())
    alone.make(in: folder)
    try Thread.start(name: "maker") {
      while !beside.isOver.load(ordering: .relaxed) { beside.make(in: folder) }
      beside.hasEnded.store(true, ordering: .releasing)
    }
    let deadline = MonotonicClock.now() + 60_000_000_000
    func wait(until isThere: () -> Bool) {
      while !isThere(), MonotonicClock.now() < deadline { usleep(1000) }
    }
    wait { beside.made.load(ordering: .relaxed) > 0 }
    let before = beside.made.load(ordering: .relaxed)
    var bound = 0
    // Both go on until each has had its turn many times.
    while bound < 2000 || beside.made.load(ordering: .relaxed) < before + 4000,
      MonotonicClock.now() < deadline
    {
      _ = try UnixSocket.listen(at: "\(folder)/socket")
      bound += 1
    }
    let during = beside.made.load(ordering: .relaxed) - before
    beside.isOver.store(true, ordering: .relaxed)
    wait { beside.hasEnded.load(ordering: .acquiring) }
    unlink("\(folder)/socket")
    #expect(before > 0 && during >= 4000 && bound >= 2000, "\(during) files beside \(bound) sockets")
    let seen = beside.modes.withLock { $0 }
    #expect(seen.count == 1 && seen == alone.modes.withLock { $0 })
  }

  @Test("a descriptor travels over the control socket with its answer")
  func descriptorPassing() throws {
    let path = "/tmp/kernel-socket-\(getpid())"
    defer { unlink(path) }
    let server = try UnixSocket.listen(at: path)
    if let early = server.accept() { Issue.record("a connection from nobody: \(early.raw)") }
    let client = try UnixSocket.connect(to: path, timeout: 5)
    var information = stat()
    stat(path, &information)
    #expect(information.st_mode & 0o777 == 0o660)
    guard let connection = server.accept() else {
      Issue.record("no connection")
      return
    }
    let isOwners = connection.isOwners
    #expect(isOwners)
    try client.send(Array("screenshot\n".utf8))
    let request = try connection.receive()
    #expect(request == Array("screenshot\n".utf8))
    let nothing = try connection.receive()
    #expect(nothing == nil)
    let picture = [UInt8](0..<200)
    let memory = try SharedMemory(copying: picture, name: "test")
    try connection.send(Array("{}\n".utf8), attaching: memory.raw)
    let answer = try client.receiveWithDescriptor()
    #expect(answer.bytes == Array("{}\n".utf8))
    let number = try #require(answer.descriptor)
    let descriptor = FileDescriptor(owning: number)
    let copy = try SharedMemory.read(descriptor, count: 200)
    #expect(copy == picture)
    var refused = false
    do throws(KernelError) { _ = try SharedMemory.read(descriptor, count: 201) } catch { refused = true }
    #expect(refused)
    try connection.send(Array("plain\n".utf8))
    let plain = try client.receiveWithDescriptor()
    #expect(plain.descriptor == nil)
  }

  @Test("a socket path that is too long is refused with a next step")
  func longSocketPath() {
    let path = "/tmp/" + String(repeating: "x", count: 120)
    do throws(KernelError) {
      _ = try UnixSocket.connect(to: path, timeout: 1)
      Issue.record("connected")
    } catch {
      #expect(error.nextStep == "choose a shorter spool directory")
    }
  }

  @Test("a signal arrives as a readable event")
  func signals() throws {
    let signals = try Signals([SIGUSR1])
    let before = signals.next()
    pthread_kill(pthread_self(), SIGUSR1)
    let first = signals.next()
    let after = signals.next()
    #expect(before == nil)
    #expect(first == SIGUSR1)
    #expect(after == nil)
  }

  private func withDirectory(_ body: (String) throws -> Void) throws {
    var name = Array("/tmp/kernel-files-XXXXXX".utf8CString)
    try #require(mkdtemp(&name) != nil)
    let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { Directory.remove(path) }
    try body(path)
  }

  @Test("a nameless file is written and read back and leaves nothing, also where the file system knows none")
  func nameless() throws {
    try withDirectory { directory in
      // The second is what FAT, exFAT and NFS get.
      for isKnown in [true, false] {
        let file: FileDescriptor
        if isKnown {
          file = try FileDescriptor.nameless(in: directory)
        } else {
          file = try FileDescriptor.unlinked(in: directory, mode: 0o600)
        }
        try file.writeAll([UInt8](1...9), to: directory)
        let raw = file.raw
        lseek(raw, 0, SEEK_SET)
        var back = [UInt8](repeating: 0, count: 20)
        let count = read(raw, &back, back.count)
        #expect(count == 9 && Array(back.prefix(9)) == [UInt8](1...9))
        var info = stat()
        #expect(fstat(raw, &info) == 0 && info.st_nlink == 0 && info.st_mode & 0o777 == 0o600)
        #expect(try Directory.names(at: directory) == [])
        _ = consume file
      }
      #expect(throws: KernelError.self) { _ = try FileDescriptor.nameless(in: directory + "/nothing").raw }
    }
  }

  @Test(
    "a file is replaced whole, with the mode that was asked for, or stays as it was with the next step told")
  func replaced() throws {
    try withDirectory { directory in
      let path = directory + "/file"
      try OutputFile.write([1, 2, 3], to: path, mode: 0o640)
      try OutputFile.write([4], to: path, mode: 0o640)
      var info = stat()
      #expect(stat(path, &info) == 0 && info.st_mode & 0o777 == 0o640)
      #expect(try contentsOfFile(path, limit: 9) == [4] && Directory.names(at: directory) == ["file"])
      let error = #expect(throws: KernelError.self) {
        try OutputFile.write([1], to: directory + "/nothing/file", next: "look there")
      }
      #expect(error?.nextStep == "look there")
      try synchronise(directory: directory)
      #expect(throws: KernelError.self) { try synchronise(directory: directory + "/nothing") }
    }
  }
}
