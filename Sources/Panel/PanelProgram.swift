@main
enum PanelProgram {
  static func main() {}
}
