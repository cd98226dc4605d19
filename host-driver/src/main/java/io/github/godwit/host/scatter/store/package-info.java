/** Intermediaries: where they are, and what is stored on them. */
package io.github.godwit.host.scatter.store;
