// What the server answers, as numbers in the units of the page.
export function unpacked(text) {
  const letters = atob(text), bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return new Float32Array(bytes.buffer);
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

// A whole result with its ledger, profiles and slopes.
export function complete(raw) {
  const whole = opened(raw, raw.active_mass_kg);
  whole.ledger = raw.ledger.map((one) => ({ ...one, change: unpacked(one.change_m) }));
  whole.profiles = Object.fromEntries(Object.entries(raw.profiles).map(([name, one]) =>
    [name, {
      nodes: one.nodes, values: unpacked(one.values), depth: unpacked(one.position_m).map((x) => x * 1e6),
      across: Object.fromEntries(Object.entries(one.across).map(([key, text]) => [key, unpacked(text)])),
    }]));
  whole.pressure_slopes = raw.pressure_slopes.map((one) => ({
    ...one, charge: unpacked(one.charge_C), slope: unpacked(one.slope_Pa_per_C) }));
  return whole;
}

// When the cell is most charged [h], where there is most to see.
export function charged(result) {
  let most = 0;
  for (let i = 1; i < result.rows; i++) if (result.charge[i] > result.charge[most]) most = i;
  return result.time[most] ?? 0;
}

// The row at a share of the time.
export function rowAt(result, share) {
  const wanted = share * result.time[result.rows - 1];
  let row = 0;
  while (row + 1 < result.rows && result.time[row + 1] <= wanted) row += 1;
  return row;
}
