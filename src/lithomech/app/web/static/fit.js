// Fits: a measured file, parameters and their bounds, the fit while it runs, what it says.
import { made } from "./controls.js";
import { FitCharts } from "./fit_charts.js";
import { ask, events, get } from "./server.js";

const COLUMNS = { voltage: "voltage_V", stack_pressure: "stack_pressure_Pa" };

export class FitView {
  // `cell` gives the text of the open cell, `open` takes one and shows it, `replace` only takes
  // it, `read` sends a file to the server.
  constructor(host, { cell, open, read, replace }) {
    Object.assign(this, { cell, read, replace });
    this.part = (name) => host.querySelector(`[data-part="${name}"]`);
    this.charts = new FitCharts(this.part("plots"));
    this.wanted = new Set();
    this.part("file").addEventListener("change", ({ target }) => { if (target.files[0]) this.load(target.files[0]); });
    this.part("try").addEventListener("click", () => this.example());
    this.part("start").addEventListener("click", () => this.run());
    this.part("stop").addEventListener("click", () => this.control?.abort());
    this.part("take").addEventListener("click", () => open(this.fitted));
  }

  // Parameters that the open cell has; bounds that a person wrote stay while the cell does.
  async show() {
    const text = this.cell();
    if (text === this.listed) return;
    try {
      const { parameters } = await ask("parameters", { text });
      this.listed = text;
      this.list(parameters);
    } catch (error) {
      this.say(error.message);
    }
  }

  list(parameters) {
    const table = made("table"), head = table.createTHead().insertRow();
    for (const words of ["Parameter", "From", "To", "Result"]) head.append(made("th", { scope: "col", textContent: words }));
    const body = table.createTBody();
    this.rows = parameters.map((one) => {
      const tick = made("input", { type: "checkbox", checked: this.wanted.has(one.key) });
      tick.addEventListener("change", () => (tick.checked ? this.wanted.add(one.key) : this.wanted.delete(one.key)));
      const [from, to] = ["from", "to"].map((end) => {
        const input = made("input", { type: "text", size: 12, value: one[end] });
        input.setAttribute("aria-label", `${one.key}, ${end}`);
        return input;
      });
      const result = made("td");
      const line = body.insertRow();
      line.append(made("td", {}, made("label", {}, tick, " ", one.key)), made("td", {}, from), made("td", {}, to), result);
      return { key: one.key, scale: one.scale, tick, from, to, result };
    });
    this.part("choice").replaceChildren(table);
  }

  async load(file) {
    try {
      this.take(await this.read(file));
    } catch (error) {
      this.say(error.message);
    }
  }

  take(measured) {
    this.measured = measured;
    this.part("name").textContent = `${measured.name}: ${measured.rows} rows`;
    for (const [quantity, column] of Object.entries(COLUMNS)) {
      const box = this.part(quantity);
      box.disabled = !(column in measured.columns);
      box.checked = !box.disabled;
    }
  }

  async example() {
    const { text, measured, truth, parameters } = await get("fit-example");
    this.wanted = new Set(parameters);
    await this.replace(text);
    this.take(measured);
    await this.show();
    this.say(`ready: press Fit. ${truth}`);
  }

  async run() {
    const begun = performance.now(), text = this.cell();
    const noise = Object.fromEntries(Object.keys(COLUMNS).filter((name) => this.part(name).checked)
      .map((name) => [name, this.part(`${name}-noise`).value]));
    const parameters = Object.fromEntries(this.rows.filter(({ tick }) => tick.checked)
      .map(({ key, from, to, scale }) => [key, { from: from.value, to: to.value, scale }]));
    const data = { text, file: this.measured?.file ?? "", noise, parameters, starts: Number(this.part("starts").value) };
    this.control = new AbortController();
    this.part("start").disabled = true;
    this.part("stop").disabled = false;
    this.part("take").disabled = true;
    this.part("answers").replaceChildren();
    for (const { result } of this.rows) result.textContent = "";
    this.say("reading …");
    let ended = "stopped; start again to resume", misfit = "";
    try {
      for await (const { kind, data: piece } of events("fit", data, this.control.signal)) {
        if (kind === "end") { ended = piece.reason || ended; break; }
        if (piece.mistakes) { ended = "the fit cannot run"; this.answer(piece.mistakes.map(({ key, message }) => (key ? `${key}: ${message}` : message))); }
        if (piece.channels) await this.charts.describe(piece.channels);
        if (piece.best) { this.charts.best(piece.best.curves); misfit = `, residuals ${piece.best.misfit.toPrecision(3)} times the noise`; }
        if (piece.words) { this.part("progress").value = piece.share; this.say(`${piece.words}${misfit}`); }
        if (piece.found) { this.finish(piece.found); ended = piece.found.reason; }
      }
    } catch (error) {
      if (error.name !== "AbortError") ended = error.message;
    }
    this.say(`${ended}${misfit}, ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    this.part("start").disabled = false;
    this.part("stop").disabled = true;
  }

  finish(found) {
    this.charts.finish(found.curves);
    this.fitted = found.fitted;
    this.part("take").disabled = false;
    for (const { key, unit, value, low, high, verdict } of found.parameters) {
      const row = this.rows.find((one) => one.key === key);
      const ends = [low, high].map((end) => (end === null ? "–" : end.toPrecision(4)));
      if (row) row.result.textContent = value === null ? verdict : `${value.toPrecision(4)} ${unit} (90 %: ${ends.join(" to ")})`;
    }
    this.answer([...found.answers, ...found.warnings]);
  }

  answer(lines) {
    this.part("answers").replaceChildren(...lines.map((words) => made("li", { textContent: words })));
  }

  say(words) {
    this.part("status").textContent = words;
  }

  paint() {
    this.charts.paint();
  }
}
