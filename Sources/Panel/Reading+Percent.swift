import Recognizer

extension Reading {
  /// The probability of the digit that is read, 0 ... 100.
  var percent: Int { (Int(confidence) * 100 + Int(Reading.one) / 2) / Int(Reading.one) }
}
