// The material library: a table whose numbers say where they come from, and three charts of
// the materials that are ticked.
import { COLOURS, Charts, colour, legend, many } from "./charts.js";
import { made } from "./controls.js";
import { get } from "./server.js";

const FIRST = ["li6ps5cl", "li3ps4", "lgps", "li3ycl6", "llzo", "lco", "ncm811", "graphite", "lto"];
const MARKED = new Set(["assumed", "calibrated"]);
const STYLES = ["solid", "dashed", "dotted"];
const RINGS = [0.25, 0.5, 0.75, 1];

export class Materials {
  constructor(host) {
    this.host = host;
    this.ticked = new Set(FIRST);
    this.sorted = { by: "", down: false };
    const part = (name) => host.querySelector(`[data-part=${name}]`);
    [this.role, this.filter, this.table, this.source, this.plots] = ["role", "filter", "table", "source", "charts"].map(part);
    this.role.addEventListener("change", () => { this.sorted.by = ""; this.list(); });
    this.filter.addEventListener("input", () => this.list());
    for (const event of ["mouseover", "focusin"]) this.table.addEventListener(event, ({ target }) => this.explain(target.closest("td, th")));
    this.table.addEventListener("keydown", (event) => this.go(event));
  }

  load() {
    this.loading ??= get("materials").then((library) => { this.library = library; });
    return this.loading;
  }

  async open(name = "") {
    await this.load();
    if (!this.role.options.length) this.role.append(...this.library.roles.map((role) => made("option", { value: role, textContent: role })));
    if (name) {
      this.role.value = this.library.materials.find((one) => one.name === name)?.role ?? this.role.value;
      this.filter.value = name;
      this.ticked.add(name);
    }
    this.list();
    if (this.charts) { this.draw(); return; }
    this.build();
    this.draw();
    await this.charts.draw();
  }

  // Materials of the role that hold all words of the filter.
  shown() {
    const wanted = this.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const holds = (one) => `${one.name} ${one.family} ${one.about.join(" ")}`.toLowerCase();
    const rows = this.library.materials.filter((one) => one.role === this.role.value && wanted.every((word) => holds(one).includes(word)));
    const { by, down } = this.sorted;
    if (!by) return rows;
    const key = (one) => (by === "name" ? one.name : one.values[by]?.value ?? one.values[by]?.shown ?? null);
    const order = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));
    const without = rows.filter((one) => key(one) === null);
    const having = rows.filter((one) => key(one) !== null).sort((a, b) => order(key(a), key(b)) * (down ? -1 : 1));
    return [...having, ...without];
  }

  // Properties that any of the rows has, the most frequent first.
  columns(rows) {
    const counts = new Map();
    for (const one of rows) for (const name of Object.keys(one.values)) counts.set(name, (counts.get(name) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  }

  list() {
    const rows = this.shown(), columns = this.columns(rows);
    const table = made("table");
    const head = table.createTHead().insertRow();
    for (const name of ["name", ...columns]) head.append(this.header(name));
    const body = table.createTBody();
    for (const one of rows) {
      const line = body.insertRow();
      line.append(this.named(one));
      for (const name of columns) line.append(this.number(one.values[name], `${one.name}, ${this.library.properties[name]}`));
    }
    this.table.replaceChildren(rows.length ? table : made("p", { className: "quiet", textContent: "No material of this kind matches the filter." }));
    const first = this.table.querySelector("td");
    if (first) first.tabIndex = 0;
  }

  header(name) {
    const words = name === "name" ? "material" : this.library.properties[name];
    const button = made("button", { type: "button", textContent: words });
    button.addEventListener("click", () => {
      this.sorted = { by: name, down: this.sorted.by === name && !this.sorted.down };
      this.list();
      [...this.table.querySelectorAll("thead button")].find((one) => one.textContent === words)?.focus();
    });
    const cell = made("th", { scope: "col" }, button);
    if (this.sorted.by === name) cell.setAttribute("aria-sort", this.sorted.down ? "descending" : "ascending");
    return cell;
  }

  named(one) {
    const tick = made("input", { type: "checkbox", checked: this.ticked.has(one.name) });
    tick.addEventListener("change", () => {
      if (tick.checked) this.ticked.add(one.name);
      else this.ticked.delete(one.name);
      this.draw();
    });
    const cell = made("th", { scope: "row", title: one.about.join("\n") }, made("label", {}, tick, " ", one.name));
    cell.dataset.words = `${one.name}: ${one.about.join("; ")}`;
    return cell;
  }

  number(value, place) {
    if (!value) return made("td", { textContent: "–", tabIndex: -1 });
    const mark = MARKED.has(value.standing) ? value.standing : value.borrowed ? "borrowed" : "";
    const words = [`${value.standing}: ${value.source}`, ...value.remarks];
    const cell = made("td", { title: words.join("\n"), tabIndex: -1 }, value.shown);
    if (mark) cell.append(" ", made("span", { className: `mark ${mark}`, textContent: mark }));
    cell.dataset.words = `${place}: ${value.shown}. ${words.join("; ")}`;
    return cell;
  }

  explain(cell) {
    if (cell?.dataset.words) this.source.textContent = cell.dataset.words;
  }

  // Arrow keys move from number to number.
  go(event) {
    const cell = event.target.closest("td");
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (!cell || !step) return;
    const next = cell.closest("table").rows[cell.parentElement.rowIndex + step[0]]?.cells[cell.cellIndex + step[1]];
    if (next?.tagName !== "TD") return;
    event.preventDefault();
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  build() {
    this.charts = new Charts(this.plots);
    const round = { start: -1.7, end: 1.7 };
    this.radar = this.charts.add("Requirements of electrolytes", "", {
      height: 330, range: new Bokeh.Range1d(round), yRange: new Bokeh.Range1d({ start: -1.3, end: 1.35 }), bare: true });
    this.web = many(this.radar, { line_width: 1 });
    this.outlines = many(this.radar, { line_dash: { field: "dash" }, line_width: 2 });
    this.names = new Bokeh.ColumnDataSource({ data: { x: [], y: [], text: [], align: [], colour: [] } });
    this.radar.figure.text({ field: "x" }, { field: "y" }, { field: "text" }, { source: this.names,
      text_align: { field: "align" }, text_baseline: "middle", text_font_size: "12px", text_color: { field: "colour" } });
    this.window = this.charts.add("Stability windows", "", {
      height: 330, yRange: new Bokeh.FactorRange({ factors: [] }), xLabel: "potential against Li [V]" });
    this.bars = new Bokeh.ColumnDataSource({ data: { y: [], left: [], right: [], colour: [] } });
    this.window.figure.hbar({ y: { field: "y" }, left: { field: "left" }, right: { field: "right" }, height: 0.55,
      source: this.bars, fill_color: { field: "colour" }, line_color: { field: "colour" }, fill_alpha: 0.8 });
    this.volume = this.charts.add("Volume of active materials", "%", { height: 330, xLabel: "lithium per formula unit" });
    this.strains = many(this.volume, { line_dash: { field: "dash" }, line_width: 2 });
  }

  draw() {
    if (!this.charts) return;
    const chosen = (table) => Object.keys(table).filter((name) => this.ticked.has(name));
    this.drawRadar(chosen(this.library.scores));
    this.drawWindows(chosen(this.library.windows));
    const curves = chosen(this.library.volumes), { volumes } = this.library;
    this.strains.data = { ...styled(curves), xs: curves.map((name) => volumes[name].x), ys: curves.map((name) => volumes[name].y.map((v) => 100 * v)) };
    legend(this.volume, curves.map(entry));
  }

  drawRadar(names) {
    const { axes, scores } = this.library, at = (k, r) => [r * Math.sin((2 * Math.PI * k) / axes.length), r * Math.cos((2 * Math.PI * k) / axes.length)];
    const round = [...axes.keys(), 0], rule = colour("rule");
    const web = [...RINGS.map((r) => round.map((k) => at(k, r))), ...axes.map((_, k) => [[0, 0], at(k, 1)])];
    const closed = names.map((name) => {
      const points = axes.flatMap((axis, k) => (scores[name][axis.name].score == null ? [] : [at(k, scores[name][axis.name].score)]));
      return points.length ? [...points, points[0]] : [];
    });
    const split = (lines) => ({ xs: lines.map((line) => line.map(([x]) => x)), ys: lines.map((line) => line.map(([, y]) => y)) });
    this.web.data = { ...split(web), colour: web.map(() => rule) };
    this.outlines.data = { ...split(closed), ...styled(names) };
    const ends = axes.map((_, k) => at(k, 1.14));
    this.names.data = { x: ends.map(([x]) => x), y: ends.map(([, y]) => y), text: axes.map(({ name }) => name.replace(" ", "\n")),
      align: ends.map(([x]) => (Math.abs(x) < 0.1 ? "center" : x > 0 ? "left" : "right")), colour: axes.map(() => colour("ink")) };
    legend(this.radar, names.map(entry));
    this.radar.plot.setAttribute("aria-label", names.map((name) => `${name}: ${axes.map((axis) => `${axis.name} ${scores[name][axis.name].value?.toPrecision(3) ?? "unknown"}`).join(", ")}`).join("; "));
  }

  // A side that nobody gives a limit for is drawn open, to the edge.
  drawWindows(names) {
    const { windows } = this.library, order = [...names].reverse();
    this.window.figure.y_range.factors = order;
    const { colour: colours } = styled(names);
    this.bars.data = { y: order, left: order.map((name) => windows[name].low ?? 0), right: order.map((name) => windows[name].high ?? 6),
      colour: colours.reverse() };
    const open = names.filter((name) => windows[name].low == null || windows[name].high == null);
    legend(this.window, open.length ? [["muted", `drawn to the edge, for nobody gives the other limit: ${open.join(", ")}`]] : []);
  }

  paint() {
    this.charts?.paint();
    this.draw();
  }
}

function styled(names) {
  return { colour: names.map((_, k) => colour(COLOURS[k % COLOURS.length])), dash: names.map((_, k) => STYLES[Math.floor(k / COLOURS.length) % STYLES.length]) };
}

function entry(name, k) {
  return [COLOURS[k % COLOURS.length], name];
}
