// The members of a study: an output over the factors, or one column over another.
import { COLOURS, Charts, colour, legend } from "./charts.js";
import { made } from "./controls.js";
import { figures } from "./stack.js";

const RAMP = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
const NEAR = 0.06; // share of the plot within which a click means a point
const MOST_LISTED = 300;
const OUTCOME = "outcome";

export class StudyCharts {
  // `open` is called with the point of a member that is chosen.
  constructor(host, open = null) {
    this.open = open;
    this.selects = Object.fromEntries([["x", "Across"], ["y", "Up"], ["z", "Colour"]].map(([axis, words]) => {
      const select = made("select");
      select.addEventListener("change", () => this.rebuild());
      return [axis, { select, label: made("label", {}, `${words} `, select) }];
    }));
    this.row = made("div", { className: "row", hidden: true }, ...Object.values(this.selects).map(({ label }) => label));
    this.plot = made("div", { className: "charts wide" });
    this.list = made("div");
    host.append(this.row, this.plot, this.list);
  }

  describe(study) {
    this.study = study;
    this.members = new Map();
    this.boundary = [];
    const { factors, outputs, goals, regions } = study;
    this.columns = [
      ...factors.map((one, k) => ({ ...one, value: (m) => m.places[k], isFactor: true })),
      ...outputs.map((label, k) => ({ label, words: [], log: false, value: (m) => m.outputs[k] ?? NaN })),
      { label: OUTCOME, words: [], value: (m) => m.outcome },
    ];
    const numbers = factors.flatMap((one, k) => (one.words.length ? [] : [k]));
    const first = numbers[0] ?? 0, other = factors.length + (goals[0] ?? 0);
    const isMap = numbers.length > 1 && goals.length < 2;
    const last = this.columns.length - 1;
    const chosen = goals.length > 1
      ? { x: factors.length + goals[1], y: other, z: first }
      : { x: first, y: isMap ? numbers[1] : other, z: regions.length ? last : isMap ? other : factors.length > 1 ? (first ? 0 : 1) : last };
    for (const [axis, { select }] of Object.entries(this.selects)) {
      select.replaceChildren(...this.columns.map(({ label }, k) => made("option", { value: k, textContent: label, disabled: axis !== "z" && k === last })));
      select.value = chosen[axis];
    }
    this.row.hidden = false;
    this.chart = null;
    this.plot.replaceChildren();
  }

  add(members) {
    for (const member of members) this.members.set(JSON.stringify(member.point), member);
    if (this.chart) this.draw();
    else this.rebuild();
  }

  finish(found) {
    this.members = new Map();
    this.boundary = found.boundary;
    this.add(found.members);
    this.tabulate();
  }

  chosen(axis) {
    return this.columns[Number(this.selects[axis].select.value)];
  }

  // Scales and words of the axes belong to a figure, so that another choice makes a new one;
  // without members it would have no ranges.
  async rebuild() {
    if (!this.members?.size) return;
    const [x, y] = [this.chosen("x"), this.chosen("y")];
    this.plot.replaceChildren();
    this.charts = new Charts(this.plot);
    const scale = (column) => (column.log ? "log" : "linear");
    this.chart = this.charts.add(this.study.name, y.label, { height: 380, xLabel: x.label, xScale: scale(x), yScale: scale(y) });
    const { figure } = this.chart;
    for (const [axis, column] of [[figure.xaxes[0], x], [figure.yaxes[0], y]]) {
      if (!column.words.length) continue;
      axis.ticker = new Bokeh.FixedTicker({ ticks: column.words.map((_, k) => k) });
      axis.major_label_overrides = new Map(column.words.map((word, k) => [k, word]));
    }
    this.lines = new Bokeh.ColumnDataSource({ data: { xs: [], ys: [], colour: [] } });
    this.points = new Bokeh.ColumnDataSource({ data: { x: [], y: [], colour: [] } });
    this.crossings = new Bokeh.ColumnDataSource({ data: { x: [], y: [] } });
    figure.multi_line({ field: "xs" }, { field: "ys" }, { source: this.lines, line_color: { field: "colour" }, line_width: 1.6 });
    figure.scatter({ field: "x" }, { field: "y" }, { source: this.points, size: 11, marker: "circle",
      fill_color: { field: "colour" }, line_color: { field: "colour" } });
    this.edge = figure.scatter({ field: "x" }, { field: "y" }, { source: this.crossings, size: 5, marker: "x", line_width: 1.5 });
    figure.on_event("tap", (event) => this.choose(event));
    this.draw();
    await this.charts.draw();
  }

  draw() {
    if (!this.chart) return;
    const [x, y, z] = ["x", "y", "z"].map((axis) => this.chosen(axis));
    const members = [...this.members.values()];
    this.drawn = members.filter((m) => Number.isFinite(x.value(m)) && Number.isFinite(y.value(m)));
    const shade = this.shades(z, this.drawn);
    this.points.data = { x: this.drawn.map(x.value), y: this.drawn.map(y.value), colour: this.drawn.map((m) => shade(z.value(m))) };
    this.connect(x, y, z, shade);
    const places = [x, y].map((column) => this.columns.indexOf(column));
    const isMap = x.isFactor && y.isFactor;
    this.crossings.data = { x: isMap ? this.boundary.map((b) => b[places[0]]) : [], y: isMap ? this.boundary.map((b) => b[places[1]]) : [] };
    this.edge.glyph.line_color = { value: colour("ink") };
    const without = members.length - this.drawn.length;
    if (without) this.chart.legend.append(made("li", { textContent: `${without} without these values` }));
  }

  // Members that differ in the factor across only are joined.
  connect(x, y, z, shade) {
    const groups = new Map();
    if (x.isFactor && !y.isFactor) {
      const own = this.columns.indexOf(x);
      for (const member of this.drawn) {
        const key = JSON.stringify(member.point.filter((_, k) => k !== own));
        groups.set(key, [...(groups.get(key) ?? []), member]);
      }
    }
    const lines = [...groups.values()].filter((group) => group.length > 1)
      .map((group) => group.sort((a, b) => x.value(a) - x.value(b)));
    const isKnown = (line) => line.every((m) => z.value(m) === z.value(line[0]));
    this.lines.data = { xs: lines.map((line) => line.map(x.value)), ys: lines.map((line) => line.map(y.value)),
      colour: lines.map((line) => (isKnown(line) ? shade(z.value(line[0])) : colour("muted"))) };
  }

  // A colour for each value of a column, and the legend of it.
  shades(column, members) {
    if (column.label === OUTCOME || column.words?.length) {
      const words = column.words?.length ? column.words.map((_, k) => k)
        : [...new Set([...this.study.regions, ...members.map(column.value)])];
      const name = (value) => COLOURS[Math.max(0, words.indexOf(value)) % COLOURS.length];
      legend(this.chart, words.map((value) => [name(value), column.words?.length ? column.words[value] : value]));
      return (value) => colour(name(value));
    }
    const values = members.map(column.value).filter(Number.isFinite);
    const place = (v) => (column.log ? Math.log(v) : v), low = Math.min(...values), high = Math.max(...values);
    const shade = (value) => (Number.isFinite(value) ? ramp((place(value) - place(low)) / (place(high) - place(low) || 1)) : colour("muted"));
    const ends = values.length ? [0, 0.25, 0.5, 0.75, 1].map((s) => [ramp(s), figures(column.log ? low * (high / low) ** s : low + s * (high - low))]) : [];
    legend(this.chart, [...ends, ["muted", column.label]]);
    return shade;
  }

  choose(event) {
    const { x_range: across, y_range: up } = this.chart.figure;
    const share = (column, range, value) => {
      const f = column.log ? Math.log : Number;
      return (f(value) - f(range.start)) / (f(range.end) - f(range.start));
    };
    const [x, y] = [this.chosen("x"), this.chosen("y")];
    const far = (m) => Math.hypot(share(x, across, x.value(m)) - share(x, across, event.x), share(y, up, y.value(m)) - share(y, up, event.y));
    const nearest = this.drawn.reduce((best, m) => (best === null || far(m) < far(best) ? m : best), null);
    if (nearest && far(nearest) < NEAR) this.open?.(nearest.point);
  }

  // The same members as a table, for keys and readers.
  tabulate() {
    const table = made("table"), head = table.createTHead().insertRow();
    const canOpen = this.open && this.study.is_cell;
    for (const { label } of this.columns) head.append(made("th", { scope: "col", textContent: label }));
    if (canOpen) head.append(made("th", { scope: "col", textContent: "cell" }));
    const body = table.createTBody();
    for (const member of [...this.members.values()].slice(0, MOST_LISTED)) {
      const line = body.insertRow();
      for (const column of this.columns) {
        const value = column.value(member);
        const text = column.words.length ? column.words[value] : typeof value === "number" ? (Number.isFinite(value) ? String(Number(value.toPrecision(4))) : "–") : value;
        line.append(made("td", { textContent: text, title: column.label === OUTCOME ? member.reason : "" }));
      }
      if (!canOpen) continue;
      const button = made("button", { type: "button", textContent: "open" });
      button.addEventListener("click", () => this.open(member.point));
      line.append(made("td", {}, button));
    }
    const more = this.members.size > MOST_LISTED ? ` The first ${MOST_LISTED} of ${this.members.size}.` : "";
    this.list.replaceChildren(made("details", {}, made("summary", { textContent: `Members (${this.members.size})` }),
      made("p", { className: "quiet", textContent: `The reason of an outcome is shown on hover.${more}` }),
      made("div", { className: "listing", tabIndex: 0 }, table)));
  }

  paint() {
    this.charts?.paint();
    this.draw();
  }
}

function ramp(share) {
  const at = Math.min(Math.max(share, 0), 1) * (RAMP.length - 1), k = Math.min(Math.floor(at), RAMP.length - 2);
  const mixed = RAMP[k].map((v, i) => Math.round(v + (at - k) * (RAMP[k + 1][i] - v)));
  return `#${mixed.map((v) => v.toString(16).padStart(2, "0")).join("")}`;
}
