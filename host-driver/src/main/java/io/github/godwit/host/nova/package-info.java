/** Advises nova-compute on this host how to migrate, and follows the migrations that Nova has libvirt run. */
package io.github.godwit.host.nova;
