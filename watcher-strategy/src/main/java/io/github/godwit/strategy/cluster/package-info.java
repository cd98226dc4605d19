/** The cluster as one immutable picture, and how it is read from the host drivers. */
package io.github.godwit.strategy.cluster;
