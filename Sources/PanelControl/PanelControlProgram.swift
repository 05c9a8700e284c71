@main
enum PanelControlProgram {
  static func main() {}
}
