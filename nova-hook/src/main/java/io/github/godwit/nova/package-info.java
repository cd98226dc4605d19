/** Clients of Keystone, Nova, Placement and Prometheus. */
package io.github.godwit.nova;
