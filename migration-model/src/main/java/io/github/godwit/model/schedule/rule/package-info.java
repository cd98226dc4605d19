/** The rules of the papers for techniques, orders and estimates, as pure functions. */
package io.github.godwit.model.schedule.rule;
