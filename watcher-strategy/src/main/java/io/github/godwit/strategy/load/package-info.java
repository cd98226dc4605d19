/** Load of hosts and VMs from other sources than their host drivers: Prometheus. */
package io.github.godwit.strategy.load;
