// How long each stage takes, and how it failed last.

import { byId, element, setContent, table } from './dom.js';
import { clock, milliseconds, secondsOf } from './format.js';

const order = ['target', 'scale', 'kubernetesMetrics', 'preMetric', 'pods', 'metric', 'postMetric', 'preEvaluate',
  'evaluate', 'postEvaluate', 'decide', 'preScale', 'patch', 'postScale'];

const rank = (stage) => (order.includes(stage) ? order.indexOf(stage) : order.length);

/** By stage: the durations in milliseconds, and the newest decision that failed in it. */
function gather(decisions, methods) {
  const stages = new Map(methods.map(({ stage }) => [stage, { durations: [], failed: null }]));
  const of = (stage) => {
    if (!stages.has(stage)) stages.set(stage, { durations: [], failed: null });
    return stages.get(stage);
  };
  for (const decision of decisions) {
    for (const [stage, value] of Object.entries(decision.durations)) of(stage).durations.push(value);
    if (decision.failure) of(decision.failure.stage).failed = decision;
  }
  return [...stages].sort(([a], [b]) => rank(a) - rank(b));
}

function lastFailure(decision) {
  if (!decision) return '–';
  const { failure } = decision;
  return element('span', { class: 'bad', title: failure.message }, `${failure.reason} ${clock(secondsOf(decision.time))}`);
}

/** What does it, and how long that may take; what is part of cpab has no timeout. */
function kind(method) {
  if (!method) return 'Kubernetes';
  return method.timeout > 0 ? `${method.type}, up to ${milliseconds(method.timeout)}` : method.type;
}

const mean = (values) => (values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null);

export function updateStages(decisions, methods) {
  const byStage = new Map(methods.map((method) => [method.stage, method]));
  const rows = gather(decisions, methods).map(([stage, { durations, failed }]) => {
    const method = byStage.get(stage);
    return [
      element('span', {}, stage, element('small', {}, kind(method))),
      milliseconds(durations.at(-1)),
      milliseconds(mean(durations)),
      milliseconds(durations.length ? Math.max(...durations) : null),
      lastFailure(failed),
    ];
  });
  setContent(byId('stages'), table('How long each stage takes',
    ['Stage', 'Last', 'Mean', 'Worst', 'Failed'], rows));
}
