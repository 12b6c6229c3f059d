import Fields
import Foundation
import Reporting
import Testing

@Suite(.enabled(if: Browser.path != nil, Browser.isMissing), .serialized)
struct BrowserTests {
  func open(
    _ content: ReportContent = content(), width: Int = 1200, script: String
  ) throws -> Browser.Verdict {
    let verdict = try Browser.open(try ReportPage(content).html(), script: script, width: width)
    #expect(verdict.texts("faults").isEmpty)
    #expect(verdict.texts("requests").isEmpty)
    #expect(verdict.console.isEmpty)
    return verdict
  }

  @Test("The page opens without faults or requests, in the middle of the volume")
  func opens() throws {
    let verdict = try open(
      script: """
        verdict.ready = document.documentElement.dataset.ready;
        verdict.place = ["x", "y", "z"].map((axis) => Number($(axis).value));
        verdict.captions = ["xy", "zy", "xz"].map((plane) => $(`at-${plane}`).textContent);
        verdict.reading = $("reading").textContent;
        """)
    #expect(verdict.text("ready") == "yes")
    #expect(verdict.numbers("place") == [3, 2, 3])
    #expect(verdict.texts("captions") == ["xy, z = 3", "zy, x = 3", "xz, y = 2"])
    // (3·31 + 2·17 + 3·7) mod 23 = 10
    #expect(verdict.text("reading").hasPrefix("At (3, 2, 3): about 0.1"))
  }

  @Test("The marked voxel stands where it should in each view, and nowhere else")
  func markedVoxel() throws {
    let verdict = try open(
      script: """
        slide("x", 5); slide("y", 1); slide("z", 4);
        const shown = {
          xy: [7, 5, 5, 1], zy: [6, 5, 4, 1], xz: [7, 6, 5, 4],
        };
        verdict.bright = [];
        verdict.others = [];
        for (const [plane, [columns, rows, column, row]] of Object.entries(shown)) {
          for (let r = 0; r < rows; r++) {
            for (let c = 0; c < columns; c++) {
              // The cross-hair hides the rest of its own row and column.
              if (c === column && r === row) verdict.bright.push(grey(`view-${plane}`, columns, rows, c, r));
              else if (c !== column && r !== row) verdict.others.push(grey(`view-${plane}`, columns, rows, c, r));
            }
          }
        }
        verdict.reading = $("reading").textContent;
        slide("z", 3);
        verdict.gone = grey("view-xy", 7, 5, 5, 1);
        """)
    #expect(verdict.numbers("bright") == [255, 255, 255])
    #expect(verdict.numbers("others").count == 24 + 20 + 30)
    #expect(verdict.numbers("others").allSatisfy { $0 <= 60 })
    #expect(try #require(verdict.number("gone")) <= 60)
    #expect(verdict.text("reading").hasPrefix("At (5, 1, 4): about 1.0"))
  }

  @Test("Every voxel of a section has the grey of its value")
  func greys() throws {
    let verdict = try open(
      script: """
        slide("x", 0); slide("y", 0); slide("z", 2);
        verdict.greys = [];
        for (let y = 1; y < 4; y++) for (let x = 1; x < 7; x++) verdict.greys.push(grey("view-xy", 7, 5, x, y));
        slide("y", 4); slide("z", 0);
        verdict.below = [];
        for (let z = 1; z < 6; z++) for (let x = 1; x < 7; x++) verdict.below.push(grey("view-xz", 7, 6, x, z));
        slide("x", 6);
        verdict.beside = [];
        for (let y = 0; y < 4; y++) for (let z = 1; z < 6; z++) verdict.beside.push(grey("view-zy", 6, 5, z, y));
        """)
    let volume = Marked.volume
    func level(_ x: Int, _ y: Int, _ z: Int) -> Double {
      Double((volume[x, y, z] * 255).rounded())
    }
    #expect(
      verdict.numbers("greys") == (1..<4).flatMap { y in (1..<7).map { level($0, y, 2) } })
    #expect(
      verdict.numbers("below") == (1..<6).flatMap { z in (1..<7).map { level($0, 4, z) } })
    #expect(
      verdict.numbers("beside") == (0..<4).flatMap { y in (1..<6).map { level(6, y, $0) } })
  }

  @Test("Each slider changes the pictures that it is for")
  func sliders() throws {
    let verdict = try open(
      script: """
        const views = ["view-xy", "view-zy", "view-xz", "projection", "histogram"];
        for (const [id, value] of [["x", 1], ["y", 3], ["z", 1], ["black", 20], ["white", 90], ["angle", 40]]) {
          const before = views.map(picture);
          slide(id, value);
          verdict[id] = views.filter((view, i) => picture(view) !== before[i]);
          verdict[`${id}Value`] = $(`${id}-value`).textContent;
        }
        slide("black", 200);
        verdict.contrast = [Number($("black").value), Number($("white").value)];
        slide("white", 10);
        verdict.contrast.push(Number($("black").value), Number($("white").value));
        $("reset").click();
        verdict.reset = ["x", "y", "z", "black", "white"].map((id) => Number($(id).value));
        """)
    for axis in ["x", "y", "z"] {
      #expect(verdict.texts(axis) == ["view-xy", "view-zy", "view-xz"])
    }
    #expect(verdict.text("yValue") == "3")
    for end in ["black", "white"] {
      #expect(
        verdict.texts(end) == ["view-xy", "view-zy", "view-xz", "projection", "histogram"])
    }
    #expect(verdict.text("whiteValue") == "0.3529")
    #expect(verdict.texts("angle") == ["projection"] && verdict.text("angleValue") == "40°")
    #expect(verdict.numbers("contrast") == [200, 201, 9, 10])
    #expect(verdict.numbers("reset") == [3, 2, 3, 0, 255])
  }

  @Test("Mouse and keys move linked cross-hairs, and stop at the faces of the volume")
  func hands() throws {
    let verdict = try open(
      script: """
        const place = () => ["x", "y", "z"].map((axis) => Number($(axis).value));
        point("view-xy", "pointerdown", 7, 5, 6, 4);
        verdict.click = place();
        point("view-zy", "pointermove", 6, 5, 1, 0);
        verdict.drag = place();
        point("view-xz", "pointermove", 7, 6, 0, 0, 0);
        verdict.hover = place();
        press("view-xz", "ArrowLeft"); press("view-xz", "ArrowDown");
        verdict.keys = place();
        press("view-xy", "PageDown"); press("view-zy", "PageUp", { shiftKey: true });
        verdict.through = place();
        const wheel = (deltaY) => {
          const event = new WheelEvent("wheel", { deltaY, cancelable: true, bubbles: true });
          $("view-xz").dispatchEvent(event);
          return event.defaultPrevented;
        };
        verdict.wheel = [wheel(100), wheel(-100), wheel(-100)].map(Number);
        verdict.end = place();
        const other = press("view-xy", "Tab");
        verdict.tabIsFree = Number(other);
        verdict.focusable = ["view-xy", "view-zy", "view-xz", "projection"]
          .map((id) => { $(id).focus(); return Number(document.activeElement === $(id)); });
        verdict.unnamed = [...document.querySelectorAll("input")]
          .filter((input) => input.labels.length !== 1).map((input) => input.id);
        """)
    #expect(verdict.numbers("click") == [6, 4, 3])
    #expect(verdict.numbers("drag") == [6, 0, 1])
    #expect(verdict.numbers("hover") == [6, 0, 1])
    #expect(verdict.numbers("keys") == [5, 0, 2])
    #expect(verdict.numbers("through") == [0, 0, 3])
    #expect(verdict.numbers("wheel") == [1, 1, 0])
    #expect(verdict.numbers("end") == [0, 0, 3])
    #expect(verdict.number("tabIsFree") == 1)
    #expect(verdict.numbers("focusable") == [1, 1, 1, 1])
    #expect(verdict.texts("unnamed").isEmpty)
  }

  @Test("The turning projection sees the marked voxel where the detector does")
  func projection() throws {
    // Nine and a bit voxels across: 10 bins. s = (x − 3) cos θ + (z − 2.5) sin θ + 4.5.
    let verdict = try open(
      script: """
        const find = () => {
          const found = [];
          for (let bin = 0; bin < 10; bin++) for (let row = 0; row < 5; row++) {
            if (grey("projection", 10, 5, bin, row) > 150) found.push(bin, row);
          }
          return found;
        };
        for (const angle of [0, 90, -90, 180, 30]) { slide("angle", angle); verdict[`at${angle}`] = find(); }
        verdict.words = $("direction").textContent;
        """)
    // 5 − 3 + 4.5 = 6.5 lies between two bins, and the upper one takes it.
    #expect(verdict.numbers("at0") == [7, 1])
    #expect(verdict.numbers("at90") == [6, 1])
    #expect(verdict.numbers("at-90") == [3, 1])
    #expect(verdict.numbers("at180") == [3, 1])
    // 2 · 0.866 + 1.5 · 0.5 + 4.5 = 6.98
    #expect(verdict.numbers("at30") == [7, 1])
    #expect(verdict.text("words").isEmpty)
  }

  @Test("With the tilt axis along x the projection moves upwards as s grows")
  func projectionAboutX() throws {
    let shape = VolumeView.Extent(x: 7, y: 5, z: 6)
    var gathering = VolumeView.Gathering(shape, voxelSize: nil, tiltAxis: .x)
    for z in 0..<6 {
      var page = FloatStorage(zeros: 35)
      var pixels = page.mutableSpan
      for i in 0..<35 { pixels[i] = Float(i % 5) / 100 }
      if z == 4 { pixels[1 * 7 + 5] = 1 }
      gathering.add(page.span)
    }
    var about = content(gathering.finish())
    about.tiltRange = -60...60
    // Position 4 − 1 = 3 of 5 rows: s = (3 − 2) cos θ + (4 − 2.5) sin θ, 8 bins, row 7 − bin.
    let verdict = try open(
      about,
      script: """
        const find = () => {
          const found = [];
          for (let column = 0; column < 7; column++) for (let row = 0; row < 8; row++) {
            if (grey("projection", 7, 8, column, row) > 150) found.push(column, row);
          }
          return found;
        };
        for (const angle of [10, 90, -90]) {
          slide("angle", angle);
          verdict[`at${angle}`] = find();
          verdict[`words${angle}`] = $("direction").textContent;
        }
        slide("angle", 130);
        verdict.words130 = $("direction").textContent;
        """)
    // 0.98 + 0.26 + 3.5 = 4.75
    #expect(verdict.numbers("at10") == [5, 2])
    #expect(verdict.numbers("at90") == [5, 2])
    #expect(verdict.numbers("at-90") == [5, 5])
    #expect(verdict.text("words10") == "A direction within the tilt range.")
    #expect(verdict.text("words90").contains("missing wedge"))
    // From behind, 130° is −50°.
    #expect(verdict.text("words130") == "A direction within the tilt range.")
  }

  @Test("It starts still, turns on demand, and in steps where less motion is asked for")
  func turning() throws {
    let verdict = try open(
      script: """
        const angle = () => Number($("angle").value);
        verdict.still = [frames_.length, angle()];
        const now = performance.now();
        $("turn").click();
        verdict.pressed = $("turn").getAttribute("aria-pressed") + $("turn").textContent;
        tick(now + 1000);
        verdict.second = angle();
        $("turn").click();
        tick(now + 5000); tick(now + 6000);
        verdict.stopped = [angle(), frames_.length];
        window.matchMedia = () => ({ matches: true });
        slide("angle", 0);
        const later = performance.now();
        $("turn").click();
        tick(later + 900);
        verdict.calm = [angle()];
        tick(later + 1100);
        verdict.calm.push(angle());
        press("projection", "ArrowRight");
        verdict.hand = [angle(), Number($("turn").getAttribute("aria-pressed") === "false")];
        slide("angle", 0);
        point("projection", "pointerdown", 100, 10, 20, 5);
        point("projection", "pointermove", 100, 10, 60, 5);
        verdict.dragged = angle();
        slide("angle", 180);
        press("projection", "ArrowRight");
        verdict.round = angle();
        """)
    #expect(verdict.numbers("still") == [0, 0])
    #expect(verdict.text("pressed") == "trueStop")
    #expect(abs(try #require(verdict.number("second")) - 30) <= 1)
    #expect(verdict.numbers("stopped") == [try #require(verdict.number("second")), 0])
    #expect(verdict.numbers("calm") == [0, 15])
    #expect(verdict.numbers("hand") == [16, 1])
    #expect(try #require(verdict.number("dragged")) > 20)
    #expect(verdict.number("round") == -179)
  }
}
