import Spectroscopy
import Testing

@Suite("Spectrum and its zero-loss peak")
struct SpectrumTests {
  private let axis = (0..<60).map { Double($0) - 10 }

  @Test("a triangle of 3 channels has its centre, width and counts; the rest is lost")
  func triangle() throws {
    var counts = [Double](repeating: 0, count: 60)
    (counts[9], counts[10], counts[11]) = (50, 100, 50)
    counts[30] = 100
    let peak = try ZeroLossPeak(of: try Spectrum(energies: axis, counts: counts))
    #expect(peak.centre == 0 && peak.width == 2 && peak.channel == 10)
    #expect(peak.intensity == 200 && peak.total == 300)
    #expect(abs(peak.relativeThickness - 0.4054651081) < 1e-9)
    let all = try ZeroLossPeak(of: try Spectrum(energies: axis, counts: counts), endingAt: 15)
    #expect(all.end == 15)
  }

  @Test("a spectrum without zero loss, or without anything else, is refused")
  func noPeak() throws {
    let rising = try Spectrum(energies: axis, counts: axis.map { $0 + 20 })
    #expect(throws: SpectrumError.noZeroLoss(axis: -10...49)) { try ZeroLossPeak(of: rising) }
    var counts = [Double](repeating: 0, count: 60)
    counts[10] = 5
    let sharp = try Spectrum(energies: axis, counts: counts)
    #expect(throws: SpectrumError.nothingLost) { try ZeroLossPeak(of: sharp) }
    #expect(throws: SpectrumError.separation(-1, peak: 0)) {
      try ZeroLossPeak(of: sharp, endingAt: -1)
    }
  }

  @Test("axes that do not grow evenly, and channels that are no numbers, are refused")
  func axes() {
    let counts = [Double](repeating: 1, count: 60)
    var uneven = axis
    uneven[30] += 0.25
    let step = SpectrumStep(behind: 29, at: 19, length: 1.25, usual: 1)
    #expect(throws: SpectrumError.unevenStep(step, count: 2)) {
      try Spectrum(energies: uneven, counts: counts)
    }
    #expect(throws: SpectrumError.notIncreasing(channel: 1)) {
      try Spectrum(energies: Array(axis.reversed()), counts: counts)
    }
    var odd = counts
    odd[7] = .nan
    #expect(throws: SpectrumError.notFinite(channel: 7)) {
      try Spectrum(energies: axis, counts: odd)
    }
    #expect(throws: SpectrumError.energy(-1e8)) {
      try Spectrum(energies: axis.map { $0 - 1e8 - axis[0] }, counts: counts)
    }
    #expect(throws: SpectrumError.tooShort(3)) {
      try Spectrum(energies: [0, 1, 2], counts: [1, 1, 1])
    }
  }

  @Test("a window holds the channels whose middles lie in it")
  func window() throws {
    let spectrum = try Spectrum(energies: axis, counts: axis)
    #expect(try spectrum.channels(0...5) == 10..<16)
    #expect(try spectrum.integral(1...3) == 6)
    #expect(throws: SpectrumError.window(0...80, axis: -10...49)) { try spectrum.channels(0...80) }
  }

  private func fault(_ energies: [Double]) -> SpectrumError? {
    do throws(SpectrumError) {
      _ = try Spectrum(energies: energies, counts: energies.map { _ in 1 })
      return nil
    } catch {
      return error
    }
  }

  @Test("a gap is named by the channel before it, whatever the other steps are")
  func gap() {
    var energies = (0..<40).map { 300 + Double($0) / 2 }
    energies.removeSubrange(10..<20)
    #expect(
      fault(energies) == .gap(SpectrumStep(behind: 9, at: 304.5, length: 5.5, usual: 0.5), count: 1)
    )
    energies.remove(at: 15)
    #expect(
      fault(energies) == .gap(SpectrumStep(behind: 9, at: 304.5, length: 5.5, usual: 0.5), count: 2)
    )
    // One missing channel at either end of the axis.
    let first = [299.0] + (0..<20).map { 300 + Double($0) / 2 }
    #expect(
      fault(first) == .gap(SpectrumStep(behind: 0, at: 299, length: 1, usual: 0.5), count: 1))
  }

  @Test("a channel that was moved has two odd steps, and a doubled or falling one does not grow")
  func oddSteps() {
    var energies = (0..<40).map { 300 + Double($0) / 2 }
    energies[20] += 0.125
    #expect(
      fault(energies)
        == .unevenStep(SpectrumStep(behind: 19, at: 309.5, length: 0.625, usual: 0.5), count: 2))
    energies[20] = energies[19]
    #expect(fault(energies) == .notIncreasing(channel: 20))
    #expect(fault((0..<40).map { -Double($0) }) == .notIncreasing(channel: 1))
  }
}
