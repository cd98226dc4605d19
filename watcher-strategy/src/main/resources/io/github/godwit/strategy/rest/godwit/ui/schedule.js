'use strict';

// The schedule of the plan that is shown, as a Gantt chart: for each migration a predicted bar with the interval of its end, and below it
// the real one. Uses the functions of godwit.js.

const CHART = {label: 245, width: 860, row: 34, top: 22, bar: 10};

function svg(tag, attributes, ...children) {
  const created = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes || {})) created.setAttribute(name, value);
  created.append(...children);
  return created;
}

function megabits(migration) {
  return (migration.bandwidth || []).map(step => `${Math.round(step.bits_per_second / 1e6)} Mbit/s from ${step.from.toFixed(1)} s`).join(', ');
}

function described(migration) {
  const parts = [`${migration.source_node} → ${migration.destination_node} by ${migration.technique || 'policy'}`];
  if (migration.end) parts.push(`predicted ${migration.start.value.toFixed(1)} to ${migration.end.value.toFixed(1)} s ` +
    `(${migration.end.low.toFixed(1)} to ${migration.end.high.toFixed(1)} s)`, megabits(migration));
  if (migration.real) parts.push(`really ${migration.real.start.toFixed(1)} to ${migration.real.end === null ? '…' : migration.real.end.toFixed(1) + ' s'}`);
  if (migration.after && migration.after.length) parts.push(`after ${migration.after.join(', ')}`);
  return parts.filter(part => part).join('\n');
}

// The distance of the lines: 1, 2 or 5 times a power of ten, so that there are at most ten of them.
function tick(seconds) {
  const power = 10 ** Math.floor(Math.log10(Math.max(seconds, 1e-3) / 10));
  return [1, 2, 5, 10].map(factor => factor * power).find(step => seconds / step <= 10);
}

function chart(schedule) {
  const rows = schedule.migrations.filter(each => each.end || each.real);
  const ends = rows.flatMap(each => [each.end ? each.end.high : 0, each.real ? each.real.end ?? schedule.now : 0]);
  const seconds = Math.max(...ends, 1e-3);
  const x = at => CHART.label + at / seconds * (CHART.width - CHART.label - 10);
  const height = CHART.top + rows.length * CHART.row;
  const drawn = svg('svg', {class: 'gantt', viewBox: `0 0 ${CHART.width} ${height}`, role: 'img',
    'aria-label': 'Predicted and real times of the migrations'});
  for (let at = 0; at <= seconds; at += tick(seconds)) {
    drawn.append(svg('line', {class: 'grid', x1: x(at), x2: x(at), y1: CHART.top - 6, y2: height}),
      svg('text', {class: 'time', x: x(at), y: CHART.top - 9}, `${Number(at.toFixed(3))} s`));
  }
  rows.forEach((each, place) => {
    const y = CHART.top + place * CHART.row + 4;
    const row = svg('g', {class: 'migration'}, svg('title', {}, described(each)),
      svg('text', {class: 'vm', x: 0, y: y + 14}, each.resource_name || each.resource_id));
    if (each.end) {
      row.append(svg('rect', {class: 'predicted', x: x(each.start.value), y, width: Math.max(1, x(each.end.value) - x(each.start.value)), height: CHART.bar}),
        svg('line', {class: 'interval', x1: x(each.end.low), x2: x(each.end.high), y1: y + CHART.bar / 2, y2: y + CHART.bar / 2}));
    }
    if (each.real) {
      row.append(svg('rect', {class: 'real ' + each.state, x: x(each.real.start), y: y + CHART.bar + 3,
        width: Math.max(1, x(each.real.end ?? schedule.now) - x(each.real.start)), height: CHART.bar}));
    }
    drawn.append(row);
  });
  return drawn;
}

const MOMENT = seconds => seconds === null || seconds === undefined ? '…' : seconds.toFixed(1);

// The same as text, for whoever does not see the chart or has no mouse.
function scheduleTable(schedule) {
  const rows = schedule.migrations.map(each => [each.resource_name || each.resource_id, `${each.source_node} → ${each.destination_node}`,
    each.technique || '', each.end ? `${MOMENT(each.start.value)} to ${MOMENT(each.end.value)} (${MOMENT(each.end.low)} to ${MOMENT(each.end.high)})` : '',
    each.real ? `${MOMENT(each.real.start)} to ${MOMENT(each.real.end)}` : '', megabits(each), (each.after || []).join(', ')]);
  return table(['VM', 'From → to', 'Technique', 'Predicted s', 'Really s', 'Bandwidth', 'After'], rows);
}

let scheduleOpen = false;

function asTable(schedule) {
  const details = element('details', {}, element('summary', {'data-key': 'schedule-table'}, 'The same as a table'), scheduleTable(schedule));
  details.open = scheduleOpen;
  details.addEventListener('toggle', () => { scheduleOpen = details.open; });
  return details;
}

function judged(deadline) {
  if (deadline.unknown) return `it cannot be told whether it can be met, because there is no schedule for ${deadline.concerned.join(', ')}. ${deadline.unknown}`;
  return `${deadline.met ? 'can be met' : 'cannot be met'}, probability ${Math.round(100 * deadline.probability)} %` +
    (deadline.in_the_way ? `, ${deadline.in_the_way} is in the way.` : '.');
}

function promises(schedule) {
  const words = [];
  if (schedule.end) words.push(`Predicted end after ${schedule.end.value.toFixed(1)} s (${schedule.end.low.toFixed(1)} to ${schedule.end.high.toFixed(1)} s).`);
  if (schedule.deadline) {
    words.push(`Deadline ${time(schedule.deadline.at)}: ${judged(schedule.deadline)}`);
  }
  const revisions = schedule.revisions || [];
  if (revisions.length) words.push(`Rescheduled ${revisions.length} ${revisions.length === 1 ? 'time' : 'times'}: ${revisions[revisions.length - 1].reason}`);
  return words.join(' ');
}

async function shownSchedule() {
  if (!shownPlan) return;
  const schedule = await call('GET', `/godwit/v1/action_plans/${shownPlan}/schedule`);
  const drawable = schedule.migrations.some(each => each.end || each.real);
  const words = promises(schedule);
  fill(byId('schedule'), ...(words ? [element('p', {class: 'note'}, words)] : []),
    ...(drawable ? [element('div', {class: 'scroll'}, chart(schedule)), legend(['predicted', 'predicted'], ['interval', '90 % interval of the end'], ['real', 'real']), asTable(schedule)] : []));
}

refreshers.push(shownSchedule);
