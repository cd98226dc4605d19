/** Immutable snapshots of the cluster, and the clouds that they are read from: host drivers, with or without Nova. */
package io.github.godwit.strategy.cluster;
