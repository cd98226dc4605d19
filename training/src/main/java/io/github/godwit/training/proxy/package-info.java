/** How well proxies of PERF from outside of the guest agree with the guest's heartbeats. */
package io.github.godwit.training.proxy;
