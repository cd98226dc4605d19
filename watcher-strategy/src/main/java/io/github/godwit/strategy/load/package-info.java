/** The load of hosts and VMs from elsewhere than their host drivers. */
package io.github.godwit.strategy.load;
