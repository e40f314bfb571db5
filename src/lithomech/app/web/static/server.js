// Requests to the server.
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
