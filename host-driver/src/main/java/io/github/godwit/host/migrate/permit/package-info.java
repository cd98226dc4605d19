/** What a migration may do: its techniques, and what may be changed about it while it runs. */
package io.github.godwit.host.migrate.permit;
