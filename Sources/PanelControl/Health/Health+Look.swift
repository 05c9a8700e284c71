import Kernel
import Recognizer
import Settings
import Spool

extension Health {
  /// Looks at a panel's store, its process, its clock and its model. It fails only for a wrong command line: what is wrong
  /// with the panel is what it is to find.
  static func look(_ options: StoreOptions) throws(KernelError) -> Health {
    let settings = try options.settings()
    let place = try options.place(settings.settings)
    let (store, uploads, recordsAside) = lookAtStore(place.path)
    return Health(
      place: place, settings: settings, store: store, uploads: uploads, recordsAside: recordsAside,
      setAside: Store.setAside(directory: place.path).map { "\(place.path)/\($0)" },
      notedDamage: Store.notedDamage(directory: place.path),
      panel: lookAtPanel(place.path), clock: .now(), model: lookAtModel(),
      choices: OperatorChoices.load(spool: place.path))
  }

  private static func lookAtStore(_ path: String) -> (StoreState, [UploadState], RecordsAside) {
    do throws(StoreError) {
      let store = try Store.openReadOnly(directory: path)
      return (
        .open(try store.statistics(), panel: store.panel), try store.uploadStates(), try store.recordsAside()
      )
    } catch {
      return (.failed(error), [], RecordsAside(count: 0, newest: nil))
    }
  }

  private static func lookAtPanel(_ path: String) -> PanelState {
    do throws(KernelError) {
      guard let client = try ControlClient.connect(spool: path) else { return .absent }
      let (status, line) = try client.status()
      return .running(status, answer: line)
    } catch {
      return .unreachable(error.description)
    }
  }

  private static func lookAtModel() -> Result<String, ModelProblem> {
    do {
      return .success(try ModelFile.load().version)
    } catch {
      return .failure(ModelProblem(sentence: "\(error)"))
    }
  }
}
