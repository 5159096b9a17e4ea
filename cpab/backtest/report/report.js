// Puts the page together.

import { byId, element, setContent, setText, setTitle } from './dom.js';
import { number } from './format.js';
import { compares, end, extent, faults, replays, scenario } from './data.js';
import { dateAndClock, dayAndClock, lengthOf } from './moments.js';
import { Charts } from './charts.js';
import { Reading } from './reading.js';
import { failures, figureTable, letter, tiles, verdict } from './figures.js';
import { Journal } from './journal.js';

const readings = replays.map((replay) => new Reading(replay));
const charts = new Charts((index) => readings.map((reading) => reading.show(index)).join(' '), showTime);
const journals = replays.map((replay) => new Journal(replay, (time) => charts.pointAt(time)));

function showTime(from, to) {
  setContent(byId('shown'), element('strong', {}, `${dayAndClock(from)} to ${dayAndClock(to)}`), `, ${lengthOf(to - from)}`);
  for (const journal of journals) journal.showRange(from, to);
}

function serviceLevel({ utilization, latencyMilliseconds }) {
  return [utilization == null ? null : `the load is at most ${number(utilization * 100)} % of the capacity of the ready replicas`,
    latencyMilliseconds == null ? null : `a request takes at most ${number(latencyMilliseconds)} ms on average`].filter(Boolean).join(', and ');
}

function replaySection(replay, i) {
  return element('section', { class: 'panel replay' },
    element('div', { class: 'title' }, element('h2', {}, letter(replay), ` ${replay.name}`)),
    charts.add('load', replay), readings[i].element, charts.add('replicas', replay), journals[i].element);
}

const swatch = (kind, text) => element('span', {}, element('i', { class: `swatch ${kind}` }), text);

/** Which samples are not in the page. */
function leftOut() {
  return extent.drawn === extent.samples ? [] : [
    `The charts draw ${number(extent.drawn)} of ${number(extent.samples)} samples: the lowest and highest of each stretch. All are in timeline.csv.`];
}

function notes() {
  return [
    `Service level: ${serviceLevel(scenario)}. A ready replica serves ${number(scenario.capacityPerReplica)} a second.`,
    ...faults.map(({ from, to, what }) => `Fault of the scenario: ${what}, ${dayAndClock(from)} for ${lengthOf(to - from)}.`),
    'Needed is what the service level takes; wanted what was decided; pods are there, though not all of them ready yet.',
    'Decisions one after the other that say the same are told once.',
    ...leftOut(),
  ].map((text) => element('li', {}, text));
}

setTitle(`${replays.map(({ name }) => name).join(' and ')} · ${scenario.name} · cpab`);
setContent(byId('title'), ...replays.flatMap((replay, i) => [i ? ' and ' : '', letter(replay) ?? '', compares ? ' ' : '', replay.name]));
setText(byId('scenario'), [`in ${scenario.name}`, replays[0].target,
  `${dateAndClock(scenario.begin)} to ${dateAndClock(end)} UTC`, lengthOf(scenario.length)].filter(Boolean).join(' · '));
setText(byId('verdict'), verdict());
setText(byId('failures'), failures());
byId('failures').hidden = !failures();
setContent(byId('tiles'), ...tiles());
byId('replays').classList.toggle('compared', compares);
byId('replays').classList.toggle('days', scenario.length > 86400);
setContent(byId('replays'), ...replays.map(replaySection));
setContent(byId('marks'), swatch('violated', 'service level violated'), swatch('failure', 'cycles that failed'),
  ...(faults.length ? [swatch('fault', 'fault of the scenario')] : []));
setContent(byId('figures'), figureTable());
setContent(byId('notes'), ...notes());
for (const button of document.querySelectorAll('[data-do]')) button.addEventListener('click', () => charts.move(button.dataset.do));
charts.show(scenario.begin, end);
