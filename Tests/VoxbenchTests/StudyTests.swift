import Foundation
import Testing

@Suite struct StudyTests {
  @Test("Few tilts: the small table has a row for each phantom and count, and errors that grow")
  func fewTilts() throws {
    let rows = try Bench.table("study few-tilts --quick")
    #expect(rows.map { $0["phantom"] } == ["two-level", "two-level", "particles", "particles"])
    #expect(rows.map { $0["tilts"] } == ["71", "15", "71", "15"])
    for method in ["sirt", "tv"] {
      for many in [0, 2] {
        let few = try number(rows[many + 1], method)
        #expect(try few > number(rows[many], method), "\(method)")
      }
    }
    // Two levels are what total variation believes in.
    #expect(try number(rows[1], "tv") < number(rows[0], "sirt"))
  }

  @Test(
    "Fusion of images: the small table beats total variation, and finds the contradiction of case M"
  )
  func fusionInPlane() throws {
    let rows = try Bench.table("study fusion-2d --quick")
    #expect(rows.map { $0["case"] } == ["S", "M"])
    #expect(rows.map { $0["consistent"] } == ["true", "false"])
    for row in rows { #expect(try number(row, "result") <= number(row, "tv")) }
  }

  @Test("Fused tomography: the small table beats total variation, SIRT and MLEM in each element")
  func fusionInSpace() throws {
    let rows = try Bench.table("study fusion-3d --quick")
    #expect(rows.map { $0["element"] } == ["Au", "Ni"])
    for row in rows {
      #expect(try number(row, "fused") >= number(row, "tv"))
      #expect(try number(row, "gain") > 1.5)
    }
  }

  @Test("λ: the small table puts the best λ first, and what the rules choose near it")
  func lambdaAuto() throws {
    let rows = try Bench.table("study lambda-auto --quick")
    let row = try #require(rows.first)
    #expect(rows.count == 1 && row["prior"] == "tv")
    let best = try number(row, "best error")
    for rule in ["held-out", "discrepancy"] {
      let ratio = try number(row, rule + " ratio")
      #expect(ratio > 0.95 && ratio < 1.35, "\(rule)")
      #expect(try abs(ratio - number(row, rule + " error") / best) < 1e-9, "\(rule)")
    }
  }

  @Test(
    "The wedge: total variation infers more the less is measured, and errs most where nothing was")
  func wedge() throws {
    let rows = try Bench.table("study wedge --quick")
    #expect(rows.count == 54)
    for phantom in ["two-level", "particles"] {
      let mine = rows.filter { $0["phantom"] == phantom }
      let fixed = mine.filter { $0["method"] == "tv" }.prefix(5)
      let inferred = try fixed.map { try number($0, "inferred") }
      #expect(zip(inferred, inferred.dropFirst()).allSatisfy { $0 < $1 }, "\(inferred)")
      for row in mine where row["method"] == "tv, λ auto" {
        #expect(try number(row, "errorRatio") > 1)
      }
    }
  }

  @Test(
    "Spectra: total variation errs a fifth less than the best of the others, by 36 tilts of a count a pixel"
  )
  func spectral() throws {
    let rows = try Bench.table("study spectral --quick")
    #expect(
      rows.map { $0["scene"] } == Array(repeating: "particle", count: 4)
        + Array(repeating: "plasmon-cube", count: 4))
    var ratios: [Double] = []
    for row in rows {
      let others = try ["fbp", "sirt", "mlem"].map { try number(row, $0) }
      let (tv, least) = (try number(row, "tv"), try #require(others.min()))
      #expect(try tv < number(row, "zero"), "\(row)")
      #expect(tv < 1.1 * least, "\(row)")
      ratios.append(tv / least)
    }
    #expect(ratios.reduce(0, +) / 8 < 0.8, "\(ratios)")
  }

  @Test("Spectra: plasmon modes come apart where one projection leaves them in each other")
  func spectralModes() throws {
    let rows = try Bench.table("study spectral-modes --quick")
    #expect(rows.map { $0["mode"] } == ["corner", "edge", "face"])
    for row in rows {
      let (one, all) = (try number(row, "one projection"), try number(row, "tomography"))
      #expect(all > 0.85 && one < 0.6, "\(row)")
    }
  }

  @Test(
    "Spectra: a background inside the model errs least; by pixel and after reconstruction, most")
  func spectralOrder() throws {
    let rows = try Bench.table("study spectral-order --quick")
    #expect(rows.count == 36)
    for group in [0..<9, 9..<18, 18..<27, 27..<36] {
      let errors = try rows[group].map { try number($0, "error") }
      #expect(errors.min() == errors[8], "\(errors)")
      #expect(try number(rows[group.lowerBound], "error") < errors[3])
    }
  }

  @Test("Alignment: known shifts, a turned and an offset axis are found within the limits")
  func alignment() throws {
    let rows = try Bench.table("study alignment --quick")
    #expect(rows.map { $0["noise"] } == ["2 %", "100 counts"])
    for row in rows {
      #expect(try number(row, "across") < 0.25 && number(row, "along") < 0.15, "\(row)")
      #expect(try abs(number(row, "offset")) < 0.3, "\(row)")
    }
  }

  @Test("The timings of the methods cover three methods and the parts of an iteration")
  func methods() throws {
    let rows = try Bench.table("methods --size 32 --tilts 9 --sweeps 2 --iterations 3 --repeats 1")
    #expect(rows.map { $0["times"] } == ["2", "2", "3", "1", "1", "1", "1", "1", "1"])
    for row in rows { #expect(try number(row, "seconds") > 0) }
  }

  private func number(_ row: [String: String], _ column: String) throws -> Double {
    try #require(row[column].flatMap { Double($0) }, "\(column)")
  }
}
