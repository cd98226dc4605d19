package io.github.godwit.strategy.service;

import io.github.godwit.strategy.store.Database;
import java.util.UUID;

/** An empty database for one test. */
final class TestDatabase {

    private TestDatabase() {}

    /** In memory, shared by all who have the URL as long as one of them is connected. */
    static String memoryUrl() {
        return "jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID());
    }

    static Database memory() {
        return Database.open(memoryUrl(), null, null);
    }
}
