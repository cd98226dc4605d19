/** Collects datasets of real migrations by a design of VMs, workloads, links and loads. */
package io.github.godwit.lab.collect;
