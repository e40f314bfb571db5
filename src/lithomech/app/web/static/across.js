// Quantities across the cathode where the cursor stands.
import { Charts, legend, line, percents, source } from "./charts.js";
import { ends, profileRow } from "./stack.js";

const SHARES = { contact_fraction: ["blue", "in contact"], crack_area_fraction: ["vermilion", "crack area"], isolated_share: ["purple", "isolated"] };
const FILM = "film_charge_C_per_m2";
const DEPTH = { xLabel: "depth from the separator [µm]" };

export class Across {
  constructor(host) {
    this.host = host;
    this.charts = new Charts(host);
    this.data = source(["x", "lithium", FILM, ...Object.keys(SHARES)]);
    const range = new Bokeh.DataRange1d({ range_padding: 0.01 });
    const shares = this.charts.add("Across the cathode, at the cursor", "%", { ...DEPTH, range, yRange: percents() });
    for (const [key, [name]] of Object.entries(SHARES)) line(shares, this.data, "x", key, name);
    legend(shares, Object.values(SHARES));
    this.lithium = this.charts.add("Lithium in the active material", "per formula unit", { ...DEPTH, range, yRange: new Bokeh.Range1d({ start: 0, end: 1 }) });
    line(this.lithium, this.data, "x", "lithium", "blue");
    const film = this.charts.add("Charge of decomposition at the interphase", "C/m²", { ...DEPTH, range, yRange: new Bokeh.DataRange1d({ start: 0 }) });
    line(film, this.data, "x", FILM, "green");
  }

  async draw() {
    if (this.isDrawn || this.host.hidden) return;
    this.isDrawn = true;
    await this.charts.draw();
  }

  show(result) {
    this.result = result;
    this.host.hidden = !result.profiles.cathode;
    if (this.host.hidden) return;
    const [low, high] = ends(result.profiles.cathode.values), room = 0.03 * (high - low) || 0.01;
    this.lithium.figure.y_range.setv({ start: low - room, end: high + room }); // the same at all times, so that one sees it move
  }

  cursor(row) {
    const profile = this.result?.profiles.cathode;
    if (!profile) return;
    const begin = profileRow(this.result, row) * profile.nodes, none = new Float32Array(profile.nodes).fill(NaN);
    const at = (values) => values?.subarray(begin, begin + profile.nodes) ?? none;
    const data = { x: profile.depth, lithium: at(profile.values), [FILM]: at(profile.across[FILM]) };
    this.charts.changing();
    for (const key of Object.keys(SHARES)) data[key] = at(profile.across[key]).map((v) => 100 * v);
    this.data.data = data;
  }

  paint() {
    this.charts.paint();
  }
}
