// What the replays came to in numbers: in a sentence, as tiles, and as a table.

import { element, table } from './dom.js';
import { number } from './format.js';
import { compares, extent, figures, replays, scenario } from './data.js';
import { lengthOf } from './moments.js';

const byName = Object.fromEntries(figures.map((figure) => [figure.name, figure]));
const valueOf = (name, i) => byName[name]?.values[i] ?? 0;

export const letter = (replay) => (compares ? element('span', { class: `letter ${replay.letter}` }, replay.letter) : null);

/** In three digits, or more where they are not behind the point. */
const short = (value) => number(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
const percent = (share) => `${short(share * 100)}\u00a0%`;
const wholePercent = (share) => `${Math.round(share * 100)}\u00a0%`;

function text(value, unit) {
  if (unit === 'share') return percent(value);
  return unit === 'seconds' ? lengthOf(value) : short(value);
}

function signed(value, unit) {
  if (value === 0) return 'the same';
  return `${value > 0 ? '+' : '−'}${text(Math.abs(value), unit)}`;
}

/** `better` or `worse` where that is clear, otherwise empty. */
function judgement({ lowerIsBetter, values: [first, second] }) {
  if (!lowerIsBetter || first === second) return '';
  return second < first ? 'better' : 'worse';
}

function difference(figure) {
  const { unit, values: [first, second] } = figure;
  const change = second - first;
  const share = first > 0 && change !== 0 && unit === '' ? ` (${change > 0 ? '+' : '−'}${wholePercent(Math.abs(change / first))})` : '';
  const judged = judgement(figure);
  return element('span', { class: `difference ${judged}` }, `${signed(change, unit)}${share}`, judged ? ` ${judged}` : '');
}

/** One number for each replay, and what belongs to it. */
function tile(title, name, note) {
  const figure = byName[name];
  if (!figure) return null;
  return element('section', { class: 'panel tile' }, element('h2', {}, title),
    element('dl', {}, ...replays.map((replay, i) => element('div', {},
      element('dt', {}, letter(replay)),
      element('dd', {}, text(figure.values[i], figure.unit), element('small', {}, note(i)))))),
    compares ? element('p', {}, difference(figure)) : null);
}

const violated = (i) => lengthOf(valueOf('sloViolationShare', i) * extent.samples * scenario.sampleInterval);

function beyondNeed(i) {
  const surplus = valueOf('podHours', i) / valueOf('neededPodHours', i) - 1;
  return Number.isFinite(surplus) ? `${wholePercent(Math.abs(surplus))} ${surplus < 0 ? 'less' : 'more'} than needed` : 'none were needed';
}

export const tiles = () => [
  tile('Service level violated', 'sloViolationShare', (i) => `${violated(i)} in all, ${lengthOf(valueOf('sloViolationLongestSeconds', i))} at a stretch`),
  tile('Pod-hours', 'podHours', beyondNeed),
  tile('Reversals', 'reversals', (i) => `${valueOf('scaleUps', i)} scale-ups, ${valueOf('scaleDowns', i)} scale-downs`),
  tile('Waiting for ready', 'readyLagMeanSeconds', (i) => `on average, ${lengthOf(valueOf('readyLagMaxSeconds', i))} at most`),
  figures.some(({ name, values }) => name === 'cyclesFailed' && values.some((value) => value > 0))
    ? tile('Cycles that failed', 'cyclesFailed', (i) => `of ${number(valueOf('cycles', i))}; they changed nothing`) : null,
].filter(Boolean);

const keepsAlways = (i) => valueOf('sloViolationShare', i) === 0;
const keeps = (i) => (keepsAlways(i) ? 'keeps the service level all the time' : `violates the service level for ${violated(i)}`);

/** What matters most, as a sentence. */
export function verdict() {
  const [first, second] = replays.map(({ name }) => name);
  const [hours, otherHours] = [0, 1].map((i) => valueOf('podHours', i));
  if (!compares) return `${first} ${keeps(0)}, and takes ${short(hours)} pod-hours, ${beyondNeed(0)}.`;
  const change = otherHours - hours;
  const cost = change === 0 ? `takes as many pod-hours as ${first}`
    : `takes ${short(Math.abs(change))} pod-hours ${change < 0 ? 'less' : 'more'} than ${first} (${signed(Math.round(change / hours * 100) / 100, 'share')})`;
  if (keepsAlways(0) && keepsAlways(1)) return `${second} ${cost}, and both keep the service level all the time.`;
  return `${second} ${cost}, and violates the service level for ${violated(1)} instead of ${violated(0)}.`;
}

/** What the reader must not overlook; empty when no cycle failed. */
export function failures() {
  return replays.map(({ name }, i) => {
    const [failed, all] = [valueOf('cyclesFailed', i), valueOf('cycles', i)];
    if (failed < all && failed === 0) return '';
    return failed < all ? `${number(failed)} of ${number(all)} cycles of ${name} failed, and changed nothing.`
      : `No cycle of ${name} succeeded: the figures tell nothing about it.`;
  }).filter(Boolean).join(' ');
}

/** All of them. */
export function figureTable() {
  const headings = compares ? ['Figure', ...replays.map(({ name }) => name), 'Difference'] : ['Figure', replays[0].name];
  return table('All figures', headings, figures.map((figure) => [
    element('span', { class: 'figure' }, element('span', {}, figure.label || figure.name),
      element('small', {}, `${figure.meaning} `, element('code', {}, figure.name))),
    ...figure.values.map((value) => text(value, figure.unit)),
    ...(compares ? [difference(figure)] : []),
  ]));
}
