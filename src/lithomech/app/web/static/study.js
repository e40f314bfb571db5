// Studies: start one, watch its members come, stop, resume, and open a member as a cell.
import { made } from "./controls.js";
import { Editor } from "./editor.js";
import { ask, events, get } from "./server.js";
import { StudyCharts } from "./study_charts.js";

const READ_OUT = "[discharge_capacity_mAh_per_g, stack_pressure_swing_MPa, contact_fraction_end_of_charge]";

export class StudyView {
  // `cell` gives the text of the open cell, `sliders` the sliders that it has, `open` takes a cell.
  constructor(host, { studies, cell, sliders, open }) {
    this.host = host;
    this.part = (name) => host.querySelector(`[data-part=${name}]`);
    this.openCell = open;
    this.editor = new Editor(host, () => this.editor.report([]));
    this.charts = new StudyCharts(this.part("plots"), (point) => this.open(point));
    this.part("which").append(...studies.map((one) => made("option", { value: one.name, textContent: one.title })));
    this.part("which").addEventListener("change", ({ target }) => this.take(target.value));
    this.part("own").addEventListener("click", () => {
      this.part("which").value = "";
      this.editor.show(template(cell(), sliders().find(({ key }) => key === this.part("factor").value)));
    });
    this.sliders = sliders;
    this.part("start").addEventListener("click", () => this.run());
    this.part("stop").addEventListener("click", () => this.control?.abort());
  }

  show() {
    const factor = this.part("factor"), before = factor.value;
    factor.replaceChildren(...this.sliders().map(({ key, label }) => made("option", { value: key, textContent: label })));
    if (before) factor.value = before;
    if (!this.editor.text) this.part("own").click();
  }

  async take(name) {
    if (!name) return;
    this.editor.show((await get(`example/${name}`)).text);
    this.editor.report([]);
  }

  async run() {
    const { text } = this.editor, begun = performance.now();
    this.control = new AbortController();
    this.part("start").disabled = true;
    this.part("stop").disabled = false;
    this.part("answers").replaceChildren();
    this.editor.report([]);
    this.say("reading …");
    let ended = "stopped; start again to resume", share = 0;
    try {
      for await (const { kind, data } of events("study", { text, folder: this.part("folder").value.trim() }, this.control.signal)) {
        if (kind === "end") { ended = data.reason || ended; break; }
        if (data.mistakes) { this.editor.report(data.mistakes); ended = "the study cannot run"; }
        if (data.study) { this.text = text; this.charts.describe(data.study); }
        if (data.members) this.charts.add(data.members);
        if (data.words) { share = data.share; this.say(data.words); }
        if (data.found) { this.finish(data.found); ended = data.found.reason; }
        this.part("progress").value = share;
      }
    } catch (error) {
      if (error.name !== "AbortError") ended = error.message;
    }
    this.say(`${ended}, ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    this.part("start").disabled = false;
    this.part("stop").disabled = true;
  }

  finish(found) {
    this.charts.finish(found);
    this.part("answers").replaceChildren(...[...found.answers, ...found.warnings].map((words) => made("li", { textContent: words })));
  }

  async open(point) {
    if (!this.charts.study.is_cell) { this.say("only members that are cells can be opened"); return; }
    try {
      const { text } = await ask("member", { text: this.text, point });
      this.openCell(text);
    } catch (error) {
      this.say(error.message);
    }
  }

  say(words) {
    this.part("status").textContent = words;
  }

  paint() {
    this.charts.paint();
  }
}

// A study of the open cell over one of its sliders.
function template(cell, slider) {
  const inside = cell.trimEnd().split("\n").map((line) => `  ${line}`).join("\n");
  const unit = slider.unit ? ` ${slider.unit}` : "", scale = slider.log ? ", scale: log" : "";
  return `name: ${slider.label} of the open cell\nbase:\n${inside}\nvary:\n`
    + `  ${slider.key}: {from: ${slider.low}${unit}, to: ${slider.high}${unit}${scale}, points: 13}\noutputs: ${READ_OUT}\n`;
}
