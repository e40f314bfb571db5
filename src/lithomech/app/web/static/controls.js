// Sliders and choices beside the cell file; a move is reported with its key and value.
const STEPS = 1000;

export class Controls {
  constructor(host, listed, moved) {
    this.listed = listed;
    this.rows = new Map();
    this.held = null;
    for (const one of listed) {
      const row = one.kind === "slider" ? slider(one, this, moved) : choice(one, moved);
      host.append(row.element);
      this.rows.set(one.key, row);
    }
  }

  // Shows the values that stand in the cell file; what has none does not apply.
  show(values) {
    for (const [key, row] of this.rows) {
      row.element.hidden = !(key in values);
      if (key in values && key !== this.held) row.show(values[key]);
    }
  }

  mark(key) {
    for (const [own, row] of this.rows) row.element.classList.toggle("story", own === key);
    const row = this.rows.get(key);
    if (row) row.element.querySelector("input[type=range], select").focus({ preventScroll: true });
  }

  // The sliders that apply to the cell file.
  get sliders() {
    return this.listed.filter((one) => one.kind === "slider" && !this.rows.get(one.key).element.hidden);
  }

  label(key) {
    return this.rows.get(key)?.label ?? key;
  }
}

function slider(one, owner, moved) {
  const id = `control-${one.key}`;
  const element = made("div", { className: "control", title: one.hint });
  const label = made("label", { textContent: one.label, htmlFor: `${id}-range` });
  const number = made("input", { type: "number", step: "any", min: one.low, max: one.high, id });
  const unit = made("span", { className: "unit", textContent: one.unit.replace("um", "µm").replace("deg", "°") });
  const range = made("input", { type: "range", min: 0, max: STEPS, id: `${id}-range` });
  number.setAttribute("aria-label", `${one.label} in ${one.unit || "units"}`);
  element.append(label, number, unit, range);
  const spread = one.log ? Math.log(one.high / one.low) : one.high - one.low;
  const toValue = (place) => {
    const share = place / STEPS;
    const value = one.log ? one.low * Math.exp(share * spread) : one.low + share * spread;
    return Number(value.toPrecision(3));
  };
  const toPlace = (value) =>
    (STEPS * (one.log ? Math.log(value / one.low) : value - one.low)) / spread;
  const clip = (value) => Math.min(Math.max(value, one.low), one.high);
  const spoken = (value) => range.setAttribute("aria-valuetext", `${value} ${one.unit}`);
  range.addEventListener("input", () => {
    owner.held = one.key;
    const value = clip(toValue(Number(range.value)));
    number.value = value;
    spoken(value);
    moved(one.key, value);
  });
  for (const end of ["change", "blur"]) range.addEventListener(end, () => { owner.held = null; });
  number.addEventListener("change", () => {
    if (number.value !== "" && number.checkValidity()) moved(one.key, Number(number.value));
    else number.reportValidity();
  });
  const show = (value) => {
    number.value = Number(value.toPrecision(4));
    range.value = toPlace(clip(value));
    spoken(number.value);
  };
  return { element, show, label: one.label };
}

function choice(one, moved) {
  const element = made("div", { className: "control" });
  const id = `control-${one.key}`;
  const select = made("select", { id });
  for (const word of one.options) select.append(option(word));
  element.append(made("label", { textContent: one.label, htmlFor: id }), select);
  select.addEventListener("change", () => moved(one.key, select.value));
  const show = (value) => {
    if (![...select.options].some((each) => each.value === value)) select.append(option(value));
    select.value = value;
  };
  return { element, show, label: one.label };
}

function option(word) {
  return made("option", { value: word, textContent: word });
}

export function made(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}
