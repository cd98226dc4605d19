/** The load of this host and of its VMs, as the REST API reports it. */
package io.github.godwit.host.load;
