/** The cloud of host drivers with Nova and Placement: what they know, the rules that follow from it, and migrations through Nova. */
package io.github.godwit.strategy.nova;
