package io.github.godwit.strategy.service;

import io.github.godwit.strategy.store.Database;
import java.util.UUID;

/**
 * An empty database, which several instances may open.
 *
 * @param url      JDBC URL
 * @param user     user, or null
 * @param password password, or null
 */
record TestDatabase(String url, String user, String password) {

    /** Returns an in-memory database of H2. */
    static TestDatabase memory() {
        return new TestDatabase("jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID()), null, null);
    }

    Database open() {
        return Database.open(url, user, password);
    }
}
