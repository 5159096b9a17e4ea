// A decision record in plain language.

import { element } from './dom.js';
import { milliseconds, replicas } from './format.js';

function row(label, ...content) {
  return content.length === 0 ? [] : [element('dt', {}, label), ...content.map((part) => element('dd', {}, part))];
}

function asked(decision) {
  const { evaluation } = decision;
  if (!evaluation) return [];
  const what = evaluation.hold ? 'keeping what is there' : replicas(evaluation.targetReplicas);
  return row('Asked for', evaluation.reason ? `${what}: ${evaluation.reason}` : `${what}, without a reason`);
}

export const proposalText = (value) => (value == null ? '' : typeof value === 'object' ? JSON.stringify(value) : `${value}`);

function proposals(decision) {
  return row('Proposals', ...(decision.evaluation?.proposals ?? []).map((proposal) => {
    const result = proposal.replicas == null ? `failed: ${proposal.error}` : replicas(proposal.replicas);
    const measuredAt = proposal.measuredAt ? `, measured ${proposalText(proposal.measuredAt)}` : '';
    const note = proposal.note ? `, ${proposalText(proposal.note)}` : '';
    return `${proposal.type} ${proposal.metric}: ${result}${measuredAt}${note}${proposal.wins ? ', wins' : ''}`;
  }));
}

function steps(decision) {
  return row('Rules', ...decision.steps.map((step) => element('span', {},
    element('b', {}, step.rule), ` ${step.from} → ${step.to}: ${step.detail}${step.reason ? ` (${step.reason})` : ''}`)));
}

function held({ limitedBy, desiredReplicas }) {
  switch (limitedBy) {
    case 'conflict': return 'nothing: somebody else changed the count meanwhile, and theirs stands';
    case 'answer': return `what the API server made of it: ${replicas(desiredReplicas)}`;
    default: return 'nothing: the evaluation asked to keep what is there';
  }
}

function written(decision) {
  const change = `${replicas(decision.desiredReplicas)} instead of ${decision.currentReplicas}`;
  const dryRun = decision.trigger === 'api_dry_run';
  switch (decision.action) {
    case 'scaled': return dryRun ? `nothing: this is a dry run; otherwise ${change}` : change;
    case 'unchanged': return 'nothing: it is what it should be';
    case 'held': return held(decision);
    case 'shadow': return `nothing: cpab is in shadow mode; otherwise ${change}`;
    case 'disabled': return 'nothing: with 0 replicas the target is switched off; scale it up by hand to go on';
    case 'failed': return 'nothing: a failure never changes the count';
    default: return decision.action;
  }
}

function failure({ failure: failed }) {
  if (!failed) return [];
  return [
    ...row('Failed', element('span', {}, element('b', {}, failed.stage), ` (${failed.reason}): ${failed.message}`)),
    ...(failed.stderr ? row('stderr', element('pre', {}, failed.stderr)) : []),
    ...(failed.stdout ? row('stdout', element('pre', {}, failed.stdout)) : []),
  ];
}

function measured({ metrics }) {
  const more = metrics.count - metrics.values.length;
  return row('Measured', ...metrics.values.map(({ resource, value }) => `${resource}: ${value.trim()}`),
    ...(more > 0 ? [`and ${more} more`] : []));
}

function took({ durations }) {
  const stages = Object.entries(durations);
  const sum = stages.reduce((total, [, value]) => total + value, 0);
  return row('Took', `${milliseconds(sum)}: ${stages.map(([stage, value]) => `${stage} ${milliseconds(value)}`).join(', ')}`);
}

/** What `cpab explain` says, as a list. */
export function explanation(decision) {
  return element('dl', { class: 'explanation' },
    ...asked(decision), ...proposals(decision),
    ...(decision.currentReplicas == null ? [] : row('There were', replicas(decision.currentReplicas))),
    ...steps(decision), ...row('Written', written(decision)), ...failure(decision),
    ...measured(decision), ...took(decision));
}
