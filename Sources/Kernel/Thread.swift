import Glibc

/// A thread that runs one function to its end. The signals that others send are blocked in it: they belong to the main loop.
///
/// Those that a fault of its own raises are not: a blocked one would end the program without its handlers, as if there were
/// none (signal(7), pthread_sigmask(3)).
public enum Thread {
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// What a fault raises in the thread that has it, a failed precondition of Swift among them.
  public static let faults = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGSYS]

  /// Starts the thread; nobody waits for it.
  ///
  /// - Parameters:
  ///   - name: at most 15 bytes, seen in `ps -L` and `top -H`.
  ///   - stack: bytes of its stack, a multiple of 4096 from 16,384 on; nil is what the system gives.
  /// - Throws: ``KernelError`` when the kernel gives none.
  public static func start(
    name: String, stack: Int? = nil, _ run: @escaping @Sendable () -> Void
  ) throws(KernelError) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    if let stack { pthread_attr_setstacksize(&attributes, stack) }
    var blocked = sigset_t()
    var before = sigset_t()
    sigfillset(&blocked)
    for number in faults { sigdelset(&blocked, number) }
    pthread_sigmask(SIG_SETMASK, &blocked, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let body = Unmanaged.passRetained(Body(run))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, &attributes,
      { argument in
        // The argument is the body retained above; this thread is its only owner.
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, body.toOpaque())
    guard code == 0 else {
      body.release()
      throw KernelError("start", "the thread \(name)", errno: code)
    }
    pthread_setname_np(thread, name)
  }
}
