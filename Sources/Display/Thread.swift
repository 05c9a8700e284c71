import Glibc
import Kernel

/// Starts a thread that nobody waits for. It inherits the signal mask, so a signalfd of the program keeps its signals.
///
/// - Throws: ``KernelError`` when the kernel gives none.
func startThread(named name: String, _ body: @escaping @Sendable () -> Void) throws(KernelError) {
  final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  pthread_attr_setstacksize(&attributes, 256 << 10)
  let box = Unmanaged.passRetained(Body(body))
  var thread = pthread_t()
  let code = pthread_create(
    &thread, &attributes,
    { argument in
      if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
      return nil
    }, box.toOpaque())
  guard code == 0 else {
    box.release()
    throw KernelError("start", "thread \(name)", errno: code)
  }
  pthread_setname_np(thread, name)
}
