'use strict';

// Who did what. Uses the functions of godwit.js. Users who may not see the trail do not see its section.

function trailRow(event) {
  const status = event.reason.reasonType === 'HTTP' ? ' ' + event.reason.reasonCode : '';
  return [time(event.eventTime), event.initiator.name, event.initiator.host ? event.initiator.host.address : '',
    event.action, event.target.typeURI.split('/').pop(), event.target.id, event.outcome + status];
}

const TRAIL = {lines: 20, before: []};

function wantedTrail() {
  const query = new URLSearchParams({sort_dir: 'desc', limit: TRAIL.lines});
  for (const [name, value] of new FormData(byId('trail-filter'))) if (value.trim()) query.set(name, value.trim());
  if (TRAIL.before.length) query.set('marker', TRAIL.before[TRAIL.before.length - 1]);
  return query;
}

async function trail() {
  let answer = null;
  try {
    answer = await call('GET', '/godwit/v1/trail?' + wantedTrail());
  } catch (error) {
    if (error.status !== 403) throw error;
  }
  byId('trail-section').hidden = !answer;
  if (!answer) return;
  fill(byId('trail'), table(['Time', 'User', 'From', 'Action', 'Type', 'Target', 'Outcome'], answer.events.map(trailRow)));
  byId('trail-newer').disabled = TRAIL.before.length === 0;
  byId('trail-older').disabled = answer.events.length < TRAIL.lines;
  TRAIL.last = answer.events.length ? answer.events[answer.events.length - 1].id : null;
}

byId('trail-filter').addEventListener('submit', event => event.preventDefault());
byId('trail-filter').addEventListener('change', () => {
  TRAIL.before = [];
  trail();
});
byId('trail-older').addEventListener('click', () => {
  if (TRAIL.last) TRAIL.before.push(TRAIL.last);
  trail();
});
byId('trail-newer').addEventListener('click', () => {
  TRAIL.before.pop();
  trail();
});
refreshers.push(trail);
