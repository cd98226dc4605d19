/** What watching rules would have decided during migrations that were recorded. */
package io.github.godwit.training.replay;
