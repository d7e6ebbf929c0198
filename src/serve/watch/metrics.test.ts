import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Counter, Gauge, Histogram, metricsText } from "./metrics.js";

describe("figures", () => {
  it("stand in Prometheus' text format", () => {
    const counter = new Counter("a_total", "How many\nthere are.", ["name"]);
    counter.add(['x"\\\n']);
    counter.add(['x"\\\n'], 2);
    const gauge = new Gauge("b", "How much.", [], () => [[[], 0.5]]);
    const histogram = new Histogram("c", "How long.", ["to"], [1, 10]);
    for (const value of [1, 2, 11]) histogram.observe(["y"], value);
    assert.equal(
      metricsText([counter, gauge, histogram]),
      `# HELP a_total How many\\nthere are.
# TYPE a_total counter
a_total{name="x\\"\\\\\\n"} 3
# HELP b How much.
# TYPE b gauge
b 0.5
# HELP c How long.
# TYPE c histogram
c_bucket{to="y",le="1"} 1
c_bucket{to="y",le="10"} 2
c_bucket{to="y",le="+Inf"} 3
c_sum{to="y"} 14
c_count{to="y"} 3
`,
    );
  });
});
