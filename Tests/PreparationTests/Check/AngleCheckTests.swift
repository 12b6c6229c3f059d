import Preparation
import Testing

@Suite struct AngleCheckTests {
  private func complaints(_ change: (inout Scene) -> Void) throws -> [Finding] {
    var scene = try Scene()
    change(&scene)
    return scene.complaints(.angles)
  }

  @Test("Angles in radians among degrees are named with what is expected")
  func radians() throws {
    let one = try complaints { $0.tilts[3] *= .pi / 180 }
    #expect(one.first?.verdict == .fault && one.first?.pages == [4])
    #expect(one.first?.words.contains("where -55° is expected") == true)
    let many = try complaints { scene in for i in 2...9 { scene.tilts[i] *= .pi / 180 } }
    #expect(many.first?.pages == Array(3...10))
  }

  @Test("Small angles that are due are no radians")
  func small() throws {
    let tilts = (0..<29).map { Double($0 - 14) * 0.5 }
    #expect(try complaints { $0.tilts = tilts }.isEmpty)
  }

  @Test("Angles that run the other way than the record are reversed, others do not belong")
  func recorded() throws {
    let reversed = try complaints { $0.recorded = $0.tilts.map { -$0 } }
    #expect(reversed.first?.words.contains("reversed") == true && reversed[0].verdict == .fault)
    let other = try complaints { scene in
      scene.recorded = scene.tilts
      scene.recorded?[5] += 7
    }
    #expect(other.first?.pages == [6])
    #expect(try complaints { $0.recorded = $0.tilts }.isEmpty)
  }

  @Test("A wide gap, equal angles and a range without zero are warnings")
  func odd() throws {
    let gap = try complaints { scene in for i in 15..<29 { scene.tilts[i] += 30 } }
    #expect(gap.first?.words.contains("One gap of 35°") == true)
    let equal = try complaints { $0.tilts[8] = $0.tilts[7] }
    #expect(equal.first?.pages == [8, 9])
    let far = try complaints { scene in for i in 0..<29 { scene.tilts[i] += 90 } }
    #expect(far.contains { $0.words.contains("closer to 0°") })
  }
}
