/** Load of hosts and VMs from other sources than their host drivers: Prometheus, also behind Aetos. */
package io.github.godwit.strategy.load;
