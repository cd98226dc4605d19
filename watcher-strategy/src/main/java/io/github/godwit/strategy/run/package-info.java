/** One run of a strategy without the service, for the command {@code godwit-strategy run}. */
package io.github.godwit.strategy.run;
