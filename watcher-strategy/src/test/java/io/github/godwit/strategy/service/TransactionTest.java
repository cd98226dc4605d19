package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.strategy.store.Database;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/** Guarantees of database transactions. */
class TransactionTest {

    private static final long PATIENCE_SECONDS = 30;

    /** Returns the database of the test; {@code DatabasesIT} runs the tests on other databases too. */
    TestDatabase database() {
        return TestDatabase.memory();
    }

    @Test
    void bothTransactionsOfADeadlockAreExecuted() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(2);
        try (Database database = database().open()) {
            database.jdbi()
                    .useTransaction(
                            handle -> handle.createUpdate("INSERT INTO services (name, host, created_at, last_seen_up)"
                                            + " VALUES ('a', 'h', 0, 0), ('b', 'h', 0, 0)")
                                    .execute());
            CyclicBarrier bothHoldOne = new CyclicBarrier(2);
            AtomicInteger runs = new AtomicInteger();
            Callable<Void> there = () -> raise(database, "a", "b", bothHoldOne, runs);
            Callable<Void> back = () -> raise(database, "b", "a", bothHoldOne, runs);

            for (Future<Void> caller : callers.invokeAll(List.of(there, back), PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                caller.get();
            }

            assertThat(runs).as("one of them was ended and run again").hasValueGreaterThan(2);
            List<Long> raised = database.jdbi()
                    .withHandle(handle -> handle.createQuery("SELECT last_seen_up FROM services")
                            .mapTo(Long.class)
                            .list());
            assertThat(raised).containsExactly(2L, 2L);
        } finally {
            callers.shutdownNow();
        }
    }

    /** Increments one row, waits until the other caller has incremented its first row, and increments the other row. */
    private static Void raise(
            Database database, String first, String second, CyclicBarrier bothHoldOne, AtomicInteger runs)
            throws Exception {
        database.jdbi().useTransaction(handle -> {
            raise(handle, first);
            if (runs.incrementAndGet() <= 2) {
                bothHoldOne.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            raise(handle, second);
        });
        return null;
    }

    private static void raise(Handle handle, String name) {
        handle.createUpdate("UPDATE services SET last_seen_up = last_seen_up + 1 WHERE name = :name AND host = 'h'")
                .bind("name", name)
                .execute();
    }
}
