/// What both programs tell of themselves.
public enum Software {
  /// The version of this software.
  public static let version = "0.1.0"
}
