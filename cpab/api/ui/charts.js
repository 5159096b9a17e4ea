// Replicas, metrics and proposals over time, by uPlot.

/* global uPlot */
import { byId, element, setAttribute, setContent, setText, show, table } from './dom.js';
import { clock, number, replicas, secondsOf } from './format.js';
import { proposalText } from './explanation.js';
import { printable } from './printable.js';

const mostSeries = 6;
const wholeSeconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400];
const palette = ['--line-1', '--line-2', '--line-3', '--line-4', '--line-5', '--line-6'];
const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const together = uPlot.sync('time');
const step = uPlot.paths.stepped({ align: 1 });

function axes(whole) {
  const common = { stroke: color('--muted'), grid: { stroke: color('--grid'), width: 1 }, ticks: { show: false } };
  return [
    { ...common, grid: { show: false }, values: (plot, times) => labels(times), incrs: wholeSeconds, space: 60, size: 28 },
    { ...common, size: 52, values: (plot, values) => values.map((value) => (whole && value % 1 ? '' : number(value))) },
  ];
}

/** Times without seconds when all are full minutes. */
const labels = (times) => times.map((time) => (times.every((other) => other % 60 === 0) ? clock(time).slice(0, 5) : clock(time)));

/** Red marks at the bottom, where a decision failed. */
function markFailures(failed) {
  return (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.fillStyle = color('--bad');
    plot.data[0].forEach((time, i) => {
      if (!failed()[i]) return;
      ctx.fillRect(plot.valToPos(time, 'x', true) - devicePixelRatio, bbox.top + bbox.height - 8 * devicePixelRatio,
        2 * devicePixelRatio, 8 * devicePixelRatio);
    });
    ctx.restore();
  };
}

/** A chart that fills its container, and is made anew when its series or the colours change. */
class Chart {
  #container;
  #height;
  #plot = null;
  #key = '';
  #failed = [];

  constructor(id, height) {
    this.#container = byId(id);
    this.#height = height;
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(this.#container);
  }

  /** `columns`: the times, then the values of each of `series`. */
  draw(series, columns, { bands = [], whole = false, failed = [], label }) {
    this.#failed = failed;
    setAttribute(this.#container, 'aria-label', label);
    const key = JSON.stringify(series.map(({ label: name, stroke }) => [name, stroke]));
    if (key !== this.#key) {
      this.#plot?.destroy();
      this.#plot = new uPlot(this.#options(series, bands, whole), columns, this.#container);
      this.#key = key;
    } else {
      this.#plot.setData(columns);
    }
    this.#tellNewest(this.#plot);
  }

  /** In the legend, while nobody points at another moment. */
  #tellNewest(plot) {
    if (plot.cursor.idx == null) plot.setLegend({ idx: plot.data[0].length - 1 }, false);
  }

  #size() {
    return { width: Math.max(160, this.#container.clientWidth), height: this.#height };
  }

  #options(series, bands, whole) {
    return {
      ...this.#size(),
      tzDate: (time) => uPlot.tzDate(new Date(time * 1000), 'Etc/UTC'),
      cursor: { sync: { key: together.key }, points: { size: 6 }, drag: { x: false, y: false } },
      legend: { live: true },
      scales: { x: { time: true }, y: { range: (plot, low, high) => [Math.min(0, low ?? 0), Math.max(1, (high ?? 1) * 1.08)] } },
      axes: axes(whole),
      series: [{ label: 'Time', value: (plot, time) => (time == null ? '–' : clock(time)) },
        ...series.map((one) => ({ width: 2, points: { show: false }, value: (plot, value) => number(value), ...one }))],
      bands,
      hooks: { draw: [markFailures(() => this.#failed)], setLegend: [(plot) => this.#tellNewest(plot)] },
    };
  }
}

/** The numbers in a decision's metrics, by name: one number, the members of one object, or the spread of several. */
export function readings({ metrics }) {
  const [first, ...others] = metrics.values;
  if (!first) return {};
  if (others.length === 0) return readingsOf(first);
  const numbers = metrics.values.map(({ value }) => numberIn(value)).filter((value) => value != null);
  if (numbers.length === 0) return {};
  return {
    average: numbers.reduce((sum, value) => sum + value, 0) / numbers.length,
    lowest: Math.min(...numbers),
    highest: Math.max(...numbers),
  };
}

function readingsOf({ resource, value }) {
  const single = numberIn(value);
  if (single != null) return { [resource]: single };
  try {
    const object = JSON.parse(value);
    if (typeof object !== 'object' || object === null) return {};
    return Object.fromEntries(Object.entries(object).filter(([, member]) => typeof member === 'number'));
  } catch {
    return {};
  }
}

function numberIn(text) {
  const trimmed = text.trim();
  return trimmed !== '' && Number.isFinite(Number(trimmed)) ? Number(trimmed) : null;
}

const proposalsOf = (decision) => Object.fromEntries((decision.evaluation?.proposals ?? [])
  .map(({ type, metric, replicas: count }) => [`${type} ${metric}`, count ?? null]));

function proposed(proposal) {
  if (proposal.replicas == null) return element('span', { class: 'bad' }, proposalText(proposal.error));
  return element('span', {}, replicas(proposal.replicas), proposal.wins ? element('span', { class: 'chip good' }, 'wins') : null);
}

/** Lines for objects of numbers, in the order in which their names turned up. */
function lines(objects) {
  const names = [...new Set(objects.flatMap((object) => Object.keys(object)))].slice(-mostSeries);
  return {
    names,
    series: names.map((name, i) => ({ label: printable(name), stroke: color(palette[i]), spanGaps: true })),
    columns: names.map((name) => objects.map((object) => object[name] ?? null)),
  };
}

export class Charts {
  #replicas = new Chart('replicas-chart', 240);
  #metric = new Chart('metric-chart', 170);
  #proposals = new Chart('proposals-chart', 170);

  /** The decisions to show, not none of them, oldest first. */
  draw(decisions, status) {
    const times = decisions.map(({ time }) => secondsOf(time));
    const failed = decisions.map(({ failure }) => failure != null);
    this.#drawReplicas(times, decisions, status, failed);
    this.#drawMetric(times, decisions, failed);
    this.#drawProposals(times, decisions, failed);
  }

  #drawReplicas(times, decisions, status, failed) {
    const bound = { stroke: color('--band-edge'), width: 1, dash: [3, 4], paths: step };
    const series = [
      { ...bound, label: 'Maximum' }, { ...bound, label: 'Minimum' },
      { label: 'Wanted', stroke: color('--line-2'), width: 1.5, dash: [5, 4], paths: step },
      { label: 'Desired', stroke: color('--line-3'), paths: step },
      { label: 'Current', stroke: color('--line-1'), width: 2.5, fill: color('--fill-1'), paths: step },
    ];
    const last = decisions.at(-1);
    this.#replicas.draw(series, [
      times, times.map(() => status.maxReplicas), times.map(() => status.minReplicas),
      decisions.map(({ evaluation }) => evaluation?.targetReplicas ?? null),
      decisions.map(({ desiredReplicas }) => desiredReplicas),
      decisions.map(({ currentReplicas }) => currentReplicas),
    ], {
      bands: [{ series: [1, 2], fill: color('--band') }], whole: true, failed,
      label: `Replicas over time, now ${last.currentReplicas}, between ${status.minReplicas} and ${status.maxReplicas}`,
    });
  }

  #drawMetric(times, decisions, failed) {
    const { names, series, columns } = lines(decisions.map(readings));
    show(byId('metric-chart'), names.length > 0);
    const last = decisions.findLast(({ metrics, evaluation }) => evaluation && metrics.values.length > 0)
      ?? decisions.findLast(({ metrics }) => metrics.values.length > 0);
    show(byId('metric-text'), names.length === 0);
    show(byId('metric'), names.length > 0 || !last?.evaluation?.proposals); // those say it better than JSON
    if (names.length === 0) {
      setText(byId('metric-text'), last ? last.metrics.values.map(({ resource, value }) => `${resource}: ${value}`).join('\n')
        : 'Nothing has been measured yet.');
      return;
    }
    const latest = names.map((name, i) => `${name} ${number(columns[i].findLast((value) => value != null))}`);
    this.#metric.draw(series, [times, ...columns], { failed, label: `Metric over time, now ${latest.join(', ')}` });
  }

  #drawProposals(times, decisions, failed) {
    const last = decisions.findLast(({ evaluation }) => evaluation?.proposals?.length > 0);
    show(byId('proposals'), last != null);
    if (!last) return;
    const { series, columns } = lines(decisions.map(proposalsOf));
    for (const line of series) line.paths = step;
    this.#proposals.draw(series, [times, ...columns], { whole: true, failed, label: 'Proposals over time' });
    setContent(byId('proposals-table'), table('The newest proposals', ['Metric', 'Type', 'Is', 'Should be', 'Proposes'],
      last.evaluation.proposals.map((proposal) => [proposal.metric, proposal.type, proposalText(proposal.current),
        proposalText(proposal.target), proposed(proposal)])));
  }
}
