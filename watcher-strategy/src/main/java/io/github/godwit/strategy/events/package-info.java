/** Events of one instance and their watchers. */
package io.github.godwit.strategy.events;
