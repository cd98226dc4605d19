/** When and how often a post-copy whose connection broke is to be recovered. Decisions only: nothing here does I/O. */
package io.github.godwit.host.migrate.recover;
