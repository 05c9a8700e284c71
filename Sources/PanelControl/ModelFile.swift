import Kernel
import Recognizer
import Settings

/// The recogniser's model among the files that come with the program.
enum ModelFile {
  static let name = "model/digits.safetensors"

  /// Reads and checks it.
  ///
  /// - Throws: ``KernelError`` that names every place that was tried, or the file and what is wrong with it.
  static func load() throws(KernelError) -> Model {
    let path = try AssetSearch().find(name)
    let bytes = try contentsOfFile(path, limit: Model.sizeLimit, next: nextStep)
    do throws(ModelError) {
      return try Model(bytes)
    } catch {
      throw KernelError("use the model", path, reason: "\(error.object) \(error.reason)", next: nextStep)
    }
  }

  private static let nextStep = "install the package again"
}
