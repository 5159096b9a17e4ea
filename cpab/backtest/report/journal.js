// The list of the decisions of a replay that changed something or failed.

import { chip } from './chip.js';
import { choice, element, setContent, setText, show } from './dom.js';
import { number, replicaChange } from './format.js';
import { brief, lengthOf } from './moments.js';

const page = 15;

const filters = {
  all: ({ action }) => action !== 'unchanged',
  changed: ({ action }) => action === 'scaled',
  failed: ({ action }) => action === 'failed',
};

function filterChoice(replay) {
  const option = (value, text, checked) => element('label', {},
    element('input', { type: 'radio', name: `filter-${replay.letter}`, value, checked }), element('span', {}, text));
  return element('fieldset', { class: 'choice screen' }, element('legend', {}, 'Decisions shown'),
    option('all', 'All', true), option('changed', 'Changed'), option('failed', 'Failed'));
}

/** How much is told of a replay that is too long to tell all. */
function thinnedOut({ decisions, decisionRuns: all }) {
  if (decisions.length === all) return null;
  return element('p', { class: 'hint thinned' },
    `This page tells ${number(decisions.length)} of ${number(all)} different decisions, evenly spread; all are in decisions.jsonl.`);
}

/** `8 times in 2 min` */
const repeated = ({ time, until, count }) => (count > 1 ? element('small', {}, ` ${count} times in ${lengthOf(until - time)}`) : null);

export class Journal {
  #replay;
  #point;
  #filter = filters.all;
  #shown = page;
  #range = [0, Infinity];
  #list = element('ol', { class: 'list' });
  #none = element('p', { class: 'hint' }, 'None in this time.');
  #more = element('button', { type: 'button', class: 'quiet screen' });
  #left = element('p', { class: 'hint paper' });
  element;

  /** `point` is called with the time of a decision that somebody chooses. */
  constructor(replay, point) {
    this.#replay = replay;
    this.#point = point;
    const filter = filterChoice(replay);
    choice(filter, (name) => {
      this.#filter = filters[name];
      this.#shown = page;
      this.#draw();
    });
    this.#more.addEventListener('click', () => {
      this.#shown += 5 * page;
      this.#draw();
    });
    this.element = element('div', { class: 'journal' },
      element('div', { class: 'title' }, element('h3', {}, 'Decisions that changed something or failed'), filter),
      thinnedOut(replay), this.#none, this.#list, this.#more, this.#left);
  }

  /** Those of this stretch of time. */
  showRange(from, to) {
    this.#range = [from, to];
    this.#shown = page;
    this.#draw();
  }

  #draw() {
    const [from, to] = this.#range;
    const matching = this.#replay.decisions.filter((decision) => this.#filter(decision) && decision.until >= from && decision.time <= to);
    const left = matching.length - this.#shown;
    setContent(this.#list, ...matching.slice(0, this.#shown).map((decision) => this.#entry(decision)));
    show(this.#none, matching.length === 0);
    show(this.#more, left > 0);
    show(this.#left, left > 0);
    setText(this.#more, `Show more of ${left}`);
    setText(this.#left, `and ${left} more`);
  }

  #entry(decision) {
    const time = element('button', { type: 'button', class: 'moment', title: 'Show in the charts' },
      element('time', { datetime: new Date(decision.time * 1000).toISOString() }, brief(decision.time)));
    time.addEventListener('click', () => this.#point(decision.time));
    return element('li', {}, time, chip(decision), element('span', { class: 'change' }, replicaChange(decision)),
      element('span', { class: 'message' }, decision.message, repeated(decision),
        decision.stderr ? element('pre', {}, decision.stderr) : null));
  }
}
