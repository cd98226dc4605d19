/** Strategies: which VMs are moved to which hosts, decided on snapshots of the cluster without I/O. */
package io.github.godwit.strategy.decide;
