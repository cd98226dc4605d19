/** CPU time of vCPU threads, from {@code /proc}. */
package io.github.godwit.host.vcpu;
