// Measured values, the best curves so far, and the fit with its 90 % band.
import { Charts, colour, legend } from "./charts.js";
import { unpacked } from "./columns.js";

export class FitCharts {
  constructor(host) {
    this.host = host;
    host.classList.add("charts");
  }

  // One chart for each quantity that was measured.
  async describe(channels) {
    this.host.replaceChildren();
    this.charts = new Charts(this.host);
    this.shown = channels.map((channel) => {
      const chart = this.charts.add(channel.label, channel.unit, { height: 260, xLabel: channel.across, xScale: channel.log ? "log" : "linear" });
      const x = unpacked(channel.x), none = new Float32Array(x.length).fill(NaN);
      const source = new Bokeh.ColumnDataSource({ data: { x, measured: unpacked(channel.y), fit: none, low: none, high: none } });
      const band = chart.figure.varea({ x: { field: "x" }, y1: { field: "low" }, y2: { field: "high" }, source, fill_alpha: 0.3 });
      const dots = chart.figure.scatter({ field: "x" }, { field: "measured" }, { source, size: 4, line_color: null });
      const curve = chart.figure.line({ field: "x" }, { field: "fit" }, { source, line_width: 2 });
      legend(chart, [["muted", "measured"], ["blue", "best so far"]]);
      return { chart, source, band, dots, curve };
    });
    this.paint();
    await this.charts.draw();
  }

  best(curves) {
    curves.forEach((curve, k) => {
      const { source } = this.shown[k];
      source.data = { ...source.data, fit: unpacked(curve) };
    });
  }

  finish(curves) {
    curves.forEach((one, k) => {
      const { source, chart } = this.shown[k], y = unpacked(one.y), band = unpacked(one.band);
      source.data = { ...source.data, fit: y, low: y.map((v, i) => v - band[i]), high: y.map((v, i) => v + band[i]) };
      legend(chart, [["muted", "measured"], ["blue", "fit with its 90 % band"]]);
    });
  }

  paint() {
    if (!this.charts) return;
    this.charts.paint();
    for (const { band, dots, curve } of this.shown) {
      band.glyph.fill_color = { value: colour("blue") };
      dots.glyph.fill_color = { value: colour("muted") };
      curve.glyph.line_color = { value: colour("blue") };
    }
  }
}
