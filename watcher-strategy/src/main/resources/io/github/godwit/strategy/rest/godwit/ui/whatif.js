'use strict';

// What the hosts carry after the plan that is shown, and what another policy would choose for it. Uses the functions of godwit.js.

const OPEN_STATES = ['RECOMMENDED', 'PENDING', 'ONGOING'];
const WHAT_IF_MILLIS = 30000;
let asked = null;
let carriedAt = null;

// Only the names that the list lacks are added, so that a choice stays.
function otherPolicies(names) {
  const list = byId('other-policy');
  if (names.join('\n') === [...list.options].map(option => option.value).join('\n')) return;
  list.replaceChildren(...names.map(name => element('option', {value: name}, name)));
}

function carried(load) {
  const traffic = `${Math.round(load.in_bits_per_second / 1e6)} / ${Math.round(load.out_bits_per_second / 1e6)}`;
  return [percent(load.cpu_load), percent(load.memory_load), traffic, load.vms];
}

function change(now, after) {
  return now === after ? String(now) : `${now} → ${after}`;
}

function hostRow(entry) {
  const before = carried(entry.now);
  const after = carried(entry.after);
  const heat = heatClass(Math.max(entry.after.cpu_load, entry.after.memory_load));
  return [element('span', {class: 'state ' + heat}, entry.name), ...before.map((value, place) => change(value, after[place]))];
}

// The service asks all host drivers for it, so it is not asked at each refresh.
async function whatIf() {
  const open = planShown && OPEN_STATES.includes(planShown.state);
  byId('what-if').hidden = !open;
  if (!open || (carriedAt && carriedAt.plan === planShown.uuid && carriedAt.state === planShown.state && Date.now() - carriedAt.at < WHAT_IF_MILLIS)) return;
  const {uuid, state: wasState} = planShown;
  const answer = await call('GET', `/godwit/v1/action_plans/${uuid}/what_if`);
  carriedAt = {plan: uuid, state: wasState, at: Date.now()};
  fill(byId('what-if-hosts'), table(['Host', 'CPU', 'Memory', 'Mbit/s in / out', 'VMs'], answer.hosts.map(hostRow)));
  byId('what-if-notes').textContent = answer.notes.join(' ');
  if (asked && asked !== planShown.uuid) {
    asked = null;
    fill(byId('what-if-policy'));
  }
}

function valued(predicted) {
  return METRICS.slice(0, 4).filter(([name]) => predicted && predicted[name])
    .map(([name, unit, format]) => `${name} ${format(predicted[name].value)} ${unit}`.trim()).join(', ');
}

// Each VM is profiled, one after the other, which takes seconds.
async function predictByOtherPolicy() {
  const policy = byId('other-policy').value;
  const plan = planShown;
  const left = plan.outcomes.filter(outcome => outcome.state === 'PENDING' || outcome.state === 'ONGOING');
  const rows = [];
  asked = plan.uuid;
  for (const outcome of left) {
    setStatus(`Profiling VM ${rows.length + 1} of ${left.length} …`);
    const planned = outcome.planned;
    let other;
    try {
      other = await call('POST', '/godwit/v1/predictions', {vm: planned.resource_id, destination: planned.destination_node, policy});
    } catch (error) {
      other = {technique: error.message, predicted: null};
    }
    rows.push([planned.resource_name, `${planned.technique || 'policy ' + planned.policy}: ${valued(planned.predicted)}`, `${other.technique}: ${valued(other.predicted)}`]);
    if (asked === plan.uuid) fill(byId('what-if-policy'), table(['VM', `Planned by ${planned.policy}`, `By ${policy}`], rows));
  }
}

byId('ask-other-policy').addEventListener('click', async event => {
  event.target.disabled = true;
  try {
    await predictByOtherPolicy();
  } finally {
    event.target.disabled = false;
    refresh();
  }
});
refreshers.push(whatIf);
