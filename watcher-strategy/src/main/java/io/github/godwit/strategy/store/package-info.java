/** The database, which is H2, MariaDB or PostgreSQL, and the tables of the stored objects. */
package io.github.godwit.strategy.store;
