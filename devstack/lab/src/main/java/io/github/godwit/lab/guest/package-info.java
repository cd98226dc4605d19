/** The lab's VMs: their workloads and the protocol of their guests. */
package io.github.godwit.lab.guest;
