import Kernel
import Ink
import PNG
import Recognizer

/// A row of the data set.
struct DataSetRow {
  let sample: Sample
  /// The name that may be shown, else "Anonymous".
  let username: String
  /// Row by row from the top, 255 is ink.
  let image: [UInt8]
}

/// Where the data set goes, row by row.
protocol DataSetWriter: AnyObject {
  func append(_ row: DataSetRow) throws(KernelError)
  /// Writes what follows the last row.
  func finish() throws(KernelError)
}

/// Why a stored sample is no row of a data set.
struct UnreadableSample: Error, CustomStringConvertible {
  let description: String
}

/// Makes rows of stored samples.
struct DataSetSource {
  let size: Export.Size
  private var normalizer = Normalizer()

  init(size: Export.Size) {
    self.size = size
  }

  mutating func row(_ stored: StoredSample) -> Result<DataSetRow, UnreadableSample> {
    let sample: Sample
    do throws(RecordError) {
      sample = try stored.sample()
    } catch {
      return .failure(UnreadableSample(description: error.description))
    }
    let pixels: [UInt8]
    do throws(PNGError) {
      let picture = try PNG.decode(sample.png, maximumPixels: Canvas.side * Canvas.side)
      // The picture is gray: its three colours are one.
      pixels = stride(from: 0, to: picture.rgba.count, by: 4).map { picture.rgba[$0] }
    } catch {
      return .failure(UnreadableSample(description: "its picture: \(error)"))
    }
    let image: [UInt8]
    switch size {
    case .drawn: image = pixels
    case .normalized:
      image =
        normalizer.normalize(pixels, width: Canvas.side, height: Canvas.side)?.pixels
        ?? [UInt8](repeating: 0, count: DigitImage.side * DigitImage.side)
    }
    return .success(DataSetRow(sample: sample, username: stored.name ?? "Anonymous", image: image))
  }
}
