// The charts: load and replicas of each replay. All show the same stretch of time and the same moment.

/* global uPlot */
import { element, setAttribute } from './dom.js';
import { number } from './format.js';
import { end, faults, lastAt, load, needed, replays, scenario, times } from './data.js';
import { dayAndClock, day, clockOf } from './moments.js';

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const line = (name) => () => color(name);
const step = uPlot.paths.stepped({ align: 1 });
const [second, minute, hour, wholeDay] = [1, 60, 3600, 86400];
const steps = [second, 5, 15, 30, ...[1, 2, 5, 10, 15, 30].map((n) => n * minute), ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14].map((n) => n * wholeDay)];
const paperWidth = 640; // pixels, of A4 with its margins and a bit of air
const closest = 20 * scenario.sampleInterval; // the shortest stretch that can be shown
const highest = (lists) => Math.max(1, ...lists.map((values) => values.reduce((most, value) => Math.max(most, value), 0)));
const most = {
  load: 1.06 * highest([load, ...replays.map(({ capacity }) => capacity)]),
  replicas: 1.06 * highest([needed, ...replays.flatMap(({ wanted, pods }) => [wanted, pods])]),
};

const supply = { stroke: line('--line-1'), fill: line('--fill-1'), width: 1.75, paths: step };

const kinds = {
  load: {
    title: 'Load and capacity of the ready replicas, a second',
    height: 240, most: most.load,
    series: [{ ...supply, label: 'Capacity' }, { label: 'Load', stroke: line('--line-2'), width: 1.25 }],
    columns: (replay) => [times, replay.capacity, load],
  },
  replicas: {
    title: 'Replicas',
    height: 200, most: most.replicas,
    series: [{ label: 'Pods', stroke: line('--band-edge'), width: 1, paths: step }, { ...supply, label: 'Ready' },
      { label: 'Wanted', stroke: line('--line-3'), width: 1.5, paths: step },
      { label: 'Needed', stroke: line('--line-2'), width: 1, paths: step }],
    columns: (replay) => [times, replay.pods, replay.ready, replay.wanted, needed],
  },
};

/** Midnight is told by its day. */
const tickLabels = (plot, ticks) => ticks.map((time) => (time % wholeDay === 0 && end - scenario.begin > wholeDay ? day(time) : clockOf(time)));

function axes() {
  const common = { stroke: line('--muted'), grid: { stroke: line('--grid'), width: 1 }, ticks: { show: false } };
  return [
    { ...common, grid: { show: false }, values: tickLabels, incrs: steps, space: 56, size: 28 },
    { ...common, size: 48, values: (plot, values) => values.map(number), incrs: [0.1, 0.2, 0.5, ...[1, 2, 5, 10, 20, 50].flatMap((n) => [n, n * 100, n * 1e4, n * 1e6])].sort((a, b) => a - b) },
  ];
}

/** Fills the plot's height between two times, however close they are. */
function band(plot, { from, to }, top, height, leastWidth) {
  const left = plot.valToPos(from, 'x', true);
  plot.ctx.fillRect(left, top, Math.max(leastWidth * devicePixelRatio, plot.valToPos(to, 'x', true) - left), height);
}

/** What was wrong when, behind the lines: faults of the scenario, and where the service level was not kept. */
function markTrouble(replay) {
  return (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.fillStyle = color('--fault-band');
    for (const fault of faults) band(plot, fault, bbox.top, bbox.height, 2);
    ctx.fillStyle = color('--bad-band');
    for (const violation of replay.violations) band(plot, violation, bbox.top, bbox.height, 1.5);
    ctx.fillStyle = color('--bad');
    for (const violation of replay.violations) band(plot, violation, bbox.top, 4 * devicePixelRatio, 1.5);
    ctx.restore();
  };
}

/** Red at the bottom, where decisions failed. */
function markFailures(replay) {
  const failed = replay.decisions.filter(({ action }) => action === 'failed').map(({ time, until }) => ({ from: time, to: until }));
  return (plot) => {
    const { ctx, bbox } = plot;
    const height = 5 * devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.fillStyle = color('--bad');
    for (const stretch of failed) band(plot, stretch, bbox.top + bbox.height - height, height, 2);
    ctx.restore();
  };
}

/** The cursor stays when the mouse leaves, for what it points at is still to be read; a selection ends. */
const staying = (plot, target, leave) => (event) => {
  if (plot.select.width > 0) leave(event);
};

class Chart {
  #container;
  #plot;
  #kind;
  element;

  constructor(charts, kind, replay) {
    this.#kind = kind;
    this.element = element('div', {}, element('h3', {}, kind.title), (this.#container = element('div', { class: 'chart', role: 'slider', tabindex: 0, 'aria-label': `${kind.title}: ${replay.name}, over time`,
      'aria-valuemin': 0, 'aria-valuemax': times.length - 1, 'aria-valuenow': 0, 'aria-valuetext': 'no moment chosen' })));
    this.#plot = new uPlot(this.#options(charts, replay), kind.columns(replay), this.#container);
    new ResizeObserver(() => this.fit()).observe(this.#container);
    this.#container.addEventListener('keydown', (event) => charts.key(event, replay));
    this.#plot.over.addEventListener('pointermove', (event) => this.#touch(event, charts));
  }

  fit(width = this.#container.clientWidth) {
    if (width > 0) this.#plot.setSize({ width, height: this.#kind.height });
  }

  show(from, to) {
    this.#plot.setScale('x', { min: from, max: to });
  }

  /** The cursor at a sample, without telling anybody; it is there already in the plot `source`. */
  point(index, text, source) {
    if (this.#plot !== source) this.#plot.setCursor({ left: this.#plot.valToPos(times[index], 'x'), top: 0 }, false, false);
    this.#plot.setLegend({ idx: index }, false);
    setAttribute(this.#container, 'aria-valuenow', index);
    setAttribute(this.#container, 'aria-valuetext', text);
  }

  redraw() {
    this.#plot.redraw();
  }

  /** A finger moves the cursor; up and down it scrolls the page. */
  #touch(event, charts) {
    if (event.pointerType === 'mouse') return;
    charts.point(this.#plot.posToIdx(event.clientX - this.#plot.over.getBoundingClientRect().left));
  }

  #options(charts, replay) {
    const { series, most: top, height } = this.#kind;
    return {
      width: 600, height,
      tzDate: (time) => uPlot.tzDate(new Date(time * 1000), 'Etc/UTC'),
      cursor: { y: false, points: { size: 6 }, drag: { x: true, y: false, setScale: false }, bind: { mouseleave: staying } },
      scales: { x: { time: true, min: scenario.begin, max: end }, y: { range: [0, top] } },
      axes: axes(),
      series: [{ label: 'Time', value: (plot, time) => (time == null ? '–' : dayAndClock(time)) },
        ...series.map((one) => ({ points: { show: false }, value: (plot, value) => number(value), ...one }))],
      hooks: {
        drawClear: [markTrouble(replay)],
        draw: this.#kind === kinds.replicas ? [markFailures(replay)] : [],
        setCursor: [(plot) => plot.cursor.idx != null && charts.point(plot.cursor.idx, plot)],
        setSelect: [(plot) => charts.select(plot)],
      },
    };
  }
}

export class Charts {
  #charts = [];
  #from = scenario.begin;
  #to = end;
  #index = null;
  #pointed;
  #shown;

  /** `pointed` is told which sample is pointed at, and returns it in words; `shown` which stretch of time is to be seen. */
  constructor(pointed, shown) {
    this.#pointed = pointed;
    this.#shown = shown;
    const redraw = () => this.#charts.forEach((chart) => chart.redraw());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
    addEventListener('beforeprint', () => this.#prepareToPrint(true));
    addEventListener('afterprint', () => this.#prepareToPrint(false));
  }

  /** The element of a new chart: `load` or `replicas`. */
  add(kind, replay) {
    this.#charts.push(new Chart(this, kinds[kind], replay));
    return this.#charts.at(-1).element;
  }

  /** At a sample; by the cursor of the plot `source`, if any. */
  point(index, source) {
    if (index === this.#index || times[index] == null) return;
    this.#index = index;
    const text = this.#pointed(index);
    for (const chart of this.#charts) chart.point(index, text, source);
  }

  pointAt(time) {
    if (time < this.#from || time > this.#to) this.show(time - (this.#to - this.#from) / 2, time + (this.#to - this.#from) / 2);
    this.point(Math.max(0, lastAt(times, time, (sample) => sample)));
  }

  /** A stretch of time, kept within the scenario. */
  show(from, to) {
    const length = Math.min(end - scenario.begin, Math.max(closest, to - from));
    this.#from = Math.min(Math.max(scenario.begin, (from + to - length) / 2), end - length);
    this.#to = this.#from + length;
    for (const chart of this.#charts) chart.show(this.#from, this.#to);
    this.#shown(this.#from, this.#to);
  }

  /** What has been dragged over in `plot`. */
  select(plot) {
    const { left, width } = plot.select;
    if (width < 5) return;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.show(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
  }

  /** `earlier`, `later`, `closer`, `wider` or `all`. */
  move(how) {
    const length = this.#to - this.#from;
    const middle = this.#index != null && how === 'closer' ? times[this.#index] : (this.#from + this.#to) / 2;
    switch (how) {
      case 'earlier': return this.show(this.#from - length / 2, this.#to - length / 2);
      case 'later': return this.show(this.#from + length / 2, this.#to + length / 2);
      case 'closer': return this.show(middle - length / 4, middle + length / 4);
      case 'wider': return this.show(middle - length, middle + length);
      default: return this.show(scenario.begin, end);
    }
  }

  key(event, replay) {
    const actions = {
      ArrowLeft: () => this.#go(-1), ArrowRight: () => this.#go(1),
      PageUp: () => this.#toDecision(replay, -1), PageDown: () => this.#toDecision(replay, 1),
      Home: () => this.pointAt(this.#from), End: () => this.pointAt(this.#to),
      '+': () => this.move('closer'), '-': () => this.move('wider'), 0: () => this.move('all'),
    };
    if (!actions[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    actions[event.key]();
  }

  #go(samples) {
    const next = (this.#index ?? lastAt(times, this.#from, (time) => time)) + samples;
    if (times[next] != null) this.pointAt(times[next]);
  }

  /** The one before or after, that changed something or failed. */
  #toDecision(replay, direction) {
    const now = this.#index == null ? this.#from - 1 : times[this.#index];
    const notable = replay.decisions.filter(({ action }) => action !== 'unchanged');
    const next = direction > 0 ? notable.find(({ time }) => time >= now + scenario.sampleInterval)
      : notable.findLast(({ time }) => time < now);
    if (next) this.pointAt(next.time);
  }

  /** On paper: in light colours, as wide as a page is. */
  #prepareToPrint(printing) {
    document.documentElement.classList.toggle('printing', printing);
    for (const chart of this.#charts) {
      chart.fit(printing ? paperWidth : undefined);
      chart.redraw();
    }
  }
}
