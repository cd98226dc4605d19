/** What is measured of VMs, hosts and the link between two hosts before a migration. */
package io.github.godwit.model.profile;
