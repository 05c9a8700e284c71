import Kernel
import Spool

/// Why a data set could not be written: the store could not be read, or the file could not be written.
public enum ExportError: Error, Equatable, Sendable, CustomStringConvertible {
  case store(StoreError)
  case file(KernelError)

  public var description: String {
    switch self {
    case .store(let error): error.description
    case .file(let error): error.description
    }
  }
}
