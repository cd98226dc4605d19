/** Two strategies of OpenStack Watcher, written out as functions of a snapshot, to compare with. */
package io.github.godwit.strategy.replay.watcher;
