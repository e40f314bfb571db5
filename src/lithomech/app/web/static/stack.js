// The layers between the pistons, to scale, and one particle of the cathode.
const SPACE = "http://www.w3.org/2000/svg";
const WIDTH = 860, NARROW = 660, HEIGHT = 250, BELOW = 230, TOP = 52, TALL = 130, LEFT = 66, ROOM = 420;
const MOST_DRAWN = 26; // px that the largest change takes
const SLABS = 16;

export class Stack {
  constructor(host, table, material) {
    this.host = host;
    this.table = table;
    this.material = material; // makes the name of a material
    this.svg = node("svg", { role: "img" });
    host.append(this.svg);
    new ResizeObserver(() => {
      const narrow = host.clientWidth < 560; // the particle stands below, letters are larger
      if (!host.clientWidth || narrow === this.narrow) return;
      this.narrow = narrow;
      if (this.row !== undefined) this.draw(this.row);
    }).observe(host);
  }

  show(result) {
    this.result = result;
    const rows = result.rows;
    this.changes = new Map(result.layers.map(({ name }) => [name, new Float32Array(rows)]));
    for (const { layer, change } of result.ledger) {
      const sum = this.changes.get(layer);
      if (sum) for (let i = 0; i < rows; i++) sum[i] += change[i];
    }
    let most = 1e-9;
    for (const sum of this.changes.values()) for (const v of sum) most = Math.max(most, Math.abs(v));
    this.whole = result.layers.reduce((sum, layer) => sum + layer.thickness_m, 0);
    this.scale = ROOM / this.whole;
    this.magnified = niceBelow(MOST_DRAWN / (most * this.scale));
    this.ranges = Object.fromEntries(Object.entries(result.profiles).map(([side, { values }]) => [side, ends(values)]));
    this.list();
  }

  draw(row) {
    const { result, svg, narrow } = this;
    const parts = [];
    this.row = row;
    svg.setAttribute("viewBox", narrow ? `0 0 ${NARROW} ${HEIGHT + BELOW}` : `0 0 ${WIDTH} ${HEIGHT}`);
    const letters = narrow ? 24 : 15;
    let x = LEFT;
    parts.push(rect(12, TOP - 22, LEFT - 12, TALL + 44, "var(--piston)"));
    for (const layer of result.layers) {
      const change = this.changes.get(layer.name)[row];
      const width = Math.max(2.5, layer.thickness_m * this.scale + change * this.scale * this.magnified);
      parts.push(...this.layer(layer, x, width, row));
      parts.push(label(x + width / 2, TOP + TALL + (narrow ? 46 : 40), layer.name, letters));
      x += width;
    }
    parts.push(rect(x, TOP - 22, 34, TALL + 44, "var(--piston)"));
    parts.push(...fixture(result.fixture, x + 34, 640));
    parts.push(rect(640, TOP - 30, 10, TALL + 60, "var(--muted)"));
    const pressure = result.columns.stack_pressure_Pa[row] / 1e6;
    parts.push(label((LEFT + x) / 2, TOP - 30, `${figures(pressure)} MPa`, narrow ? 30 : 21, "var(--ink)"));
    parts.push(...this.particle(row, letters, narrow ? [NARROW / 2, HEIGHT + BELOW - 125] : [760, TOP + TALL / 2]));
    svg.replaceChildren(...parts);
    svg.setAttribute("aria-label", this.spoken(row, pressure));
    this.follow(row);
  }

  layer(layer, x, width, row) {
    const profile = this.result.profiles[layer.name];
    if (!layer.composite || !profile) {
      const fill = layer.name === "separator" ? "var(--separator)" : "var(--metal)";
      return [rect(x, TOP, width, TALL, fill)];
    }
    const nodes = profile.nodes, at = profileRow(this.result, row), slabs = Math.min(SLABS, nodes);
    const fromPiston = layer.name === "cathode" ? slabs - 1 : 0; // nodes count from the separator
    const range = this.ranges[layer.name];
    return Array.from({ length: slabs }, (_, slab) => {
      const n = Math.floor((Math.abs(fromPiston - slab) * nodes) / slabs);
      const share = (profile.values[at * nodes + n] - range[0]) / (range[1] - range[0] || 1);
      return rect(x + (width * slab) / slabs, TOP, width / slabs + 0.6, TALL, lithium(share));
    });
  }

  particle(row, letters, [cx, cy]) {
    const { columns } = this.result;
    if (!columns.cathode_stoichiometry || !this.result.profiles.cathode) return [];
    const contact = columns.cathode_contact_fraction?.[row] ?? 1;
    const cracks = columns.cathode_crack_area_fraction?.[row] ?? 0;
    const range = this.ranges.cathode;
    const share = (columns.cathode_stoichiometry[row] - range[0]) / (range[1] - range[0] || 1);
    const radius = 48 + 4 * share;
    const parts = [rect(cx - 78, cy - TALL / 2 - 12, 156, TALL + 24, "var(--matrix)", 10)];
    parts.push(node("circle", { cx, cy, r: 55, fill: "var(--paper)" }));
    parts.push(node("circle", { cx, cy, r: radius, fill: lithium(share) }));
    parts.push(node("path", { d: arc(cx, cy, (55 + radius) / 2, contact), fill: "none", stroke: "var(--matrix)", "stroke-width": 56 - radius + 1 }));
    for (let k = 0; k < 14; k++) {
      const angle = k * 2.399, length = radius * Math.min(1, 0.35 + 2 * cracks * (0.7 + 0.5 * Math.sin(k * 5)));
      const [c, s] = [Math.cos(angle), Math.sin(angle)], inner = radius - length * 0.9;
      const bend = angle + 0.07;
      const d = `M${cx + radius * c} ${cy + radius * s}L${cx + ((radius + inner) / 2) * Math.cos(bend)} ${cy + ((radius + inner) / 2) * Math.sin(bend)}L${cx + inner * c} ${cy + inner * s}`;
      parts.push(node("path", { d, fill: "none", stroke: "#1f2430", "stroke-width": Math.min(5, 22 * cracks * (1.3 + Math.sin(k))) }));
    }
    parts.push(label(cx, cy + TALL / 2 + 40, `${percent(contact)} in contact`, letters));
    parts.push(label(cx, cy - TALL / 2 - 24, "a particle of the cathode", letters));
    return parts;
  }

  spoken(row, pressure) {
    const layers = this.result.layers.map((layer) =>
      `${layer.name} ${figures(layer.thickness_m * 1e6)} micrometres, change ${figures(this.changes.get(layer.name)[row] * 1e6)}`);
    return `Stack between the pistons at ${figures(pressure)} megapascals: ${layers.join("; ")}`;
  }

  // The table of the layers, made where it says something else; only its changes follow the cursor.
  list() {
    const words = JSON.stringify([this.result.layers, this.magnified]);
    if (words === this.listed) return;
    this.listed = words;
    const table = document.createElement("table");
    const head = table.createTHead().insertRow();
    for (const word of ["Layer", "Of", "Thickness", "Change"]) {
      head.append(Object.assign(document.createElement("th"), { textContent: word, scope: "col" }));
    }
    const body = table.createTBody();
    this.cells = new Map();
    for (const layer of this.result.layers) {
      const line = body.insertRow();
      line.insertCell().textContent = layer.name;
      const of = line.insertCell();
      layer.materials.forEach((name, index) => of.append(index ? ", " : "", this.material(name)));
      if (layer.porosity != null) of.append(`, ${percent(layer.porosity)} pores`);
      const thickness = line.insertCell(), change = line.insertCell();
      thickness.textContent = `${figures(layer.thickness_m * 1e6)} µm`;
      thickness.className = change.className = "number";
      this.cells.set(layer.name, change);
    }
    const note = document.createElement("p");
    note.className = "quiet";
    note.textContent = `Thicknesses are to scale, changes ${this.magnified > 1 ? `are drawn ${this.magnified} times as large` : "too"}. `
      + "Colour: lithium in the active material, dark where it is full. Of the particle, the share "
      + "of its surface in contact is to scale; gap and cracks are drawn wider than they are.";
    this.table.replaceChildren(table, note);
  }

  follow(row) {
    for (const [name, cell] of this.cells) {
      const change = this.changes.get(name)[row] * 1e6;
      cell.textContent = `${change >= 0 ? "+" : "−"}${Math.abs(change).toFixed(2)} µm`;
    }
  }
}

// The least and the largest of many values.
export function ends(values) {
  let low = Infinity, high = -Infinity;
  for (const v of values) { if (v < low) low = v; if (v > high) high = v; }
  return [low, high];
}

// The last profile at or before a row.
export function profileRow(result, row) {
  const rows = result.profile_rows;
  let at = 0;
  while (at + 1 < rows.length && rows[at + 1] <= row) at += 1;
  return at;
}

function node(name, attributes) {
  const made = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function rect(x, y, width, height, fill, rx = 0) {
  return node("rect", { x, y, width, height, fill, rx });
}

function label(x, y, text, size = 15, fill = "var(--muted)") {
  const made = node("text", { x, y, fill, "text-anchor": "middle", "font-size": size, "font-weight": fill === "var(--ink)" ? 650 : 400 });
  made.textContent = text;
  return made;
}

// What holds the pistons: a spring, bolts, or a pressure that stays.
function fixture(kind, from, to) {
  const middle = TOP + TALL / 2;
  if (kind === "spring") return spring(from, to);
  if (kind === "bolted") return [-48, 0, 48].map((y) => rect(from, middle + y - 6, to - from, 12, "var(--muted)"));
  const points = `${from},${middle} ${from + 26},${middle - 20} ${from + 26},${middle - 7} ${to},${middle - 7} `
    + `${to},${middle + 7} ${from + 26},${middle + 7} ${from + 26},${middle + 20}`;
  return [node("polygon", { points, fill: "var(--muted)" })];
}

function spring(from, to) {
  const turns = 7, points = [];
  for (let k = 0; k <= 2 * turns; k++) {
    points.push(`${from + ((to - from) * k) / (2 * turns)},${TOP + TALL / 2 + (k % 2 ? 32 : -32)}`);
  }
  return [node("polyline", { points: points.join(" "), fill: "none", stroke: "var(--muted)", "stroke-width": 4, "stroke-linejoin": "round" })];
}

function arc(cx, cy, r, share) {
  if (share <= 0) return "";
  const angle = 2 * Math.PI * Math.min(share, 0.9999) - Math.PI / 2;
  return `M${cx} ${cy - r}A${r} ${r} 0 ${share > 0.5 ? 1 : 0} 1 ${cx + r * Math.cos(angle)} ${cy + r * Math.sin(angle)}`;
}

// From pale (empty) to dark blue (full of lithium).
function lithium(share) {
  const s = Math.min(Math.max(share, 0), 1);
  return `color-mix(in oklab, #123a5e ${(100 * s).toFixed(1)}%, #f0a35e)`;
}

function niceBelow(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  const lead = value / power;
  return Math.max(1, (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power);
}

export function figures(value) {
  if (!Number.isFinite(value)) return "–";
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function percent(share) {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "–";
}
