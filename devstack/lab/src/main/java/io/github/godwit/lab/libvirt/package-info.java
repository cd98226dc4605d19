/** libvirt on the lab's hosts: a daemon of its own for each, and the domains of its VMs. */
package io.github.godwit.lab.libvirt;
