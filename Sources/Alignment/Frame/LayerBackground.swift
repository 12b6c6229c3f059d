import Fields
import Statistics

/// Takes off every page what a layer shows that fills the field, and what hides all else: its level, and a holder.
///
/// A slab of thickness t adds t ρ / cos θ to all pixels, which no box of finite width gives; what stands out of it remains.
/// The level is the tenth percentile of the smoothed page. Where most of what stands out is darker than the middle, as
/// voids or transmission images are, pages are inverted first. A bar or a frame that comes into the field on some tilts,
/// much brighter than anything on most pages, is cut down: its edge would guide all pages.
enum LayerBackground {
  static func removed(from pages: [Image], workers: Workers) -> [Image] {
    let levels = workers.results(pages.count) { Levels(pages[$0]) }
    let isDark = median(levels.map { Double($0.darkness) }) > 0
    let limit = 1.5 * Float(median(levels.map { Double($0.height(isDark)) }))
    return workers.results(pages.count) { k in
      let level = isDark ? levels[k].inner.upperBound : levels[k].inner.lowerBound
      var page = pages[k]
      for i in page.pixels.indices {
        page.pixels[i] = min(isDark ? level - page.pixels[i] : page.pixels[i] - level, limit)
      }
      return page
    }
  }

  /// Percentiles of a smoothed page.
  private struct Levels {
    /// Of one pixel in a thousand, at either end.
    let outer: ClosedRange<Float>
    /// Of one pixel in ten, at either end.
    let inner: ClosedRange<Float>
    /// How much farther the darkest fiftieth lies from the middle than the brightest.
    let darkness: Float

    init(_ page: Image) {
      let sorted = page.smoothed(2).pixels.sorted()
      func at(_ share: Int) -> (low: Float, high: Float) {
        let place = sorted.count / share
        return (sorted[place], sorted[sorted.count - 1 - place])
      }
      let (middle, few) = (sorted[sorted.count / 2], at(50))
      darkness = (middle - few.low) - (few.high - middle)
      (outer, inner) = (at(1000).low...at(1000).high, at(10).low...at(10).high)
    }

    func height(_ isDark: Bool) -> Float {
      isDark ? inner.upperBound - outer.lowerBound : outer.upperBound - inner.lowerBound
    }
  }
}
