/** The audit trail of a host driver. */
package io.github.godwit.hostapi.trail;
