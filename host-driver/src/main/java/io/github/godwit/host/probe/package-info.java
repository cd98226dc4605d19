/** Which techniques this host's QEMU can run, as the user and with the privileges that it runs VMs with. */
package io.github.godwit.host.probe;
