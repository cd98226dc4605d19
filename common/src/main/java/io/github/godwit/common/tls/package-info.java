/** Certificates and keys in PEM files, which are loaded again when they change. */
package io.github.godwit.common.tls;
