import Settings
import Spool
import Touch

/// What the operator's screens want of the machine; the main loop carries it out.
enum OperatorRequest: Sendable, Equatable {
  /// Which matrix touch goes through.
  enum Matrix: Sendable, Equatable {
    /// None: a calibration has to see where the digitizer itself feels a finger.
    case bare
    /// One that is being tried.
    case trial(DigitizerMatrix)
    /// The one that was kept, or else the configuration's.
    case settled
  }

  enum Power: Sendable, Equatable {
    case off, reboot
  }

  /// The facts are wanted anew.
  case look
  /// Is this the PIN? The choices, with the try counted, are kept before it is looked at.
  case check(String)
  /// The choices have changed: keep them on the disk.
  case keep
  case brightness(Int)
  /// Which visits have this receipt code?
  case find(ReceiptCode)
  /// Delete a visit's drawings.
  case withdraw(Identifier)
  case matrix(Matrix)
  /// The program starts anew.
  case restart
  case power(Power)
}
