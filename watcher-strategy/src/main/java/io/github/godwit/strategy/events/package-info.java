/** What happens in an instance, for those who watch. */
package io.github.godwit.strategy.events;
