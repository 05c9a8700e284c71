import Display
import Glibc
import Kernel
import Settings
import Spool
import Synchronization

/// What the operator's screens ask of the machine, in a thread of its own: everything here may wait for a disk, for another
/// program, or is slow on purpose as the check of a PIN.
///
/// Jobs are done one after the other in the order in which they were given.
final class Upkeep: Sendable {
  enum Job: Sendable {
    /// Read what is slow to read: the store's numbers, the clocks, the backlight.
    case look
    /// Keep the choices with the try counted, then look whether this is the PIN.
    case check(String, OperatorChoices)
    case keep(OperatorChoices)
    case brightness(Int)
    case power(OperatorRequest.Power)
  }

  enum Answer: Sendable {
    case looked(Looked)
    case verdict(Bool)
    /// Something could not be done; the sentence says why, and what to do.
    case failed(String)
  }

  /// What ``Job/look`` finds.
  struct Looked: Sendable, Equatable {
    /// What is wrong with the store, or nil.
    var problem: String?
    var statistics: Statistics?
    /// Local time, "2026-11-21 09:45 CET".
    var clock = ""
    var quality = ClockQuality.unset
    var lastSync: String?
    /// In percent; nil where there is no backlight.
    var brightness: Int?
  }

  private let jobs = Mutex<[Job]>([])
  private let answers = Mutex<[Answer]>([])
  private let isStarted = Mutex(false)
  private let wakeup: Wakeup
  /// Readable when there are answers.
  let answered: Wakeup
  private let pin: PINHash?
  private let spool: String
  private let backlights: String

  /// - Parameters:
  ///   - pin: of the configuration.
  ///   - spool: the store's directory.
  init(pin: PINHash?, spool: String, backlights: String = Backlight.root) throws(KernelError) {
    wakeup = try Wakeup()
    answered = try Wakeup()
    self.pin = pin
    self.spool = spool
    self.backlights = backlights
  }

  // MARK: For the main loop

  /// Gives a job. The thread begins with the first one: most panels run for days without an operator.
  func give(_ job: Job) {
    jobs.withLock { $0.append(job) }
    let isFirst = isStarted.withLock { started in
      defer { started = true }
      return !started
    }
    if isFirst {
      do throws(KernelError) {
        try Thread.start(name: "upkeep") { self.run() }
      } catch {
        isStarted.withLock { $0 = false }
        answer(.failed(error.description))
      }
    }
    wakeup.signal()
  }

  /// Moves all answers into `list`, which keeps its capacity from call to call.
  func takeAnswers(into list: inout [Answer]) {
    answered.acknowledge()
    answers.withLock { swap(&$0, &list) }
  }

  // MARK: In the thread

  private func run() {
    guard let poll = try? Poll(), (try? poll.add(wakeup.raw, tag: 0)) != nil else {
      answer(.failed("cannot create the upkeep's poll; restart the panel"))
      return
    }
    while true {
      wakeup.acknowledge()
      let work = jobs.withLock { jobs in
        defer { jobs.removeAll() }
        return jobs
      }
      for job in work { done(job) }
      // A failed wait would be a closed descriptor; the list is looked at again either way.
      if work.isEmpty { try? poll.wait { _, _ in } }
    }
  }

  private func done(_ job: Job) {
    do throws(KernelError) {
      switch job {
      case .look: answer(.looked(look()))
      case .check(let entered, let choices):
        // A disk that refuses does not lock the operator out, who may be there because of it.
        do throws(KernelError) { try choices.save(spool: spool) } catch { answer(.failed(error.description)) }
        answer(.verdict(pin?.matches(entered) ?? false))
      case .keep(let choices): try choices.save(spool: spool)
      case .brightness(let percent): try Backlight.find(in: backlights)?.set(percent: percent)
      case .power(let power): try PowerSwitch.turn(power)
      }
    } catch {
      answer(.failed(error.description))
    }
  }

  private func look() -> Looked {
    var looked = Looked()
    do throws(StoreError) {
      let statistics = try Store.openReadOnly(directory: spool).statistics()
      looked.statistics = statistics
      looked.lastSync = statistics.lastSync.flatMap { Upkeep.local(milliseconds: $0) }
      if let damaged = statistics.setAside.first { looked.problem = "\(damaged)" }
    } catch {
      looked.problem = error.description
    }
    let time = Timestamp.now()
    looked.clock = Upkeep.local(milliseconds: time.wall) ?? ""
    looked.quality = time.quality
    looked.brightness = Backlight.find(in: backlights)?.percent
    return looked
  }

  /// A time in the machine's own zone, to the minute.
  static func local(milliseconds: Int64) -> String? {
    var seconds = time_t(milliseconds / 1000)
    var parts = tm()
    guard localtime_r(&seconds, &parts) != nil else { return nil }
    var text = [CChar](repeating: 0, count: 64)
    let count = strftime(&text, text.count, "%Y-%m-%d %H:%M %Z", &parts)
    return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private func answer(_ answer: Answer) {
    answers.withLock { $0.append(answer) }
    answered.signal()
  }
}
