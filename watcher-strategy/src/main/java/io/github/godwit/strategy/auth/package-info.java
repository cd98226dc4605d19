/** Who may do what: Keystone's tokens and the roles that Watcher's policies ask for. */
package io.github.godwit.strategy.auth;
