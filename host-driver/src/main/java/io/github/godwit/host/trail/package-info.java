/** The audit trail of this host driver. */
package io.github.godwit.host.trail;
