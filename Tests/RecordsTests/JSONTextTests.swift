import Foundation
import Records
import Testing

@Suite struct JSONTextTests {
  private struct Figures: Encodable {
    var good = 0.1
    var bad = Double.nan
    var many: [Double] = [1, .infinity, -.infinity]
    var float = Float.infinity
  }

  @Test("Figures that are not finite are null, and named in their order", arguments: [true, false])
  func undefined(isPretty: Bool) throws {
    let text = try JSONText(Figures(), isPretty: isPretty)
    let object = try JSONSerialization.jsonObject(with: text.data) as? [String: Any]
    let found = try #require(object)
    #expect(found["bad"] is NSNull && found["float"] is NSNull)
    #expect(found["good"] as? Double == 0.1)
    let many = try #require(found["many"] as? [Any])
    #expect(many[0] as? Double == 1 && many[1] is NSNull && many[2] is NSNull)
    #expect(text.undefined == ["bad", "float", "many", "many"])
    #expect(try #require(text.warning).hasPrefix("4 figures are not finite"))
  }

  @Test("Where all is finite nothing is said, and no text is taken for a figure")
  func finite() throws {
    let text = try JSONText(["a": "undefined", "b": "nan", "c": "1/2"])
    #expect(text.warning == nil && text.undefined.isEmpty)
    #expect(String(decoding: text.data, as: UTF8.self).contains(#""c" : "1/2""#))
  }
}
