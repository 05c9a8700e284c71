import Glibc
import Kernel

/// Opens a device node; only when the kernel forbids it does the error say how that is allowed.
func openDevice(
  _ path: String, _ flags: Int32, ifForbidden next: String
) throws(KernelError) -> FileDescriptor {
  do throws(KernelError) {
    return try FileDescriptor.open(path, flags)
  } catch {
    throw error.code == EACCES || error.code == EPERM
      ? KernelError("open", path, errno: error.code, next: next) : error
  }
}
