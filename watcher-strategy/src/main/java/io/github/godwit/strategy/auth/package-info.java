/** Authorization by Keystone tokens and the roles that Watcher's policies require. */
package io.github.godwit.strategy.auth;
