/** Detects hot hosts and measures how loaded hosts and VMs are. */
package io.github.godwit.model.hotspot;
