/** Who may call which route: callers, the rules of the policy file, and limits on attempts. */
package io.github.godwit.strategy.access;
