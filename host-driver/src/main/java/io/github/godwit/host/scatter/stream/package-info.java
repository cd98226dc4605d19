/** QEMU's migration stream and return path, as far as a post-copy over one connection has them. */
package io.github.godwit.host.scatter.stream;
