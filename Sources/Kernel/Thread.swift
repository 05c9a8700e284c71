import Glibc

/// A thread that runs one function to its end. All signals are blocked in it: they belong to the main loop.
public enum Thread {
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts the thread; nobody waits for it.
  ///
  /// - Parameter name: at most 15 bytes, seen in `ps -L` and `top -H`.
  public static func start(name: String, _ run: @escaping @Sendable () -> Void) throws(KernelError) {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let body = Unmanaged.passRetained(Body(run))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
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
    pthread_detach(thread)
  }
}
