/** Running action plans: the order of their actions, the handler of each type of action, and what clients may change. */
package io.github.godwit.strategy.actionplan;
