// What a person can have done: a dry run, a cycle, an override.

import { ask, byId, element, setAttribute, setContent, setText, show } from './dom.js';
import { chip } from './chip.js';
import { explanation } from './explanation.js';
import { dateAndTime, overrideText, targetName } from './format.js';

const input = (id) => byId(id).querySelector('input');

/** Which fields each kind of override has, and what it sends. */
const kinds = {
  pause: { fields: [], body: () => ({ direction: 'none' }) },
  fix: { fields: ['replicas'], body: () => counts('replicas') },
  limit: { fields: ['min', 'max'], body: () => counts('min', 'max') },
  up: { fields: [], body: () => ({ direction: 'up' }) },
  down: { fields: [], body: () => ({ direction: 'down' }) },
};

function counts(...names) {
  return Object.fromEntries(names.map((name) => [name, input(`override-${name}`).value])
    .filter(([, text]) => text !== '').map(([name, text]) => [name, Number(text)]));
}

function until(now) {
  const length = byId('override-length').value;
  const end = length === 'other' ? new Date(input('override-until').value) : new Date((now + length * 60) * 1000);
  if (Number.isNaN(end.getTime())) throw new Error('Say until when: every override ends by itself.');
  return end.toISOString();
}

export class Actions {
  #daemon;
  #refresh;
  #running = false;

  /** `refresh` is called when something has been done. */
  constructor(daemon, refresh) {
    this.#daemon = daemon;
    this.#refresh = refresh;
    byId('dry-run').addEventListener('click', () => this.#evaluate(true));
    byId('run').addEventListener('click', () => ask(byId('confirm'), () => this.#evaluate(false)));
    byId('override-kind').addEventListener('change', () => this.#showFields());
    byId('override-length').addEventListener('change', () => this.#showFields());
    byId('override-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#change(() => this.#daemon.setOverride(this.#override()), 'Set.');
    });
  }

  update(status) {
    byId('dry-run').disabled = this.#running || !status.may.dryRuns;
    byId('run').disabled = this.#running;
    setAttribute(byId('dry-run'), 'title', status.may.dryRuns ? '' : `You may not: ${this.#daemon.whyNot('dryRuns')}`);
    show(byId('run'), status.may.runs);
    show(byId('override-form'), status.may.runs);
    setText(byId('confirm-effect'), status.mode === 'shadow' ? 'writes nothing, for cpab is in shadow mode' : `may scale ${targetName(status.target)}`);
    this.#showOverride(status);
  }

  async #evaluate(dryRun) {
    const result = byId('action-result');
    this.#setRunning(true);
    setContent(result, element('p', { class: 'hint' }, 'Running your programs…'));
    try {
      const decision = await this.#daemon.evaluate(dryRun);
      setContent(result, element('p', { class: 'answer' }, chip(decision), ' ', decision.message), explanation(decision));
    } catch (error) {
      setContent(result, element('p', { class: 'bad' }, error.message));
    }
    this.#setRunning(false);
    if (!dryRun) this.#refresh();
  }

  /** One at a time. */
  #setRunning(running) {
    this.#running = running;
    for (const id of ['dry-run', 'run']) byId(id).disabled = running;
  }

  #showFields() {
    const { fields } = kinds[byId('override-kind').value];
    for (const name of ['replicas', 'min', 'max']) show(byId(`override-${name}`), fields.includes(name));
    show(byId('override-until'), byId('override-length').value === 'other');
  }

  #override() {
    const override = { ...kinds[byId('override-kind').value].body(), until: until(this.#daemon.now()) };
    for (const name of ['by', 'reason']) {
      const text = byId(`override-${name}`).value.trim();
      if (text) override[name] = text;
    }
    return override;
  }

  async #change(work, done) {
    try {
      await work();
      setText(byId('override-result'), done);
    } catch (error) {
      setText(byId('override-result'), error.message);
    }
    this.#refresh();
  }

  #showOverride({ override, survivesRestart, may }) {
    const now = byId('override-now');
    const key = JSON.stringify([override, survivesRestart, may.runs]);
    if (now.dataset.key === key) return;
    now.dataset.key = key;
    if (!override) {
      setContent(now, element('p', { class: 'hint' }, may.runs ? 'Nothing is overridden. An override always ends by itself.'
        : `Nothing is overridden, and you may not: ${this.#daemon.whyNot('runs')}.`));
      return;
    }
    const end = element('button', { type: 'button', class: 'quiet' }, 'End it now');
    end.addEventListener('click', () => this.#change(() => this.#daemon.endOverride(), 'Ended.'));
    setContent(now,
      element('p', { class: 'answer' }, element('strong', {}, overrideText(override)), ` until ${dateAndTime(override.until)}`,
        override.by ? ` by ${override.by}` : '', override.reason ? `: ${override.reason}` : ''),
      element('p', { class: 'hint' }, survivesRestart ? 'It survives a restart.' : 'Without a stateFile, a restart of cpab ends it.'),
      element('p', { class: 'buttons' }, may.runs ? end : null));
  }
}
