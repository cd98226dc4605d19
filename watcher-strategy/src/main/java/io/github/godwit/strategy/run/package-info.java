/** One run of a strategy without the service, as the command {@code godwit-strategy run} does it. */
package io.github.godwit.strategy.run;
