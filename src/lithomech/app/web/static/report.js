// An interactive report: the components of the page, with data that stand in the file.
import { Across } from "./across.js";
import { RunCharts } from "./charts.js";
import { charged, complete, rowAt } from "./columns.js";
import { made } from "./controls.js";
import { FitCharts } from "./fit_charts.js";
import { Stack, figures } from "./stack.js";
import { StudyCharts } from "./study_charts.js";

const STEPS = 1000;
const host = document.getElementById("interactive");
const { kind, data } = JSON.parse(document.getElementById("data").textContent);

async function run() {
  const result = complete(data);
  const cursor = made("input", { type: "range", min: 0, max: STEPS, value: Math.round((STEPS * charged(result)) / (result.time.at(-1) || 1)) });
  const value = made("output"), place = made("div", { className: "stack" }), layers = made("div", { className: "layers" });
  const [plots, depth] = [0, 1].map(() => made("div", { className: "charts" }));
  host.append(made("div", { className: "row" }, made("label", {}, "Through the cycle ", cursor), value), place, layers, plots, depth);
  const stack = new Stack(place, layers, String), across = new Across(depth);
  const follow = () => {
    const row = rowAt(result, cursor.value / STEPS);
    stack.draw(row);
    charts.cursor(row);
    across.cursor(row);
    value.textContent = `${figures(result.time[row])} h`;
  };
  const charts = new RunCharts(plots, (row) => {
    cursor.value = Math.round((STEPS * result.time[row]) / (result.time.at(-1) || 1));
    follow();
  });
  stack.show(result);
  charts.show(result);
  across.show(result);
  cursor.addEventListener("input", follow);
  follow();
  await Promise.all([charts.draw(), across.draw()]);
  return [charts, across];
}

async function study() {
  const charts = new StudyCharts(host);
  charts.describe(data.study);
  charts.finish(data.found);
  return [charts];
}

async function fit() {
  const charts = new FitCharts(host);
  await charts.describe(data.channels);
  charts.finish(data.found.curves);
  return [charts];
}

async function begin() {
  const system = matchMedia("(prefers-color-scheme: dark)"), dark = () => document.documentElement.toggleAttribute("data-dark", system.matches);
  dark();
  const shown = await { run, study, fit }[kind]();
  system.addEventListener("change", () => { dark(); for (const one of shown) one.paint(); });
}

begin();
