// Requests to the server, and what comes back as numbers.
const own = crypto.randomUUID();

export async function ask(path, data) {
  const answer = await send(path, JSON.stringify(data), "application/json");
  return answer.json();
}

export async function send(path, body, type, signal) {
  const headers = { "Content-Type": type, "X-Tab": own };
  const answer = await fetch(path, { method: "POST", headers, body, signal });
  if (answer.ok) return answer;
  const reply = await answer.json().catch(() => ({}));
  const first = reply.mistakes?.[0];
  const error = new Error(reply.reason ?? first?.message ?? `the server answered ${answer.status}`);
  error.superseded = answer.status === 409;
  throw error;
}

export async function get(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer.json();
}

export function unpacked(text) {
  const letters = atob(text), bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return new Float32Array(bytes.buffer);
}

// The events of a stream, one by one.
export async function* events(path, data, signal) {
  const answer = await send(path, JSON.stringify(data), "application/json", signal);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const lines = part.split("\n");
      const named = lines.find((line) => line.startsWith("event: "))?.slice(7) ?? "message";
      const content = lines.filter((line) => line.startsWith("data: ")).map((l) => l.slice(6));
      yield { kind: named, data: JSON.parse(content.join("\n")) };
    }
  }
}

// A result or a measured file with its columns as arrays, in the units of the page.
export function opened(answer, mass) {
  const columns = Object.fromEntries(
    Object.entries(answer.columns).map(([name, text]) => [name, unpacked(text)]));
  const { time_s: time, current_A: current } = columns;
  const charge = new Float32Array(time.length);
  for (let i = 1; current && i < time.length; i++) {
    charge[i] = charge[i - 1] + 0.5 * (current[i] + current[i - 1]) * (time[i] - time[i - 1]);
  }
  const scale = mass ? 1 / (3.6 * mass * 1e3) : 1 / 3.6;
  return {
    ...answer,
    columns,
    rows: time.length,
    time: time.map((t) => (t - time[0]) / 3600),
    charge: charge.map((q) => q * scale),
    chargeUnit: mass ? "mAh/g" : "mAh",
  };
}
