/** A whole run of a strategy: read the cluster, decide, plan, carry out, report. */
package io.github.godwit.strategy;
