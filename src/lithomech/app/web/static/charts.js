// Linked plots by BokehJS: sources and figures are made once, afterwards only data change.
import { made } from "./controls.js";

export const COLOURS = ["blue", "vermilion", "green", "purple", "amber", "sky"];
const MOST_PINS = 4;
const REST = 300; // ms without a change before plots out of sight are drawn too

sparing();

// BokehJS 3.9 writes the style sheets of all axes and curves whenever it paints, and asks the
// browser for each colour: all styles are computed again for every axis. Here a sheet is written
// where it has changed, none for the elements of curves, which hold nothing, and colours are
// those of the models, which `paint` sets.
function sparing() {
  try {
    const sheet = Bokeh.require("core/dom").InlineStyleSheet.prototype, write = sheet._update;
    sheet._update = function (css) {
      if (css === this.written) return;
      this.written = css;
      write.call(this, css);
    };
    Bokeh.require("models/renderers/glyph_renderer").GlyphRendererView.prototype.update_position = () => {};
    Bokeh.require("core/visuals/visual").VisualProperties.prototype._get_css_value = () => "";
  } catch {
    // another version of BokehJS: it draws as it likes
  }
}

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// A grid of figures that share one document.
export class Charts {
  constructor(host) {
    this.host = host;
    this.figures = [];
  }

  add(caption, yLabel, options = {}) {
    const figure = Bokeh.Plotting.figure({
      height: options.height ?? 200, sizing_mode: "stretch_width", tools: "xpan,xwheel_zoom,box_zoom,reset",
      toolbar_location: null, y_axis_label: yLabel, x_axis_label: options.xLabel ?? "",
      output_backend: "canvas", min_border_left: options.bare ? 0 : 62, ...(options.range ? { x_range: options.range } : {}),
      ...(options.yRange ? { y_range: options.yRange } : {}), ...(options.xScale ? { x_axis_type: options.xScale } : {}),
      ...(options.yScale ? { y_axis_type: options.yScale } : {}),
    });
    figure.toolbar.active_scroll = null;
    if (options.bare) for (const one of [...figure.axes, ...figure.xgrids, ...figure.ygrids]) one.visible = false;
    const plot = made("div", { className: "plot" });
    plot.style.height = `${options.height ?? 200}px`;
    if (options.bare) plot.setAttribute("role", "img");
    const legend = made("ul", { className: "legend" });
    this.host.append(made("figure", {}, made("figcaption", { textContent: caption }), plot, legend));
    const chart = { figure, plot, legend, lines: [] };
    if (options.cursor) {
      chart.span = new Bokeh.Span({ dimension: "height", location: null, line_width: 1.5 });
      figure.add_layout(chart.span);
    }
    this.figures.push(chart);
    return chart;
  }

  async draw() {
    this.paint();
    const page = new Bokeh.Document();
    for (const { figure } of this.figures) page.add_root(figure);
    const views = await Bokeh.embed.add_document_standalone(page, this.host, this.figures.map(({ plot }) => plot));
    const seen = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const chart = this.figures.find(({ plot }) => plot === target);
        chart.isSeen = isIntersecting;
        if (isIntersecting) release(chart);
      }
    });
    for (const chart of this.figures) {
      chart.view = views.get_one(chart.figure);
      seen.observe(chart.plot);
    }
  }

  // Before data change: plots out of sight wait until they are seen, or nothing changes any more.
  // Ranges of the others follow their data at the begin of the frame: where they do so only when
  // they are painted, all are painted a second time.
  changing() {
    for (const chart of this.figures) {
      if (!chart.view || chart.isSeen || chart.waits) continue;
      chart.waits = true;
      chart.view.pause();
    }
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.figures.forEach(release), REST);
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      for (const { view, waits } of this.figures) if (view && !waits) followData(view);
    });
  }

  // Takes the colours of the style sheet, after a change of theme too.
  paint() {
    const [ink, muted, rule] = ["ink", "muted", "rule"].map(colour);
    for (const { figure, span, lines } of this.figures) {
      figure.setv({ background_fill_alpha: 0, border_fill_alpha: 0, outline_line_color: null });
      for (const axis of [...figure.xaxes, ...figure.yaxes]) {
        axis.setv({
          axis_label_text_color: muted, major_label_text_color: ink, axis_line_color: muted,
          major_tick_line_color: muted, minor_tick_line_color: null,
          axis_label_text_font_style: "normal", axis_label_text_font_size: "12px",
        });
      }
      for (const grid of [...figure.xgrids, ...figure.ygrids]) grid.grid_line_color = rule;
      if (span) span.line_color = colour("vermilion");
      for (const { glyph, name } of lines) glyph.line_color = { value: colour(name) };
    }
  }
}

function release(chart) {
  if (!chart.waits) return;
  chart.waits = false;
  followData(chart.view);
  chart.view.unpause();
}

function followData(view) {
  view._range_manager?.update_dataranges();
}

export function line(chart, source, x, y, name, options = {}) {
  const made = chart.figure.line({ field: x }, { field: y }, { source, line_width: options.width ?? 1.8,
    line_dash: options.dash ?? "solid", line_alpha: options.alpha ?? 1, line_color: colour(name) });
  chart.lines.push({ glyph: made.glyph, name });
  return made;
}

export function legend(chart, entries) {
  const words = JSON.stringify(entries);
  if (words === chart.legendWords) return;
  chart.legendWords = words;
  chart.legend.replaceChildren(...entries.map(([name, text]) => {
    const mark = made("i");
    mark.style.setProperty("--swatch", name.startsWith("#") ? name : `var(--${name})`);
    return made("li", {}, mark, text);
  }));
}

const CURVES = {
  voltage: "voltage_V", cathode: "cathode_potential_V", anode: "anode_potential_V",
  contact: "cathode_contact_fraction", cracks: "cathode_crack_area_fraction",
  isolated: "cathode_isolated_share",
};
const PINNED = ["x", "pressure", "voltage", "contact"];
const PERCENT = new Set(["contact", "cracks", "isolated"]);

// The plots of one run; `brief` leaves out those that the view of the cell has no room for.
export class RunCharts {
  constructor(host, onCursor, { brief = false } = {}) {
    this.charts = new Charts(host);
    this.axis = "time";
    this.result = null;
    this.pins = [];
    const linked = { range: new Bokeh.DataRange1d({ range_padding: 0.01 }), cursor: true };
    this.now = source(["x", "pressure", ...Object.keys(CURVES)]);
    this.measured = source(["x", "voltage", "pressure"]);
    this.old = Array.from({ length: MOST_PINS }, () => source(PINNED));
    this.voltage = this.charts.add("Voltage", "V", linked);
    this.pressure = this.charts.add("Stack pressure", "MPa", linked);
    if (!brief) this.addSlopes(linked);
    this.shares = this.charts.add("Cathode: contact, cracks, isolated", "%", { ...linked, yRange: percents() });
    if (!brief) this.addLedger(linked);
    this.timed = this.charts.figures.filter(({ span }) => span);
    this.old.forEach((each, index) => {
      const style = { dash: [[6, 3], [2, 2], [8, 3, 2, 3], [1, 3]][index], width: 1.3 };
      line(this.voltage, each, "x", "voltage", pinColour(index), style);
      line(this.pressure, each, "x", "pressure", pinColour(index), style);
      line(this.shares, each, "x", "contact", pinColour(index), style);
    });
    for (const [chart, name] of [[this.voltage, "voltage"], [this.pressure, "pressure"]]) {
      line(chart, this.measured, "x", name, "ink", { alpha: 0.55, width: 3 });
      line(chart, this.now, "x", name, "blue");
    }
    line(this.shares, this.now, "x", "contact", "blue");
    line(this.shares, this.now, "x", "cracks", "vermilion");
    line(this.shares, this.now, "x", "isolated", "purple");
    legend(this.shares, [["blue", "in contact"], ["vermilion", "crack area"], ["purple", "isolated"]]);
    for (const chart of this.timed) {
      chart.figure.on_event("tap", (event) => { onCursor(this.nearest(event.x)); });
    }
    this.against("time");
  }

  addSlopes(linked) {
    this.slopes = this.charts.add("Slope of the pressure, dP/dQ", "kPa/mAh", { xLabel: "charge of the half cycle [mAh/g]" });
    this.slopeLines = many(this.slopes);
    legend(this.slopes, [["vermilion", "charge"], ["blue", "discharge"]]);
    this.potentials = this.charts.add("Three electrodes: potentials against Li", "V", linked);
    line(this.potentials, this.now, "x", "cathode", "vermilion");
    line(this.potentials, this.now, "x", "anode", "blue");
    legend(this.potentials, [["vermilion", "cathode"], ["blue", "anode"]]);
  }

  addLedger(linked) {
    this.ledger = this.charts.add("Thickness change by cause", "µm", linked);
    this.causeLines = many(this.ledger);
  }

  async draw() {
    await this.charts.draw();
  }

  show(result) {
    this.charts.changing();
    this.result = result;
    const data = { x: this.x(result) };
    for (const [name, column] of Object.entries(CURVES)) {
      const values = result.columns[column] ?? new Float32Array(result.rows).fill(NaN);
      data[name] = PERCENT.has(name) ? values.map((v) => 100 * v) : values;
    }
    data.pressure = result.columns.stack_pressure_Pa.map((p) => p / 1e6);
    this.now.data = data;
    this.shares.plot.parentElement.hidden = !result.columns.cathode_contact_fraction;
    if (this.slopes) this.showSlopes(result);
    if (this.ledger) this.showLedger(result, data.x);
  }

  showSlopes(result) {
    const grams = result.active_mass_kg * 1e3 || 1;
    const halves = result.pressure_slopes.slice(-4);
    this.slopeLines.data = {
      xs: halves.map((half) => half.charge.map((q) => q / 3.6 / grams)),
      ys: halves.map((half) => half.slope.map((s) => s * 3.6e-3)),
      colour: halves.map((half) => colour(half.is_charge ? "vermilion" : "blue")),
    };
  }

  showLedger(result, x) {
    const largest = (row) => row.change.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    const shown = [...result.ledger].sort((a, b) => largest(b) - largest(a)).slice(0, COLOURS.length);
    this.causeLines.data = {
      xs: shown.map(() => x), ys: shown.map((row) => row.change.map((v) => v * 1e6)),
      colour: shown.map((_, index) => colour(COLOURS[index])),
    };
    legend(this.ledger, shown.map((row, index) => [COLOURS[index], `${row.layer}: ${row.cause}`]));
  }

  x(result) {
    return this.axis === "time" ? result.time : result.charge;
  }

  nearest(x) {
    const values = this.x(this.result);
    let best = 0;
    for (let i = 1; i < values.length; i++) {
      if (Math.abs(values[i] - x) < Math.abs(values[best] - x)) best = i;
    }
    return best;
  }

  cursor(row) {
    const x = this.x(this.result)[row];
    this.charts.changing();
    for (const { span } of this.timed) span.location = x;
  }

  against(axis) {
    this.axis = axis;
    const words = axis === "time" ? "time [h]" : `charge [${this.result?.chargeUnit ?? "mAh"}]`;
    for (const chart of this.timed) chart.figure.xaxes[0].axis_label = words;
    if (this.result) this.show(this.result);
    this.pin(this.pins);
    this.overlay(this.overlaid);
  }

  pin(pins) {
    this.pins = pins;
    this.old.forEach((each, index) => {
      const result = pins[index]?.result;
      each.data = result ? {
        x: this.x(result), voltage: result.columns.voltage_V,
        pressure: result.columns.stack_pressure_Pa.map((p) => p / 1e6),
        contact: (result.columns.cathode_contact_fraction ?? new Float32Array(result.rows).fill(NaN)).map((v) => 100 * v),
      } : empty(PINNED);
    });
  }

  overlay(measured) {
    this.overlaid = measured;
    if (!measured) return;
    const none = new Float32Array(measured.rows).fill(NaN);
    this.measured.data = {
      x: this.x(measured), voltage: measured.columns.voltage_V ?? none,
      pressure: measured.columns.stack_pressure_Pa?.map((p) => p / 1e6) ?? none,
    };
  }

  paint() {
    this.charts.paint();
    if (this.result) this.show(this.result);
  }
}

export function pinColour(index) {
  return ["green", "purple", "amber", "sky"][index];
}

export function source(names) {
  return new Bokeh.ColumnDataSource({ data: empty(names) });
}

function empty(names) {
  return Object.fromEntries(names.map((name) => [name, new Float32Array(0)]));
}

export function percents() {
  return new Bokeh.Range1d({ start: -3, end: 103 });
}

// Lines of any number, each with its colour.
export function many(chart, style = {}) {
  const own = new Bokeh.ColumnDataSource({ data: { xs: [], ys: [], colour: [], dash: [] } });
  chart.figure.multi_line({ field: "xs" }, { field: "ys" }, { source: own, line_color: { field: "colour" }, line_width: 1.6, ...style });
  return own;
}
