'use strict';

// What Godwit would have chosen for the migrations that it observed. Uses the functions of godwit.js.

const SAVED = [['TT', 's', 1e-3], ['DT', 'ms', 1], ['TD', 'MB', 1], ['PERF', '', 1]];
const REPORT_MILLIS = 60000;
let reported = null;

const share = value => (100 * value).toFixed(value < 0.0995 ? 1 : 0) + ' %';
const amount = value => Math.abs(value) < 9.995 ? value.toFixed(2) : Math.abs(value) < 99.95 ? value.toFixed(1) : value.toFixed(0);

function chosen(group) {
  const words = Object.entries(group.chosen).sort((one, other) => other[1] - one[1]).map(([technique, number]) => `${technique} ${number}`);
  if (group.left_to_nova) words.push(`left to Nova ${group.left_to_nova}`);
  return words.join(', ');
}

function accuracy(group, metric) {
  const found = group.accuracy[metric];
  return found ? `${share(found.gmre)}, ${share(found.within)}` : '';
}

function sure(saving, factor) {
  return saving.low === null ? 'too few migrations'
    : `${amount(saving.low * factor)} to ${amount(saving.high * factor)}, more than 0 by ${share(saving.probability)}`;
}

function savings(group, name) {
  const rows = SAVED.filter(([metric]) => group.saved[metric]).map(([metric, unit, factor]) => [`${metric} ${unit}`.trim(), factor, group.saved[metric]]);
  if (group.violations_avoided) rows.push(['SLO violations', 1, group.violations_avoided]);
  return rows.map(([what, factor, saving]) => [name, what, saving.migrations, amount(saving.sum * factor), amount(saving.mean * factor), sure(saving, factor)]);
}

// Newer figures come once a minute, when the service has collected them.
async function report() {
  const since = byId('report-since').value;
  if (reported && reported.since === since && Date.now() - reported.at < REPORT_MILLIS) return;
  const answer = await call('GET', '/godwit/v1/report?since=' + since);
  reported = {since, at: Date.now()};
  const techniques = answer.techniques.map(group => [group, group.technique]);
  const groups = techniques.length === 1 ? techniques : [[answer.all, 'all'], ...techniques];
  byId('report-summary').textContent = `${answer.observed} migrations observed, ${answer.all.migrations} of them compared.`;
  fill(byId('report-choices'), table(['Nova ran', 'Migrations', 'Godwit would have chosen', ...METRICS.map(([name]) => name)],
    answer.all.migrations === 0 ? [] : groups.map(([group, name]) => [name, group.migrations, chosen(group), ...METRICS.map(([metric]) => accuracy(group, metric))])));
  fill(byId('report-savings'), table(['Nova ran', 'Saved', 'Migrations', 'Sum', 'Mean', '90 % interval of the sum'],
    answer.all.migrations === 0 ? [] : groups.flatMap(([group, name]) => savings(group, name))));
  fill(byId('report-uncompared'), ...answer.uncompared.slice(0, 10).map(each => element('li', {},
    `${time(each.at)} ${each.vm}, ${each.source} → ${each.destination}: ${each.why}${each.reason ? ': ' + each.reason : ''}`)));
  byId('report-notes').textContent = answer.notes.join(' ');
}

byId('report-since').addEventListener('change', () => { refresh().then(refresh); });
refreshers.push(report);
