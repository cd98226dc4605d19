/** Actions that change servers of Nova by other means than live migration: they are stopped, started, or migrated cold. */
package io.github.godwit.strategy.server;
