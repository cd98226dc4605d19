/** What is permitted for migrations from this host: nova.conf, the switch of the host, and what libvirt has refused. */
package io.github.godwit.host.nova.permit;
