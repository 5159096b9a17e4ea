// Moments and lengths of time of a replay, in UTC.

import { scenario } from './data.js';
import { clock } from './format.js';

const inUtc = (options) => new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options });
const shortDay = inUtc({ weekday: 'short', day: 'numeric', month: 'short' });
const longDay = inUtc({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });

/** `Mon, 5 Jan` */
export const day = (time) => shortDay.format(time * 1000);

/** `14:05`, or `14:05:30` where the seconds matter. */
export const clockOf = (time) => (time % 60 === 0 ? clock(time).slice(0, 5) : clock(time));

export const dayAndClock = (time) => `${day(time)}, ${clock(time)}`;

/** With the day where there are several. */
export const brief = (time) => (scenario.length > 86400 ? dayAndClock(time) : clock(time));

/** `Mon, 5 Jan 2026, 14:05` */
export const dateAndClock = (time) => `${longDay.format(time * 1000)}, ${clockOf(time)}`;

/** In its two largest units: `45 s`, `12 min 30 s`, `3 h 5 min`, `2 d 4 h`. */
export function lengthOf(seconds) {
  const units = [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]];
  const whole = Math.round(seconds);
  const first = units.findIndex(([, size]) => whole >= size);
  if (first < 0) return '0\u00a0s';
  let rest = whole;
  return units.slice(first, first + 2).map(([name, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count ? `${count}\u00a0${name}` : '';
  }).filter(Boolean).join(' ');
}
