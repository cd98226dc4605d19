/** Migrations away from this host: their phases, their decision, their progress and what they cost. */
package io.github.godwit.host.migrate;
