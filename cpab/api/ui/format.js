// Numbers and times as people read them. Times are in UTC, as in the sentences of cpab.

export const clock = (seconds) => new Date(seconds * 1000).toISOString().slice(11, 19);

export const secondsOf = (time) => Date.parse(time) / 1000;

/** `2026-01-31 18:00 UTC` */
export const dateAndTime = (time) => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

export const replicas = (count) => `${count} ${count === 1 ? 'replica' : 'replicas'}`;

export function number(value) {
  if (value == null) return '–';
  return value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) >= 100 ? 1 : 3 });
}

export function milliseconds(value) {
  if (value == null) return '–';
  if (value >= 1000) return `${(value / 1000).toFixed(1)} s`;
  return `${value >= 10 ? Math.round(value) : value.toFixed(1)} ms`;
}

/** A length of time in its largest unit: `4 s`, `12 min`, `3 h`, `2 d`. */
export function length(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 90) return `${whole} s`;
  if (whole < 90 * 60) return `${Math.round(whole / 60)} min`;
  if (whole < 36 * 3600) return `${Math.round(whole / 3600)} h`;
  return `${Math.round(whole / 86400)} d`;
}

export const targetName = (target) => `${target.namespace}/${target.name}`;

export const actionLabel = (decision) => ({
  scaled: 'scaled', unchanged: 'kept', disabled: 'switched off', held: 'held', failed: 'failed', shadow: 'shadow',
}[decision.action] ?? decision.action);

export const replicaChange = ({ currentReplicas: from, desiredReplicas: to }) =>
  to == null || to === from ? `${from ?? '–'}` : `${from ?? '–'} → ${to}`;

/** An override in words, without its end. */
export function overrideText(override) {
  const parts = [];
  if (override.replicas != null) parts.push(`fixed at ${replicas(override.replicas)}`);
  if (override.min != null) parts.push(`at least ${override.min}`);
  if (override.max != null) parts.push(`at most ${override.max}`);
  const direction = { none: 'paused', up: 'no scale-down', down: 'no scale-up' }[override.direction];
  if (direction) parts.push(direction);
  return parts.join(', ');
}
