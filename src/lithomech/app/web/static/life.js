// Cycle after cycle, drawn as they come.
import { Charts, legend, line, source } from "./charts.js";
import { events } from "./server.js";

const SHOWN = [
  ["Discharge capacity", "mAh/g", [["discharge_capacity_mAh_per_g", "blue", 1, ""]]],
  ["Efficiency", "%", [["coulombic_efficiency", "blue", 100, "coulombic"], ["energy_efficiency", "vermilion", 100, "energy"]]],
  ["Stack pressure", "MPa", [["stack_pressure_end_of_charge_MPa", "vermilion", 1, "end of charge"], ["stack_pressure_end_MPa", "blue", 1, "end of cycle"]]],
  ["Isolated share of the cathode", "%", [["isolated_share_end", "purple", 100, ""]]],
  ["Interface resistance of the cathode", "Ω cm²", [["cathode_interface_resistance_ohm_cm2", "green", 1, ""]]],
];

export class Life {
  constructor(host, text) {
    this.text = text;
    this.charts = new Charts(host);
    const names = SHOWN.flatMap(([, , curves]) => curves.map(([key]) => key));
    this.names = names;
    this.source = source(["cycle", ...names]);
    const range = new Bokeh.DataRange1d({ range_padding: 0.02 });
    for (const [caption, unit, curves] of SHOWN) {
      const chart = this.charts.add(caption, unit, { range, xLabel: "cycle" });
      for (const [key, name] of curves) line(chart, this.source, "cycle", key, name);
      if (curves.length > 1) legend(chart, curves.map(([, name, , words]) => [name, words]));
    }
    this.start = document.getElementById("life-start");
    this.stop = document.getElementById("life-stop");
    this.status = document.getElementById("life-status");
    this.start.addEventListener("click", () => this.run());
    this.stop.addEventListener("click", () => this.control?.abort());
  }

  // The plots are made with the first cycles: without data they have no ranges.
  async draw() {
    if (this.isDrawn) return;
    this.isDrawn = true;
    await this.charts.draw();
  }

  async run() {
    const cycles = Number(document.getElementById("cycles").value);
    const begun = performance.now();
    this.control = new AbortController();
    this.start.disabled = true;
    this.stop.disabled = false;
    const data = Object.fromEntries(["cycle", ...this.names].map((name) => [name, []]));
    const scale = Object.fromEntries(SHOWN.flatMap(([, , curves]) => curves.map(([key, , factor]) => [key, factor])));
    let ended = "stopped";
    try {
      for await (const { kind, data: piece } of events("life", { text: this.text(), cycles }, this.control.signal)) {
        if (kind === "end") { ended = piece.reason || ended; break; }
        if (piece.mistakes) { ended = piece.mistakes[0].message; break; }
        piece.cycles.forEach((cycle, index) => {
          data.cycle.push(piece.first + index);
          for (const name of this.names) data[name].push((cycle[name] ?? NaN) * scale[name]);
        });
        this.source.data = Object.fromEntries(Object.entries(data).map(([name, values]) => [name, Float32Array.from(values)]));
        await this.draw();
        ended = piece.status === "completed" ? "done" : `${piece.status}: ${piece.reason}`;
        this.say(`${data.cycle.length} of ${cycles} cycles`);
      }
    } catch (error) {
      ended = error.name === "AbortError" ? "stopped" : error.message;
    }
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    this.say(`${data.cycle.length} cycles in ${seconds} s, ${ended}`);
    this.start.disabled = false;
    this.stop.disabled = true;
  }

  say(words) {
    this.status.textContent = words;
  }
}
