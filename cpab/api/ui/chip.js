// What a decision came to, in a word.

import { element } from './dom.js';
import { actionLabel } from './format.js';

export const chip = (decision) => element('span', { class: `chip ${decision.action}` }, actionLabel(decision));
