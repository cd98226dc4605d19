/** Audits and audit templates: Watcher's rules for them, schedules, scopes, and the execution of an audit. */
package io.github.godwit.strategy.audit;
