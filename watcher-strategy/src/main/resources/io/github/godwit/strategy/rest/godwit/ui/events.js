'use strict';

// What happens meanwhile, as the service sends it. Uses the functions of godwit.js.

function showProgress(event) {
  const figures = event.data.status && event.data.status.progress;
  const text = figures
    ? `${event.data.phase}: ${(figures.elapsedMillis / 1000).toFixed(1)} s, ${Math.round(figures.transferredBytes / 1e6)} MB sent, ` +
      `${Math.round(figures.remainingBytes / 1e6)} MB left, ${figures.dirtyPagesPerSecond} pages/s dirtied, throttled by ${figures.throttlePercent} %`
    : event.data.phase;
  progress.set(event.uuid, text);
  const line = byId('progress-' + event.uuid);
  if (line) line.textContent = text;
}

// An EventSource cannot send a token. A message ends with an empty line; its lines that start with "data:" contain the JSON.
function message(text) {
  const lines = text.split('\n');
  const value = name => lines.filter(line => line.startsWith(name + ':')).map(line => line.slice(name.length + 1).trim()).join('\n');
  const type = value('event');
  if (type === 'migration') showProgress(JSON.parse(value('data')));
  else if (type === 'action' || type === 'action_plan') refresh();
}

const REFUSALS = {
  403: 'You may not follow events. Reload the page to see changes.',
  429: 'Too many pages follow events. Retrying.',
  503: 'Too many pages follow events. Retrying.',
};

async function stream() {
  const response = await fetch('/godwit/v1/events', {headers: headers('text/event-stream')});
  if (!response.ok) throw new Error(REFUSALS[response.status] || 'The service does not answer. Retrying.');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let pending = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const messages = (pending + part.value).split('\n\n');
    pending = messages.pop();
    messages.forEach(message);
  }
}

async function watch() {
  for (;;) {
    try {
      await stream();
    } catch (error) {
      const lost = error instanceof TypeError;
      if (!signInShown()) setStatus(lost ? 'The service does not answer. Retrying.' : error.message);
    }
    await new Promise(resolve => { setTimeout(resolve, 2000); });
  }
}

watch();
