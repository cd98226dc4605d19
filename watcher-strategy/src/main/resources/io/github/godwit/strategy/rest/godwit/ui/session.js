'use strict';

// Signing in and out, and the beginning. Uses the functions of godwit.js, and refreshes what all scripts before it show.

function signInShown() {
  return !byId('sign-in').hidden;
}

function showSignIn() {
  sessionStorage.removeItem(TOKEN);
  byId('sign-in').hidden = false;
  byId('main').hidden = true;
  byId('sign-out').hidden = true;
  setStatus('Not signed in');
}

async function signIn(event) {
  event.preventDefault();
  const form = event.target;
  try {
    const session = await call('POST', '/godwit/v1/session', Object.fromEntries(new FormData(form)));
    sessionStorage.setItem(TOKEN, session.token);
    form.elements.password.value = '';
    byId('sign-in-fault').textContent = '';
    showMain();
    await refresh();
  } catch (error) {
    byId('sign-in-fault').textContent = error.message;
  }
}

function showMain() {
  byId('sign-in').hidden = true;
  byId('main').hidden = false;
  byId('sign-out').hidden = !sessionStorage.getItem(TOKEN);
}

byId('sign-in').addEventListener('submit', signIn);
byId('sign-out').addEventListener('click', showSignIn);
showMain();
refresh();
setInterval(() => { if (!signInShown()) refresh(); }, 5000);
