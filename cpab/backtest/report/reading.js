// What was so, and what was decided, at the moment that is pointed at.

import { chip } from './chip.js';
import { element, setContent } from './dom.js';
import { number, replicas } from './format.js';
import { end, faults, lastAt, load, needed, times } from './data.js';
import { brief, dayAndClock } from './moments.js';

const covers = (time) => ({ from, to }) => from <= time && time < to;

/** What was decided until the next sample that is drawn; of several that which changed something. */
function decisionAt({ decisions }, index) {
  const last = lastAt(decisions, (times[index + 1] ?? end + 1) - 0.001, ({ time }) => time);
  for (let i = last; i >= 0 && decisions[i].time >= times[index]; i--) if (decisions[i].action !== 'unchanged') return decisions[i];
  return decisions[last];
}

/** The time of a decision, and until when it was repeated. */
export function whenDecided({ time, until, count }) {
  return count > 1 ? `${brief(time)}, and ${count - 1} more until ${brief(until)}` : brief(time);
}

export class Reading {
  #replay;
  #element = element('div', { class: 'reading' }, element('p', { class: 'hint screen' },
    'Point at a chart or tap it to read what was decided, and why. With the keyboard: arrows, Page Up and Page Down.'));

  constructor(replay) {
    this.#replay = replay;
  }

  get element() {
    return this.#element;
  }

  /** Shows the moment of a sample, and returns it in words. */
  show(index) {
    const time = times[index];
    const decision = decisionAt(this.#replay, index);
    const isViolated = this.#replay.violations.some(covers(time));
    const fault = faults.find(covers(time));
    const state = `load ${number(load[index])}, capacity ${number(this.#replay.capacity[index])}, `
      + `${replicas(this.#replay.ready[index])} ready, ${needed[index]} needed`;
    setContent(this.#element,
      element('p', {}, element('strong', {}, dayAndClock(time)), ` ${state} `,
        isViolated ? element('span', { class: 'chip bad' }, 'service level violated') : null, ' ',
        fault ? element('span', { class: 'chip notable' }, fault.what) : null),
      decision ? element('p', { class: 'decided' }, chip(decision), ` ${decision.message} `, element('small', {}, `decided ${whenDecided(decision)}`))
        : element('p', { class: 'hint' }, 'Nothing had been decided yet.'));
    return `${dayAndClock(time)}: ${state}${isViolated ? ', service level violated' : ''}. ${decision?.message ?? ''}`;
  }
}
