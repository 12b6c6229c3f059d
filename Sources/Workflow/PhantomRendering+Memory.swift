import SeriesIO
package import Reconstruction
import Fields
import Phantoms

extension PhantomRendering: MemoryBound {
  /// The volume, and a page on its way out.
  package func memory() -> MemoryNeed {
    let slabs = phantom.volume.slabs
    return MemoryNeed(
      "The phantom", stages: [slabs.byteCount + slabs.writingBytes], cure: "give a smaller --size")
  }
}
