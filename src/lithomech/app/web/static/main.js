// The page: what is changed goes to the server, what comes back is drawn.
import { Across } from "./across.js";
import { charged, complete, opened, rowAt } from "./columns.js";
import { Controls, made } from "./controls.js";
import { RunCharts, pinColour } from "./charts.js";
import { Editor } from "./editor.js";
import { FitView } from "./fit.js";
import { Life } from "./life.js";
import { Materials } from "./materials.js";
import { Share, fromLink, intoLink } from "./share.js";
import { StudyView } from "./study.js";
import { Stack, figures, percent } from "./stack.js";
import { ask, get, send } from "./server.js";

const byId = (id) => document.getElementById(id);
const VIEWS = ["cell", "run", "life", "study", "fit", "materials", "share"];
const OF_RUN = new Set(["cell", "run"]); // views with the cursor through the cycle
const MOST_PINS = 4;
const LINK_EVERY = 600; // ms
const redraws = []; // ms from a move to the redrawn page
window.lithomech = { redraws, drawn: 0 };

let start, controls, editor, charts, across, follow, stack, life, materials, study, fit, result = null, row = 0, view = "cell";
let idle = Promise.resolve();
let pins = [], moves = new Map(), busy = false, dirty = false, since = 0, lastMove = "", playing = 0;

async function begin() {
  theme();
  start = await get("start");
  controls = new Controls(byId("controls"), start.controls, moved);
  editor = new Editor(byId("inputs"), () => changed());
  materials = new Materials(byId("materials"));
  stack = new Stack(byId("stack"), byId("layers"), aboutMaterial);
  const onCursor = (at) => setCursor(result.time[at] / (result.time[result.rows - 1] || 1));
  charts = new RunCharts(byId("charts"), onCursor);
  follow = new RunCharts(byId("follow"), onCursor, { brief: true });
  across = new Across(byId("across"));
  life = new Life(byId("life-charts"), () => editor.text);
  study = new StudyView(byId("study"), { studies: start.studies, cell: () => editor.text, sliders: () => ownSliders(), open: (text) => openText(text) });
  fit = new FitView(byId("fit"), { cell: () => editor.text, open: (text) => openText(text), read, replace });
  new Share(() => editor.text);
  choices();
  tabs();
  files();
  byId("axis").addEventListener("change", (event) => { charts.against(event.target.value); setCursor(); });
  byId("pin").addEventListener("click", pin);
  byId("cursor").addEventListener("input", () => setCursor(byId("cursor").value / 1000));
  byId("play").addEventListener("click", play);
  editor.show((await fromLink()) ?? start.text);
  window.addEventListener("hashchange", async () => {
    const text = await fromLink();
    if (text !== null && text !== editor.text) { editor.show(text); changed(); }
  });
  changed();
}

function moved(key, value) {
  moves.set(key, value);
  lastMove = `${controls.label(key)} ${value}`;
  changed(performance.now());
}

function changed(at = 0) {
  if (at && !since) since = at;
  dirty = true;
  if (!busy) idle = run();
}

// One request at a time; what has changed meanwhile goes with the next, which the server works
// on while the answer to the last is drawn.
async function run() {
  let drawing = null;
  busy = true;
  while (dirty) {
    dirty = false;
    const sent = [...moves], version = editor.version, begun = since;
    moves = new Map();
    since = 0;
    const waiting = running();
    try {
      const coming = ask("run", { text: editor.text, moves: sent });
      drawing?.();
      drawing = null;
      const answer = await coming;
      editor.show(answer.text, version);
      drawing = () => {
        if (version === editor.version) take(answer);
        if (begun) redrawn(begun);
      };
    } catch (error) {
      if (!error.superseded) status(error.message, true);
    } finally {
      clearInterval(waiting);
    }
  }
  drawing?.();
  busy = false;
}

// Says how long a run takes; one that needs what is not compiled yet takes a minute.
function running() {
  const begun = performance.now();
  if (!result) status("running …");
  return setInterval(() => {
    const seconds = Math.round((performance.now() - begun) / 1000);
    const hint = seconds > 8 ? "; a kind of step that is new is compiled first" : "";
    status(`running … ${seconds} s${hint}`);
  }, 1000);
}

function take(answer) {
  editor.report(answer.mistakes ?? []);
  if (Object.keys(answer.values).length) controls.show(answer.values);
  if (!answer.result) {
    status(answer.mistakes?.length > 1 ? `${answer.mistakes.length} mistakes` : "a mistake in the cell file", true);
    return;
  }
  const first = !result;
  result = complete(answer.result);
  if (first) byId("cursor").value = Math.round((1000 * charged(result)) / (result.time.at(-1) || 1));
  say(byId("name"), result.name);
  const seconds = `${(1000 * result.wall_time_s).toFixed(0)} ms`;
  const good = result.status === "completed";
  status(good ? `${result.status} in ${seconds}` : `${result.status}: ${result.reason}`, !good);
  warnings(result.warnings);
  draw();
  clearTimeout(take.timer);
  take.timer = setTimeout(() => intoLink(editor.text), LINK_EVERY);
}

function warnings(texts) {
  const [summary, list] = byId("warnings").children, words = texts.join("\n");
  if (words === warnings.shown) return;
  warnings.shown = words;
  summary.textContent = `Warnings (${texts.length})`;
  list.replaceChildren(...texts.map((text) => made("li", { textContent: text })));
}

function draw() {
  if (!result || !result.rows) return;
  stack.show(result);
  if (view === "cell") follow.show(result);
  if (view === "run") {
    charts.show(result);
    across.show(result);
    budget();
  }
  setCursor();
  show(view);
  window.lithomech.drawn += 1;
}

async function redrawn(begun) {
  await new Promise((done) => { requestAnimationFrame(() => setTimeout(done, 0)); });
  redraws.push(performance.now() - begun);
}

function setCursor(share = Number(byId("cursor").value) / 1000) {
  if (!result || !result.rows) return;
  row = rowAt(result, share);
  byId("cursor").value = Math.round(1000 * share);
  const words = `${figures(result.time[row])} h, cycle ${result.columns.cycle?.[row] ?? 1}`;
  say(byId("cursor-value"), words);
  byId("cursor").setAttribute("aria-valuetext", words);
  if (view === "cell") { stack.draw(row); follow.cursor(row); }
  if (view === "run") { charts.cursor(row); across.cursor(row); }
  glance();
}

function glance() {
  const { columns } = result, cycle = result.cycles.at(-1) ?? {};
  // A protocol that only charges has no discharge to show.
  const capacity = cycle.discharge_capacity_mAh_per_g ? ["Discharge", cycle.discharge_capacity_mAh_per_g] : ["Charge", cycle.charge_capacity_mAh_per_g];
  const shown = [
    ["Voltage", figures(columns.voltage_V[row]), "V"],
    ["Stack pressure", figures(columns.stack_pressure_Pa[row] / 1e6), "MPa"],
    ["In contact", percent(columns.cathode_contact_fraction?.[row]), ""],
    ["Crack area", percent(columns.cathode_crack_area_fraction?.[row]), ""],
    ["Isolated", percent(columns.cathode_isolated_share?.[row]), ""],
    [capacity[0], figures(capacity[1] ?? NaN), "mAh/g"],
    ["Efficiency", percent(cycle.coulombic_efficiency ?? NaN), ""],
    ["Pressure swing", figures(cycle.stack_pressure_swing_MPa ?? NaN), "MPa"],
  ];
  const host = byId("glance");
  while (host.children.length < shown.length) {
    host.append(made("div", {}, made("dt"), made("dd", {}, new Text(), " ", made("small"))));
  }
  shown.forEach(([name, value, unit], index) => {
    const [term, number] = host.children[index].children;
    say(term, name);
    say(number.firstChild, value);
    say(number.lastChild, unit);
  });
}

function budget() {
  const losses = result.cycles.at(-1)?.losses ?? {};
  const tables = [["overvoltage_mV", "Overvoltage by cause", "mV"], ["capacity_mAh_per_g", "Missing capacity by cause", "mAh/g"]]
    .filter(([key]) => losses[key]).map(([key, caption, unit]) => {
      const rows = Object.entries(losses[key]).filter(([, value]) => value > 0.005).sort((a, b) => b[1] - a[1]);
      const most = Math.max(...rows.map(([, value]) => value), 1e-9);
      const table = made("table", {}, made("caption", { textContent: caption }));
      for (const [cause, value] of rows) {
        const meter = made("meter", { min: 0, max: most, value });
        meter.setAttribute("aria-label", cause);
        table.append(made("tr", {}, made("td", { textContent: cause }), made("td", { textContent: `${figures(value)} ${unit}` }), made("td", {}, meter)));
      }
      return table;
    });
  byId("budget").replaceChildren(...tables);
}

function pin() {
  if (!result) return;
  pins = [...pins, { result, words: lastMove || result.name }].slice(-MOST_PINS);
  showPins();
}

function showPins() {
  for (const each of [charts, follow]) each.pin(pins);
  byId("pins").replaceChildren(...pins.map((each, index) => {
    const mark = made("i"), drop = made("button", { textContent: "×", type: "button" });
    mark.style.setProperty("--swatch", `var(--${pinColour(index)})`);
    drop.setAttribute("aria-label", `Remove the pin ${each.words}`);
    drop.addEventListener("click", () => { pins = pins.filter((one) => one !== each); showPins(); });
    const capacity = each.result.cycles.at(-1)?.discharge_capacity_mAh_per_g;
    const text = capacity == null ? each.words : `${each.words}: ${figures(capacity)} mAh/g`;
    return made("li", {}, mark, text, " ", drop);
  }));
}

function play() {
  if (playing) {
    cancelAnimationFrame(playing);
    playing = 0;
  } else {
    let before = performance.now();
    const step = (now) => {
      const share = (Number(byId("cursor").value) / 1000 + (now - before) / 8000) % 1;
      if (now - before > 30) { setCursor(share); before = now; }
      playing = requestAnimationFrame(step);
    };
    playing = requestAnimationFrame(step);
  }
  byId("play").textContent = playing ? "❚❚" : "▶";
  byId("play").setAttribute("aria-label", playing ? "Pause" : "Play the cycle");
}

function choices() {
  start.presets.forEach((one, index) => byId("preset").append(made("option", { value: index, textContent: one.title })));
  for (const one of start.examples) byId("example").append(made("option", { value: one.name, textContent: one.title }));
  byId("preset").addEventListener("change", async (event) => {
    const preset = start.presets[event.target.value];
    byId("sentence").hidden = !preset;
    if (!preset) { controls.mark(null); return; }
    byId("sentence").textContent = `${preset.sentence} Move: ${controls.label(preset.slider)}.`;
    await open(preset.example);
    if (preset.view) select(preset.view);
    controls.mark(preset.slider);
  });
  byId("example").addEventListener("change", (event) => { if (event.target.value) open(event.target.value); });
}

// Sliders that stand for one key of the file; those of the protocol stand for several.
function ownSliders() {
  return controls.sliders.filter(({ key }) => !key.startsWith("protocol."));
}

async function open(name) {
  const { text } = await get(`example/${name}`);
  byId("example").value = name;
  await replace(text);
}

// Opens a cell that came from a study or a fit.
async function openText(text) {
  byId("example").value = "";
  await select("cell");
  await replace(text);
}

async function replace(text) {
  moves = new Map();
  editor.version += 1;
  editor.show(text);
  changed();
  await idle;
}

function tabs() {
  for (const name of VIEWS) byId(`tab-${name}`).addEventListener("click", () => select(name));
  document.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    select(VIEWS[(VIEWS.indexOf(view) + step + VIEWS.length) % VIEWS.length]);
    byId(`tab-${view}`).focus();
  });
}

async function select(name) {
  view = name;
  for (const each of VIEWS) {
    byId(each).hidden = each !== name;
    byId(`tab-${each}`).setAttribute("aria-selected", each === name);
    byId(`tab-${each}`).tabIndex = each === name ? 0 : -1;
  }
  byId("cursor-row").hidden = byId("glance").hidden = byId("warnings").hidden = !OF_RUN.has(name);
  draw();
  if (name === "study") study.show();
  if (name === "fit") await fit.show();
  if (name === "materials") await materials.open();
  await show(name);
}

// A material of a layer: its numbers with their sources on hover, its row in the table on click.
function aboutMaterial(name) {
  const button = made("button", { type: "button", className: "material", textContent: name });
  const explain = async () => {
    await materials.load();
    const one = materials.library.materials.find((each) => each.name === name);
    if (!one) return;
    button.title = [...one.about, ...Object.entries(one.values).map(([key, value]) =>
      `${materials.library.properties[key]}: ${value.shown} (${value.standing}: ${value.source})`)].join("\n");
  };
  for (const event of ["pointerenter", "focus"]) button.addEventListener(event, explain, { once: true });
  button.addEventListener("click", async () => { await select("materials"); await materials.open(name); });
  return button;
}

// Plots are made when their view is first seen, with their data.
async function show(name) {
  const shown = { cell: follow, run: charts }[name];
  if (!shown || shown.isDrawn || !result) return;
  shown.isDrawn = true;
  await Promise.all([shown.draw(), name === "run" ? across.draw() : null]);
}

function files() {
  byId("measured").addEventListener("change", (event) => { if (event.target.files[0]) overlay(event.target.files[0]); });
  document.addEventListener("dragover", (event) => { event.preventDefault(); document.body.classList.add("dropping"); });
  document.addEventListener("dragleave", () => document.body.classList.remove("dropping"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    if (event.dataTransfer.files[0]) overlay(event.dataTransfer.files[0]);
  });
}

// A measured file as the server reads it.
async function read(file) {
  const answer = await send(`measured?name=${encodeURIComponent(file.name)}`, file, "application/octet-stream");
  const measured = await answer.json();
  if (measured.mistakes) throw new Error(`${file.name}: ${measured.mistakes[0].message}`);
  return measured;
}

async function overlay(file) {
  try {
    const measured = await read(file);
    if (view === "fit") { fit.take(measured); return; }
    await select("run");
    const columns = opened(measured, result?.active_mass_kg);
    for (const each of [charts, follow]) each.overlay(columns);
    status(`${file.name}: ${measured.rows} rows, drawn grey`);
  } catch (error) {
    status(error.message, true);
  }
}

function theme() {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = byId("theme").value;
    document.documentElement.toggleAttribute("data-dark", chosen ? chosen === "dark" : system.matches);
    for (const each of [charts, across, follow, life?.charts, materials, study, fit]) each?.paint();
  };
  byId("theme").addEventListener("change", apply);
  system.addEventListener("change", apply);
  apply();
}

// Touches a node only where its words change: each touch costs a layout of the page.
function say(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

function status(words, bad = false) {
  say(byId("status"), words);
  byId("status").classList.toggle("bad", bad);
}

begin().catch((error) => status(error.message, true));
