import Glibc
import Kernel

/// Threads that work on tasks side by side and hand the answers back in the order of the tasks.
///
/// One thread, the owner's, submits and takes. It bounds the memory: it submits no more than it wants to have in work.
final class OrderedPool<Work: Sendable, Answer: Sendable> {
  /// What the threads share; it lives until the last of them has ended.
  ///
  /// Sendable because every access to its variables is made under `lock`.
  private final class Shared: @unchecked Sendable {
    // Pthread objects must not move, so they are not properties.
    let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    /// Told when there is work, or none will come any more.
    let hasWork = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    /// Told when there is an answer.
    let hasAnswer = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    var work: [Int: Work] = [:]
    var answers: [Int: Answer] = [:]
    var begun = 0
    var isClosed = false

    init() {
      pthread_mutex_init(lock, nil)
      pthread_cond_init(hasWork, nil)
      pthread_cond_init(hasAnswer, nil)
    }

    deinit {
      pthread_cond_destroy(hasAnswer)
      pthread_cond_destroy(hasWork)
      pthread_mutex_destroy(lock)
      hasAnswer.deallocate()
      hasWork.deallocate()
      lock.deallocate()
    }

    /// What a thread does: answers until the pool is closed.
    func serve(_ answer: (Work) -> Answer) {
      pthread_mutex_lock(lock)
      while true {
        guard let task = work.removeValue(forKey: begun) else {
          if isClosed { break }
          pthread_cond_wait(hasWork, lock)
          continue
        }
        let number = begun
        begun += 1
        pthread_mutex_unlock(lock)
        let made = answer(task)
        pthread_mutex_lock(lock)
        answers[number] = made
        pthread_cond_signal(hasAnswer)
      }
      pthread_mutex_unlock(lock)
    }
  }

  private let shared = Shared()
  private var submitted = 0
  private var taken = 0
  let threads: Int

  /// - Parameter make: called once in each thread; what it returns is used by that thread only.
  init(threads: Int, name: String, _ make: @escaping @Sendable () -> (Work) -> Answer) throws(KernelError) {
    self.threads = threads
    for number in 0..<threads {
      do throws(KernelError) {
        let shared = shared
        try Thread.start(name: name) { shared.serve(make()) }
      } catch {
        // Fewer threads do as well; none does not.
        if number == 0 { throw error }
        return
      }
    }
  }

  deinit { close() }

  /// Tasks whose answers were not taken yet.
  var inWork: Int { submitted - taken }

  func submit(_ work: Work) {
    pthread_mutex_lock(shared.lock)
    shared.work[submitted] = work
    submitted += 1
    pthread_cond_signal(shared.hasWork)
    pthread_mutex_unlock(shared.lock)
  }

  /// The answer to the oldest task that has not been answered, once it is there; nil when there is no such task.
  func next() -> Answer? {
    guard taken < submitted else { return nil }
    pthread_mutex_lock(shared.lock)
    defer { pthread_mutex_unlock(shared.lock) }
    while true {
      if let answer = shared.answers.removeValue(forKey: taken) {
        taken += 1
        return answer
      }
      pthread_cond_wait(shared.hasAnswer, shared.lock)
    }
  }

  /// Lets the threads end after the work in hand. What was submitted and not begun is dropped.
  private func close() {
    pthread_mutex_lock(shared.lock)
    shared.isClosed = true
    shared.work = [:]
    pthread_cond_broadcast(shared.hasWork)
    pthread_mutex_unlock(shared.lock)
  }

  /// The processors that this process may use, at most 16.
  static var processors: Int {
    var set = cpu_set_t()
    guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0 else { return 1 }
    let count = withUnsafeBytes(of: &set) { $0.reduce(0) { $0 + $1.nonzeroBitCount } }
    return max(1, min(16, count))
  }
}
