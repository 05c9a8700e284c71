import CLinux
import Glibc
import Kernel

/// All touch devices of the panel behind one descriptor: they are found by what they can do, come and go, and speak in
/// panel pixels. Belongs to one thread.
public final class TouchInput {
  /// Readable when there is something to ``read(into:)``; for the main loop's epoll.
  public var descriptor: Int32 { poll.raw }
  /// Every node that was looked at, with the reason why it is taken or not.
  public private(set) var candidates: [TouchCandidate] = [] {
    didSet { changes &+= 1 }
  }
  /// Counts the changes of ``candidates`` and so of ``devices``: a cheap look whether there is something new.
  public private(set) var changes = 0

  private let selection: TouchSelection
  private let poll: Poll
  private let timer: Timer
  private let wakeup: Wakeup
  private var directory: InputDirectory?
  private var open: [EvdevDevice] = []
  private var replay: Replay?
  private var stream: TouchStream
  private var nextTag: UInt64 = 16
  /// What a device named by its path was when it was there: it may come back under another number.
  private var chosen: DeviceDescription?
  /// How long it is until the device named by its path is looked for again, in nanoseconds.
  private let pause: UInt64

  private static let directoryTag: UInt64 = 1
  private static let timerTag: UInt64 = 2
  private static let wakeupTag: UInt64 = 3
  /// Events of one device in one call; with more, others have their turn first.
  private let budget: Int

  /// Finds and opens the devices.
  ///
  /// Without a device it succeeds: one may come, and the one that is named may come back. See ``summary``.
  ///
  /// - Parameters:
  ///   - geometry: of the panel.
  ///   - directory: where the event nodes are.
  ///   - budget: events of one device that one call of ``read(into:)`` takes at most.
  ///   - pause: between two looks for a device that is named by its path and not in use, in nanoseconds.
  /// - Throws: ``KernelError`` when the path that is named can be no device's, or a recording cannot be played.
  public init(
    _ selection: TouchSelection, geometry: TouchGeometry, directory path: String = "/dev/input",
    budget: Int = 4096, pause: UInt64 = 2_000_000_000
  ) throws(KernelError) {
    try selection.refuseFiles()
    self.selection = selection
    self.budget = max(1, budget)
    self.pause = pause
    stream = TouchStream(geometry: geometry)
    poll = try Poll()
    timer = try Timer()
    wakeup = try Wakeup()
    try poll.add(timer.raw, tag: Self.timerTag)
    try poll.add(wakeup.raw, tag: Self.wakeupTag)
    if case .replay(let file) = selection {
      try startReplay(of: file)
      return
    }
    // Watched before it is looked through, so that no node falls between.
    let nodes = try InputDirectory(path)
    try poll.add(nodes.descriptor, tag: Self.directoryTag)
    directory = consume nodes
    lookThrough()
    lookForChosen()
  }

  /// The panel's size, rotation and digitizer matrix; a change holds from the next frame on.
  public var geometry: TouchGeometry {
    get { stream.geometry }
    set { stream.geometry = newValue }
  }

  /// The devices in use.
  public var devices: [TouchDevice] {
    var found = open.map { TouchDevice(name: $0.description.name, path: $0.path, decoder: $0.decoder) }
    if let replay, case .replay(let file) = selection {
      found.append(TouchDevice(name: replay.recording.description.name, path: file, decoder: replay.decoder))
    }
    return found
  }

  /// Frames, lost events and cancelled contacts since the start.
  public var counters: TouchCounters { stream.counters }
  /// Where the mouse points, in panel pixels.
  public var pointer: (x: Float, y: Float) { stream.pointer }
  /// Whether a recording was played to its end.
  public var isReplayOver: Bool { replay.map { $0.deadline == nil } ?? false }

  /// One line: what is taken, and why each other candidate is not.
  public var summary: String {
    TouchCandidate.summary(of: candidates, in: directory?.path ?? "/dev/input")
  }

  /// Appends all that happened since the last call, in the order of each device. The room of `events` is used again.
  public func read(into events: inout [TouchEvent]) {
    swap(&stream.events, &events)
    defer { swap(&stream.events, &events) }
    var directoryChanged = false
    // epoll_wait on a descriptor of our own has no error but EINTR, which tells nothing was read.
    try? poll.wait(timeout: 0) { tag, flags in
      switch tag {
      case Self.directoryTag: directoryChanged = true
      case Self.timerTag: takeTime()
      case Self.wakeupTag: readOn()
      default: readDevice(tag: tag, flags)
      }
    }
    if directoryChanged { followDirectory() }
  }

  // MARK: - Live devices

  /// Reads the devices on that have more than they were let say; libevdev may hold it, so that no descriptor tells.
  private func readOn() {
    wakeup.acknowledge()
    for index in open.indices.reversed() where open[index].hasMore { readDevice(at: index, gone: false) }
  }

  private func readDevice(tag: UInt64, _ flags: UInt32) {
    guard let index = open.firstIndex(where: { $0.tag == tag }) else { return }
    readDevice(at: index, gone: flags & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0)
  }

  private func readDevice(at index: Int, gone: Bool) {
    switch open[index].read(budget: budget, into: &stream) {
    case .drained: if gone { lose(at: index, "it went away") }
    case .more: wakeup.signal()
    case .gone(let reason): lose(at: index, reason)
    }
  }

  /// Takes a device that is gone out of use; its contacts are cancelled (wlroots#1997, tslib#208).
  private func lose(at index: Int, _ reason: String) {
    let device = open[index]
    device.cancelContacts(time: MonotonicClock.now(), into: &stream)
    poll.remove(device.descriptor)
    open.remove(at: index)
    note(device.path, device.description.name, .refused("lost: \(reason)"))
    waitForChosen()
  }

  private func followDirectory() {
    guard let changes = directory?.changes() else { return }
    defer { lookForChosen() }
    for change in changes {
      switch change {
      case .appeared(let path): look(at: path)
      case .disappeared(let path):
        // What it still had to say, its end included, comes first.
        if let index = open.firstIndex(where: { $0.path == path }) { readDevice(at: index, gone: true) }
        candidates.removeAll { $0.path == path }
      case .all: lookThrough()
      }
    }
  }

  private func lookThrough() {
    let nodes = directory?.nodes() ?? []
    candidates.removeAll { !$0.isTaken && !nodes.contains($0.path) }
    for path in nodes { look(at: path) }
  }

  /// Opens a node that is not open yet, if it is wanted. A node without permission is looked at again when its
  /// attributes change: it appears before udev sets its group.
  private func look(at path: String) {
    if let index = open.firstIndex(where: { $0.path == path }) {
      // The path of a device that went away may already be another's.
      readDevice(at: index, gone: false)
      if open.contains(where: { $0.path == path }) { return }
    }
    nextTag += 1
    do throws(EvdevDevice.Failure) {
      let device = try EvdevDevice(path: path, tag: nextTag)
      guard isWanted(device) else {
        note(path, device.description.name, .refused("another was chosen"))
        return
      }
      use(device)
    } catch {
      switch error {
      case .refused(let name, let refusal): note(path, name, .refused(refusal.reason))
      case .cannotOpen(let problem): note(path, "", .closed(problem))
      }
    }
  }

  private func isWanted(_ device: EvdevDevice) -> Bool {
    guard case .device(let path) = selection else { return true }
    guard open.isEmpty else { return false }
    let node = resolved(path)
    // A link goes on naming what was chosen; a bare number is another device's once the chosen one has gone.
    if device.path == node, node != path || chosen == nil { return true }
    guard let chosen else { return false }
    return device.description.name == chosen.name && device.description.identity == chosen.identity
  }

  private func use(_ device: EvdevDevice) {
    do throws(KernelError) {
      try poll.add(device.descriptor, tag: device.tag)
      open.append(device)
      if case .device = selection { chosen = device.description }
      note(device.path, device.description.name, .taken(device.decoder.kind))
    } catch {
      note(device.path, device.description.name, .closed(error))
    }
  }

  /// Looks at what the chosen path leads to now, if its device is not in use; without one the reason is noted under that
  /// path.
  private func lookForChosen() {
    guard case .device(let path) = selection else { return }
    let node = resolved(path)
    if open.isEmpty { look(at: node) }
    // What was said of a path that led nowhere holds no longer.
    let isStale = node != path || (!open.isEmpty && access(path, F_OK) != 0)
    if isStale, candidates.contains(where: { $0.path == path }) {
      candidates.removeAll { $0.path == path }
    }
    waitForChosen()
  }

  /// Sees to another look while the chosen device is not in use: udev makes the links of /dev/input/by-id after the node
  /// and the directory does not tell of them, and a device that cannot be opened may answer later.
  private func waitForChosen() {
    guard case .device = selection else { return }
    timer.set(open.isEmpty ? MonotonicClock.now() + pause : nil)
  }

  /// The node behind a link of /dev/input/by-id, or the path itself.
  private func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private func note(_ path: String, _ name: String, _ verdict: TouchCandidate.Verdict) {
    let candidate = TouchCandidate(path: path, name: name, verdict: verdict)
    if let index = candidates.firstIndex(where: { $0.path == path }) {
      // A look that found nothing new is no change.
      if candidates[index] != candidate { candidates[index] = candidate }
    } else {
      candidates.append(candidate)
    }
  }

  // MARK: - A recording

  private func startReplay(of file: String) throws(KernelError) {
    let started = try Replay(file: file, start: MonotonicClock.now())
    note(file, started.recording.description.name, .taken(started.decoder.kind))
    timer.set(started.deadline)
    replay = started
  }

  private func takeTime() {
    timer.acknowledge()
    if replay == nil { lookForChosen() } else { playDue() }
  }

  private func playDue() {
    replay?.play(until: MonotonicClock.now(), into: &stream)
    timer.set(replay?.deadline ?? nil)
  }
}
