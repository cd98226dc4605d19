/** What the host driver counts for Prometheus. */
package io.github.godwit.host.metrics;
