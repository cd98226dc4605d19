/** Profiles of running VMs: dirty curve, memory content, CPU use and heartbeats, measured from outside the guest. */
package io.github.godwit.host.profile;
