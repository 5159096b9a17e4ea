// What the replays came to, unpacked from the JSON in the page.

import { byId } from './dom.js';

const data = JSON.parse(byId('data').textContent);

/** `[value, times, value, times, ...]` as values. */
function unrolled(runs) {
  const values = [];
  for (let i = 0; i < runs.length; i += 2) for (let n = runs[i + 1]; n > 0; n--) values.push(runs[i]);
  return values;
}

export const scenario = { ...data.scenario, begin: Date.parse(data.scenario.start) / 1000 };
export const end = scenario.begin + scenario.length;

/** Seconds since the epoch, of a moment counted from the start. */
export const moment = (offset) => scenario.begin + offset;

function timesOf(steps) {
  let sample = 0;
  return unrolled(steps).map((step) => moment((sample += step) * scenario.sampleInterval));
}

/** Of the samples that are drawn. */
export const times = timesOf(data.drawn);
export const load = data.load;
export const needed = unrolled(data.needed);
export const figures = data.figures;
export const compares = data.replays.length > 1;

/** How many samples there were, and how many of them are in this page. */
export const extent = { samples: data.samples, drawn: times.length };

function decisionOf({ at, until, from, to, message, stderr, ...others }) {
  return {
    ...others, time: moment(at), until: moment(until ?? at), currentReplicas: from, desiredReplicas: to,
    message: data.texts[message], stderr: stderr == null ? null : data.texts[stderr],
  };
}

function replayOf(replay, i) {
  const ready = unrolled(replay.ready);
  return {
    ...replay, ready, wanted: unrolled(replay.wanted), pods: unrolled(replay.pods), letter: 'AB'[i],
    capacity: ready.map((count) => count * scenario.capacityPerReplica),
    violations: replay.violations.map(([first, count]) => {
      const from = moment(first * scenario.sampleInterval);
      return { from, to: from + count * scenario.sampleInterval };
    }),
    decisions: replay.decisions.map(decisionOf),
  };
}

export const replays = data.replays.map(replayOf);

export const faults = scenario.faults.map((fault) => ({
  from: moment(fault.at), to: moment(fault.at + fault.for),
  what: { api: 'the API server answers 503', metrics: 'the metrics APIs answer 503', shows: 'nothing is shown' }[fault.what] ?? fault.what,
}));

/** Which of `values`, sorted by `begin`, is the last that begins at `time` or before; -1: none. */
export function lastAt(values, time, begin) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (begin(values[middle]) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
