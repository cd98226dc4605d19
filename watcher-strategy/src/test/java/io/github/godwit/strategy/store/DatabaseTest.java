package io.github.godwit.strategy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
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
