// A file as text, with line numbers and its mistakes at their lines.
import { made } from "./controls.js";

const PATIENCE = 350; // ms without a key before the text counts as changed

export class Editor {
  constructor(host, changed) {
    this.area = host.querySelector("textarea");
    this.gutter = host.querySelector(".editor pre");
    this.list = host.querySelector(".mistakes");
    this.version = 0;
    this.wrong = new Set();
    let timer;
    this.area.addEventListener("input", () => {
      this.version += 1;
      this.number();
      clearTimeout(timer);
      timer = setTimeout(() => changed(), PATIENCE);
    });
    this.area.addEventListener("scroll", () => { this.gutter.scrollTop = this.area.scrollTop; });
  }

  get text() {
    return this.area.value;
  }

  // Shows a text that the server has changed, unless a person has typed since.
  show(text, version = this.version) {
    if (version !== this.version || text === this.area.value) return;
    const { scrollTop, selectionStart } = this.area;
    this.area.value = text;
    this.area.selectionStart = this.area.selectionEnd = Math.min(selectionStart, text.length);
    this.area.scrollTop = scrollTop;
    this.number();
  }

  report(mistakes) {
    if (!mistakes.length && !this.wrong.size) return;
    this.wrong = new Set(mistakes.map((one) => one.line));
    this.list.replaceChildren(...mistakes.map((one) => {
      const place = one.line === null ? "" : `line ${one.line}: `;
      const key = one.key ? `${one.key}: ` : "";
      const button = made("button", { type: "button", textContent: `${place}${key}${one.message}` });
      button.addEventListener("click", () => this.go(one.line));
      return button;
    }));
    this.number();
  }

  go(line) {
    if (line === null) return;
    const lines = this.text.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    this.area.closest("details").open = true;
    this.area.focus();
    this.area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
    this.area.scrollTop = (line - 4) * parseFloat(getComputedStyle(this.area).lineHeight);
  }

  number() {
    const count = this.text.split("\n").length, shown = [count, ...this.wrong].join();
    if (shown === this.numbered) return;
    this.numbered = shown;
    const parts = [];
    for (let line = 1; line <= count; line++) {
      parts.push(this.wrong.has(line) ? made("b", { textContent: line }) : String(line), "\n");
    }
    this.gutter.replaceChildren(...parts);
    this.gutter.scrollTop = this.area.scrollTop;
  }
}
