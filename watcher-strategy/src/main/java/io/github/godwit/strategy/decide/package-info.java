/** What to move and where to: pure decisions on a picture of the cluster, without I/O. */
package io.github.godwit.strategy.decide;
