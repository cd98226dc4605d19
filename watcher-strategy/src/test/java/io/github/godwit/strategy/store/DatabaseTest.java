package io.github.godwit.strategy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.junit.jupiter.api.Test;

class DatabaseTest {

    @Test
    void connectingAndEveryAnswerOfAServerHaveATimeoutInTheUnitOfTheDriver() {
        assertThat(Database.timeouts("jdbc:mariadb://db/godwit"))
                .isEqualTo(Map.of("connectTimeout", "10000", "socketTimeout", "60000"));
        assertThat(Database.timeouts("jdbc:postgresql://db/godwit?ssl=true"))
                .isEqualTo(Map.of("connectTimeout", "10", "loginTimeout", "10", "socketTimeout", "60"));
        assertThat(Database.timeouts("jdbc:h2:mem:x")).isEmpty();
    }

    @Test
    void theUrlOverridesThem() {
        assertThat(Database.timeouts("jdbc:mariadb://db/godwit?user=x&socketTimeout=5000"))
                .isEqualTo(Map.of("connectTimeout", "10000"));
    }

    @Test
    void everyStatementHasATimeout() {
        try (Database database = Database.inMemory()) {
            assertThat(database.jdbi().getConfig(SqlStatements.class).getQueryTimeout())
                    .isEqualTo(30);
        }
    }

    @Test
    void aLockIsWaitedForAsLongAsAStatementMayTake() {
        try (Database database = Database.inMemory()) {
            long millis = database.jdbi()
                    .withHandle(handle -> handle.createQuery("SELECT LOCK_TIMEOUT()")
                            .mapTo(Long.class)
                            .one());
            assertThat(millis).isEqualTo(30_000);
        }
    }

    /** The other transaction of the deadlock needs time to take the lock, at least 10 + 20 + 40 + 80 ms in four pauses. */
    @Test
    void aTransactionIsRunAgainAfterLongerAndLongerPauses() throws Exception {
        try (Database database = Database.inMemory()) {
            AtomicInteger runs = new AtomicInteger();
            long begin = System.nanoTime();
            database.jdbi().useTransaction(handle -> {
                if (runs.incrementAndGet() <= 4) {
                    throw new SQLException("Deadlock detected", "40001");
                }
            });
            assertThat(runs).hasValue(5);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
        }
    }

    @Test
    void aStatementThatIsLateIsEnded() {
        try (Database database = Database.inMemory()) {
            assertThatThrownBy(() -> database.jdbi()
                            .useHandle(handle -> handle.createQuery(
                                            "SELECT SUM(a.X * b.X) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b")
                                    .setQueryTimeout(1)
                                    .mapTo(Long.class)
                                    .one()))
                    .hasMessageContaining("timed out");
        }
    }
}
