'use strict';

// The migrations that have ended: predicted beside measured, as a table and over time. Uses the functions of godwit.js and schedule.js.

const HISTORY = {width: 860, height: 220, left: 46, bottom: 22, most: 50, factor: 4, millis: 30000};
let listed = null;

function wantedHistory() {
  const form = byId('history-filter');
  const query = new URLSearchParams({limit: 500});
  for (const name of ['since', 'vm', 'host', 'technique', 'state']) {
    const value = form.elements[name].value.trim();
    if (value) query.set(name, value);
  }
  return query.toString();
}

function both(migration, [name, , format]) {
  const predicted = migration.predicted[name];
  const cost = migration.measured[name];
  if (!predicted && cost === undefined) return '';
  return `${predicted ? format(predicted.value) : '–'} / ${cost === undefined ? '–' : format(cost)}`;
}

function historyRow(migration) {
  return [time(migration.at), migration.vm, `${migration.source} → ${migration.destination}`, migration.technique,
    state(migration.state), ...METRICS.slice(0, 4).map(metric => both(migration, metric))];
}

// A dot is a migration: how many times the predicted value it cost. The axis is logarithmic; what is further out is drawn at its edge.
function dots(migrations, metric) {
  const [name, unit, format] = METRICS.find(each => each[0] === metric);
  const shown = migrations.filter(each => each.predicted[name] && each.predicted[name].value > 0 && each.measured[name] > 0 && !each.incomparable);
  if (shown.length === 0) return element('p', {class: 'note'}, `No migration of this time has a predicted and a measured ${name}.`);
  const times = shown.map(each => Date.parse(each.at));
  const from = Math.min(...times);
  const span = Math.max(...times) - from || 1;
  const x = at => HISTORY.left + 10 + (at - from) / span * (HISTORY.width - HISTORY.left - 20);
  const middle = (HISTORY.height - HISTORY.bottom) / 2 + 6;
  const y = ratio => middle - Math.max(-1, Math.min(1, Math.log(ratio) / Math.log(HISTORY.factor))) * (middle - 12);
  const near = shown.filter(each => Math.abs(each.measured[name] / each.predicted[name].value - 1) <= 0.25).length;
  const drawn = svg('svg', {class: 'dots', viewBox: `0 0 ${HISTORY.width} ${HISTORY.height}`, role: 'img',
    'aria-label': `Measured ${name} as a multiple of the predicted, over time: ${near} of ${shown.length} within a quarter`});
  for (const ratio of [0.25, 0.5, 1, 2, 4]) {
    drawn.append(svg('line', {class: ratio === 1 ? 'exact' : 'grid', x1: HISTORY.left, x2: HISTORY.width, y1: y(ratio), y2: y(ratio)}),
      svg('text', {class: 'time', x: HISTORY.left / 2, y: y(ratio) + 4}, ratio + ' ×'));
  }
  drawn.append(svg('text', {class: 'from', x: HISTORY.left, y: HISTORY.height - 4}, time(shown[shown.length - 1].at)),
    svg('text', {class: 'until', x: HISTORY.width - 4, y: HISTORY.height - 4}, time(shown[0].at)));
  for (const each of shown) {
    drawn.append(svg('circle', {class: each.observed ? 'observed' : '', cx: x(Date.parse(each.at)).toFixed(1), cy: y(each.measured[name] / each.predicted[name].value).toFixed(1), r: 4},
      svg('title', {}, `${each.vm}, ${time(each.at)}, ${each.technique}: ${format(each.measured[name])} ${unit}, predicted ${format(each.predicted[name].value)} ${unit}`)));
  }
  return element('div', {}, element('p', {class: 'note'}, `Measured ${name} as a multiple of the predicted: ${near} of ${shown.length} within a quarter.`),
    element('div', {class: 'scroll'}, drawn), legend(['dot', 'by Godwit or with its advice'], ['dot observed', "by Nova's own flags, observed"]));
}

function showHistory() {
  const migrations = listed.migrations;
  byId('history-summary').textContent = `Migrations: ${migrations.length}${migrations.length === 500 ? ' or more' : ''}.`;
  fill(byId('history-chart'), dots(migrations, byId('history-filter').elements.metric.value));
  fill(byId('history'), table(['Time', 'VM', 'From → to', 'Technique', 'State', ...METRICS.slice(0, 4).map(([name, unit]) => `${name} ${unit} predicted / measured`)],
    migrations.slice(0, HISTORY.most).map(historyRow)));
}

// Newer migrations come once a minute, when the service has collected them.
async function ended() {
  const query = wantedHistory();
  if (listed && listed.query === query && Date.now() - listed.at < HISTORY.millis) return;
  let migrations = [];
  let fault = '';
  try {
    ({migrations} = await call('GET', '/godwit/v1/migrations?' + query));
  } catch (error) {
    if (error.status !== 400) throw error;
    fault = error.message;
  }
  listed = {query, at: Date.now(), migrations};
  showHistory();
  byId('history-fault').textContent = fault;
}

byId('history-filter').addEventListener('submit', event => event.preventDefault());
byId('history-filter').addEventListener('change', event => {
  if (event.target.name === 'metric') showHistory();
  else refresh().then(refresh);
});
refreshers.push(ended);
