package import Plots

/// Every fact of a sidecar, by its own names, as the last section of a report.
package struct Provenance {
  private let root: JSONValue

  package init(_ sidecar: SidecarView) { root = sidecar.root }

  /// The groups that people look for first; what others may add follows.
  private static let order = [
    "command", "output", "inputs", "geometry", "settings", "dose", "noise", "lambdaChoice",
    "history", "seconds",
  ]
  private static let units = [
    "voxelSize": "nm", "shape": "pages, rows, columns", "tilts": "degrees",
    "tiltRange": "degrees", "tiltStep": "degrees", "tiltOffset": "degrees", "axisOffset": "bins",
    "zOffset": "voxels", "read": "s", "compute": "s", "write": "s",
  ]

  package func section() throws(PlotError) -> ReportSection {
    var blocks: [ReportSection.Block] = [
      .paragraph(
        "Every fact of the sidecar, under its name there. "
          + "voxtilt replay makes the same bytes again from it.")
    ]
    let (names, groups) = (root.members.keys.sorted(), root.members)
    // Facts that stand alone come first, together.
    let single = names.filter { !Self.order.contains($0) && isSimple(groups[$0] ?? .null) }
    blocks.append(.facts(single.map { fact($0, groups[$0] ?? .null) }))
    let others = names.filter { !Self.order.contains($0) && !single.contains($0) }
    for name in Self.order + others {
      guard let value = groups[name] else { continue }
      blocks += try told(name, value)
    }
    return ReportSection("Provenance", anchor: "provenance", blocks)
  }

  private func told(
    _ name: String, _ value: JSONValue
  ) throws(PlotError) -> [ReportSection.Block] {
    switch value {
    case .list(let elements) where name == "command":
      return [.heading(name), .paragraph(shell(["voxtilt"] + elements.compactMap(\.words)))]
    case .list(let elements) where elements.contains(where: { !$0.members.isEmpty }):
      if elements.count <= 8, name != "history", name != "candidates" {
        return elements.enumerated().flatMap { index, element in
          [.heading(elements.count > 1 ? "\(name) \(index + 1)" : name), .facts(facts(element))]
        }
      }
      return [.table(try table(elements), caption: name)]
    case .object(let members):
      let simple = members.filter { isSimple($0.value) }
      var blocks: [ReportSection.Block] = [.heading(name)]
      if !simple.isEmpty {
        blocks.append(
          .facts(simple.sorted { $0.key < $1.key }.map { fact($0.key, $0.value) }))
      }
      for member in members.sorted(by: { $0.key < $1.key }) where !isSimple(member.value) {
        blocks += try told(member.key, member.value)
      }
      return blocks
    default: return [.heading(name), .facts([fact(name, value)])]
    }
  }

  /// Whether a value is told in one line.
  private func isSimple(_ value: JSONValue) -> Bool {
    switch value {
    case .object(let members): members.isEmpty
    case .list(let elements): elements.allSatisfy { $0.members.isEmpty && $0.elements.isEmpty }
    default: true
    }
  }

  private func facts(_ value: JSONValue) -> [ReportFact] {
    value.members.sorted { $0.key < $1.key }.map { fact($0.key, $0.value) }
  }

  private func fact(_ name: String, _ value: JSONValue) -> ReportFact {
    let label = Self.units[name].map { "\(name) (\($0))" } ?? name
    let words = (repeated(value) ?? value.words).map { $0.isEmpty ? "none" : $0 }
    return ReportFact(label, words ?? (value == .null ? "not recorded" : "none"))
  }

  /// A long list of one value.
  private func repeated(_ value: JSONValue) -> String? {
    let elements = value.elements
    guard elements.count > 3, let first = elements.first, Set(elements).count == 1 else {
      return nil
    }
    return first.words.map { "\($0), each of \(elements.count)" }
  }

  private func table(_ elements: [JSONValue]) throws(PlotError) -> Table {
    let names = Set(elements.flatMap(\.members.keys)).sorted()
    let header =
      names.contains("iteration") ? ["iteration"] + names.filter { $0 != "iteration" } : names
    var table = Table(header)
    for element in elements {
      try table.append(
        header.map { name in
          switch element[name] {
          case .null: .empty
          case .integer(let value): .integer(value)
          case .number(let value): .number(value)
          case let other: .text(other.words ?? "")
          }
        })
    }
    return table
  }
}

/// A command as a shell would read it.
private func shell(_ words: [String]) -> String {
  words.map { word in
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte
          || "-_./:=,%+@".utf8.contains(byte)
      }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
  .joined(separator: " ")
}
