'use strict';

// Who did what. Uses the functions of godwit.js. Users who may not see the trail do not see its section.

function trailRow(event) {
  const status = event.reason.reasonType === 'HTTP' ? ' ' + event.reason.reasonCode : '';
  return [time(event.eventTime), event.initiator.name, event.initiator.host ? event.initiator.host.address : '',
    event.action, event.target.typeURI.split('/').pop(), event.target.id, event.outcome + status];
}

async function trail() {
  let answer = null;
  try {
    answer = await call('GET', '/godwit/v1/trail?sort_dir=desc&limit=20');
  } catch (error) {
    if (error.status !== 403) throw error;
  }
  byId('trail-section').hidden = !answer;
  if (answer) fill(byId('trail'), table(['Time', 'User', 'From', 'Action', 'Type', 'Target', 'Outcome'], answer.events.map(trailRow)));
}

refreshers.push(trail);
