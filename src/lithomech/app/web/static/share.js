// The state in the fragment of the link, and files to take away.
import { send } from "./server.js";

export async function packed(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export async function unpackedText(code) {
  const letters = atob(code.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).text();
}

export async function fromLink() {
  const found = /^#cell=([A-Za-z0-9_-]+)/.exec(location.hash);
  if (!found) return null;
  return unpackedText(found[1]).catch(() => null);
}

export async function intoLink(text) {
  history.replaceState(null, "", `#cell=${await packed(text)}`);
}

export class Share {
  constructor(text) {
    this.text = text;
    const buttons = {
      copy: () => this.copy(),
      "save-yaml": () => this.keep(new Blob([this.text()], { type: "text/yaml" }), "cell.yaml"),
      "save-netcdf": () => this.fetched("netcdf", "result.nc"),
      "save-report": () => this.fetched("report", "report.html"),
    };
    for (const [id, act] of Object.entries(buttons)) {
      document.getElementById(id).addEventListener("click", () => act());
    }
  }

  async copy() {
    await intoLink(this.text());
    await navigator.clipboard.writeText(location.href)
      .then(() => this.say("copied"), () => this.say("copy it from the address bar"));
  }

  async fetched(kind, name) {
    this.say("running …");
    try {
      const answer = await send(`export/${kind}`, JSON.stringify({ text: this.text() }), "application/json");
      this.keep(await answer.blob(), name);
    } catch (error) {
      this.say(error.message);
    }
  }

  keep(blob, name) {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    this.say(`${name} saved`);
  }

  say(words) {
    document.getElementById("share-status").textContent = words;
  }
}
