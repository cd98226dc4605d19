/**
 * Scatter-gather: a post-copy whose pages leave the source as fast as it can send them, wait on intermediaries, and come to the destination
 * as fast as that can take them. Both QEMUs are unmodified: the host drivers stand between them and speak their stream.
 *
 * <p>Source: U. Deshpande, Y. You, D. Chan, N. Bila, K. Gopalan, "Fast server deprovisioning through scatter-gather live migration of
 * virtual machines", IEEE CLOUD 2014; QEMU's migration/savevm.c and migration/ram.c for the stream.
 */
package io.github.godwit.host.scatter;
