/** What is reserved for migrations through libvirt: bandwidth on both hosts, and a port of the destination. */
package io.github.godwit.host.nova.reserve;
