// Which mode cpab is in, and the switch to the other one.

import { ask, byId, element, setContent, setText, show } from './dom.js';
import { targetName } from './format.js';

const modes = {
  active: { kind: 'good', means: 'What is decided is written.', other: 'shadow', offer: 'Switch to shadow mode', done: 'From now on nothing is written.' },
  shadow: { kind: 'notable', means: 'Everything runs, nothing is written.', other: 'active', offer: 'Go active…', done: 'From now on it scales.' },
};

function lasting({ survivesRestart, may }, daemon) {
  if (!may.runs) return `You may not switch it: ${daemon.whyNot('runs')}.`;
  return survivesRestart ? 'A switch survives a restart, unless the configuration says shadow.'
    : 'Without a stateFile, a restart of cpab goes back to the mode of its configuration.';
}

export class ModeSwitch {
  #daemon;
  #refresh;
  #mode = null;

  /** `refresh` is called when the mode has been switched. */
  constructor(daemon, refresh) {
    this.#daemon = daemon;
    this.#refresh = refresh;
    byId('switch-mode').addEventListener('click', () => this.#offer());
  }

  /** `last` is the newest decision, if there is any. */
  update(status, last) {
    this.#tell(status.mode);
    setText(byId('mode-hint'), lasting(status, this.#daemon));
    show(byId('switch-mode'), status.may.runs);
    byId('switch-mode').className = status.mode === 'shadow' ? 'danger' : 'quiet';
    setText(byId('activate-target'), targetName(status.target));
    show(byId('activate-last'), last != null);
    if (last) setText(byId('activate-last'), `The last decision: ${last.message}`);
  }

  #tell(mode) {
    if (this.#mode === mode) return;
    this.#mode = mode;
    const { kind, means, offer } = modes[mode];
    setContent(byId('mode-now'), element('span', { class: `chip ${kind}` }, mode), ` ${means}`);
    setText(byId('switch-mode'), offer);
  }

  /** Scaling begins only after a question; that it ends needs none. */
  #offer() {
    if (this.#mode === 'shadow') ask(byId('activate'), () => this.#switch());
    else this.#switch();
  }

  async #switch() {
    const { other, done } = modes[this.#mode];
    try {
      await this.#daemon.setMode(other);
      setText(byId('mode-result'), done);
    } catch (error) {
      setText(byId('mode-result'), error.message);
    }
    this.#refresh();
  }
}
