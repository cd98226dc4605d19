/** Immutable snapshots of the cluster, and the clouds that they are read from; the one without Nova. */
package io.github.godwit.strategy.cluster;
