/** The VMs of this host: their QEMU processes, files, records and run states. */
package io.github.godwit.host.vm;
