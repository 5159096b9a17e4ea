// The list of decisions, each of which opens into its explanation.

import { chip } from './chip.js';
import { byId, choice, element, setChildren, show } from './dom.js';
import { explanation } from './explanation.js';
import { clock, replicaChange, secondsOf } from './format.js';

const page = 25;

const filters = {
  all: () => true,
  changed: (decision) => decision.action === 'scaled',
  failed: (decision) => decision.failure != null,
};

function entry(decision) {
  const details = element('details', {},
    element('summary', {},
      element('time', { datetime: decision.time, title: decision.time }, clock(secondsOf(decision.time))),
      chip(decision),
      element('span', { class: 'change' }, replicaChange(decision)),
      element('span', { class: 'message' }, decision.message)));
  details.addEventListener('toggle', () => {
    if (details.open && details.children.length === 1) details.append(explanation(decision));
  });
  return element('li', { class: decision.failure ? 'failure' : '' }, details);
}

export class DecisionList {
  #decisions = [];
  #entries = new WeakMap(); // of each decision, so that what is open stays so
  #filter = filters.all;
  #shown = page;

  constructor() {
    choice(byId('filter'), (name) => {
      this.#filter = filters[name];
      this.#shown = page;
      this.#draw();
    });
    byId('more').addEventListener('click', () => {
      this.#shown += page;
      this.#draw();
    });
  }

  update(decisions) {
    if (this.#decisions === decisions) return;
    this.#decisions = decisions;
    this.#draw();
  }

  #draw() {
    const matching = this.#decisions.filter(this.#filter).reverse();
    setChildren(byId('decision-list'), matching.slice(0, this.#shown).map((decision) => this.#entry(decision)));
    show(byId('no-decisions'), matching.length === 0);
    show(byId('more'), matching.length > this.#shown);
  }

  #entry(decision) {
    if (!this.#entries.has(decision)) this.#entries.set(decision, entry(decision));
    return this.#entries.get(decision);
  }
}
