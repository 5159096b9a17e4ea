// Keeps the page up to date with the daemon, while somebody looks.

import { Actions } from './actions.js';
import { Charts, readings } from './charts.js';
import { Daemon } from './daemon.js';
import { chip } from './chip.js';
import { DecisionList } from './decisions.js';
import { byId, choice, element, setAttribute, setContent, setText, setTitle, show } from './dom.js';
import { clock, length, number, overrideText, secondsOf, targetName } from './format.js';
import { ModeSwitch } from './mode.js';
import { updateStages } from './stages.js';

const pause = 2000; // milliseconds between two questions
const daemon = new Daemon();
const charts = new Charts();
const list = new DecisionList();
const actions = new Actions(daemon, () => refresh());
const modeSwitch = new ModeSwitch(daemon, () => refresh());

let rangeSeconds = 1800; // 0: all
let timer = null;
let asking = false;
let answeredAt = null; // in seconds
let trouble = null; // why there was no answer the last time
let drawn = null; // the decisions that the page shows

async function refresh() {
  if (asking) return;
  asking = true;
  clearTimeout(timer);
  try {
    await daemon.refresh();
    answeredAt = daemon.now();
    draw();
    showTrouble(null);
  } catch (error) {
    showTrouble(error);
  }
  asking = false;
  if (!document.hidden) timer = setTimeout(refresh, pause);
}

function showTrouble(error) {
  trouble = error;
  tick();
  const authentication = error?.status === 401;
  const help = authentication || Boolean(daemon.status?.may.moreWithToken);
  document.body.classList.toggle('stale', error != null && answeredAt != null);
  byId('connection').classList.toggle('lost', error != null);
  show(byId('trouble'), error != null && !authentication);
  if (error && !authentication) {
    const since = answeredAt ? ` What you see is of ${clock(answeredAt)} UTC.` : '';
    setText(byId('trouble'), error.status ? `cpab says: ${error.message}`
      : `cpab does not answer: ${error.message}.${since} Trying again…`);
  }
  show(byId('token-form'), help);
  if (help) setText(byId('token-reason'), authentication ? error.message : 'With a token you may do more here.');
}

function draw() {
  const { status, decisions } = daemon;
  show(byId('main'), true);
  setTitle(`${targetName(status.target)} · cpab`);
  setText(byId('target'), targetName(status.target));
  setAttribute(byId('target'), 'title', `${status.target.apiVersion} ${status.target.kind}`);
  setText(byId('version'), `cpab ${status.version}, up for ${length(daemon.now() - secondsOf(status.startedAt))}`);
  drawBadges(status);
  actions.update(status);
  modeSwitch.update(status, decisions.at(-1));
  if (drawn === decisions) return;
  drawn = decisions;
  list.update(decisions);
  updateStages(decisions, status.methods);
  if (decisions.length > 0) drawLast(decisions.at(-1), status);
  else setText(byId('sentence'), 'No decision has been made yet.');
  drawCharts();
}

function drawCharts() {
  const { decisions, status } = daemon;
  if (decisions.length === 0) return;
  const from = rangeSeconds ? secondsOf(decisions.at(-1).time) - rangeSeconds : 0;
  charts.draw(decisions.filter(({ time }) => secondsOf(time) >= from), status);
}

function drawBadges(status) {
  const badges = [[status.target.kind, '']];
  badges.push(status.mode === 'active' ? ['active', 'good'] : [`${status.mode} mode: nothing is written`, 'notable']);
  if (status.override) badges.push([overrideText(status.override), 'notable']);
  badges.push(status.healthy ? ['healthy', 'good'] : ['not healthy', 'bad']);
  if (!status.ready) badges.push(['not ready', 'bad']);
  const key = JSON.stringify(badges);
  const parent = byId('badges');
  if (parent.dataset.key === key) return;
  parent.dataset.key = key;
  setContent(parent, ...badges.map(([text, kind]) => element('li', { class: `chip ${kind}` }, text)));
}

function figure(label, value, note) {
  return element('div', {}, element('dt', {}, label), element('dd', {}, value, note ? element('small', {}, note) : null));
}

function drawLast(last, status) {
  setContent(byId('sentence'), chip(last), ' ', last.message);
  const wanted = last.evaluation?.hold ? 'hold' : last.evaluation?.targetReplicas ?? '–';
  const [name, value] = measured(last);
  setContent(byId('figures'),
    figure('Replicas', `${last.currentReplicas ?? '–'}`),
    figure('Desired', `${last.desiredReplicas ?? '–'}`, last.limitedBy ? `by ${last.limitedBy}` : null),
    figure('Wanted', `${wanted}`, 'by user logic'),
    figure('Limits', `${status.minReplicas}–${status.maxReplicas}`),
    figure('Metric', value, name));
}

/** Name and value of what was measured, if that can be said in a word; of several metrics the one that wins. */
function measured(decision) {
  const [reading] = Object.entries(readings(decision));
  if (reading) return [reading[0], number(reading[1])];
  const winner = decision.evaluation?.proposals?.find(({ wins }) => wins);
  return winner ? [winner.metric, winner.current ?? '–'] : [null, '–'];
}

function nextCycle(status) {
  if (!status) return 'connecting';
  const left = status.nextCycle ? secondsOf(status.nextCycle) - daemon.now() : 0;
  return left > 0 ? `next cycle in ${length(Math.ceil(left))}` : 'cycle under way';
}

/** What changes by itself, every second. */
function tick() {
  setText(byId('next'), trouble ? (trouble.status ? 'no access' : 'no answer') : nextCycle(daemon.status));
}

byId('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  daemon.useToken(byId('token').value.trim());
  byId('token').value = '';
  refresh();
});

choice(byId('range'), (seconds) => {
  rangeSeconds = Number(seconds);
  drawCharts();
});

document.addEventListener('visibilitychange', () => {
  clearTimeout(timer);
  if (!document.hidden) refresh();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawCharts);
setInterval(() => document.hidden || tick(), 1000);
refresh();
