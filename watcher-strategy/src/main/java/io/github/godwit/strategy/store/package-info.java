/** The database: H2, MariaDB or PostgreSQL. */
package io.github.godwit.strategy.store;
