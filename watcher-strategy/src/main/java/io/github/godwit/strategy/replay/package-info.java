/** Replays days of recorded load on a simulated cluster: what audits would have moved, and how long hosts would have been hot. */
package io.github.godwit.strategy.replay;
